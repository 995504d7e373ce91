using System.Collections.Concurrent;
using Kith.Domain;
using Kith.Engine.Guilds;

namespace Kith.Storage.Sql.Guilds;

/// <summary>A row of the table members.</summary>
sealed class MemberRow
{
    public const string Columns = "guild_id, user_id, nick, avatar, roles, joined_at, communication_disabled_until, mute, deaf, flags, temporary";

    public GuildId GuildId { get; set; }
    public UserId UserId { get; set; }
    public string? Nick { get; set; }
    public string? NickKey { get; set; }
    public string? Avatar { get; set; }
    public string Roles { get; set; } = "";
    public DateTimeOffset JoinedAt { get; set; }
    public DateTimeOffset? CommunicationDisabledUntil { get; set; }
    public bool Mute { get; set; }
    public bool Deaf { get; set; }
    public int Flags { get; set; }
    public bool Temporary { get; set; }

    public static string? KeyOf(string? nick) => nick?.ToLowerInvariant();

    public static MemberRow From(MemberRecord m) => new()
    {
        GuildId = m.GuildId, UserId = m.UserId, Nick = m.Nick, NickKey = KeyOf(m.Nick), Avatar = m.Avatar, Roles = RoleSets.Text(m.Roles), JoinedAt = m.JoinedAt,
        CommunicationDisabledUntil = m.CommunicationDisabledUntil, Mute = m.Mute, Deaf = m.Deaf, Flags = m.Flags, Temporary = m.Temporary,
    };

    public MemberRecord ToRecord() => new()
    {
        GuildId = GuildId, UserId = UserId, Nick = Nick, Avatar = Avatar, Roles = RoleSets.Of(Roles), JoinedAt = JoinedAt,
        CommunicationDisabledUntil = CommunicationDisabledUntil, Mute = Mute, Deaf = Deaf, Flags = Flags, Temporary = Temporary,
    };
}

/// <summary>Lists of roles as comma separated text. Members with equal roles share one array: a guild has few different sets, however many members.</summary>
static class RoleSets
{
    /// <summary>About 20 MB at most; then it starts anew, which costs sharing only.</summary>
    const int Capacity = 100_000;

    static readonly ConcurrentDictionary<string, RoleId[]> Shared = new(StringComparer.Ordinal);

    public static string Text(IReadOnlyList<RoleId> roles) => roles.Count == 0 ? "" : SqlTypes.Join(roles.Distinct().OrderBy(r => r.Value));

    public static RoleId[] Of(string text)
    {
        if (text.Length == 0) return [];
        if (Shared.TryGetValue(text, out var roles)) return roles;
        if (Shared.Count >= Capacity) Shared.Clear();
        return Shared.GetOrAdd(text, SqlTypes.Split<RoleId>);
    }
}
