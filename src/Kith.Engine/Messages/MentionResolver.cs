using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Protocol;

namespace Kith.Engine.Messages;

/// <summary>Decides whom a text really mentions: its markup, what the sender allowed, and what the sender may.</summary>
public sealed class MentionResolver(IMemberStore members, GuildDirectory guilds)
{
    /// <summary>More names in one message are written but mention nobody: the write per direct mention stays bounded.</summary>
    const int MaxUsers = 100;

    /// <param name="repliedTo">The author of the message replied to, if any.</param>
    public async ValueTask<MentionSet> ResolveAsync(ChannelAccess access, string content, AllowedMentions? allowed, UserId? repliedTo, CancellationToken ct)
    {
        var parsed = MentionParser.Parse(content);
        var users = parsed.Users.Where(id => Allows(allowed, "users", allowed?.Users, id)).ToList();
        if (repliedTo is { } replied && !users.Contains(replied) && (allowed?.RepliedUser ?? allowed is null)) users.Add(replied);
        var mayAll = access.Has(Permissions.MentionEveryone);
        var everyone = (parsed.Everyone || parsed.Here) && mayAll && access.Guild is not null && (allowed?.Parse?.Contains("everyone") ?? true);
        var roles = parsed.Roles.Where(id => Allows(allowed, "roles", allowed?.Roles, id) && MayMention(access, id, mayAll)).ToArray();
        if (users.Count == 0 && roles.Length == 0 && !everyone) return MentionSet.None;
        return new MentionSet(await PresentAsync(access, users, ct), roles, everyone);
    }

    static bool Allows<T>(AllowedMentions? allowed, string kind, IReadOnlyList<T>? listed, T id) =>
        allowed is null || allowed.Parse?.Contains(kind) == true || listed?.Contains(id) == true;

    static bool MayMention(ChannelAccess access, RoleId id, bool mayAll) =>
        access.Guild is { } guild && id.Value != guild.Id.Value && guild.Roles.TryGetValue(id, out var role) && (role.Mentionable || mayAll);

    /// <summary>Participants, or members of the guild; one query at most, for those not at hand.</summary>
    async ValueTask<IReadOnlyList<UserId>> PresentAsync(ChannelAccess access, List<UserId> users, CancellationToken ct)
    {
        if (users.Count == 0) return [];
        if (users.Count > MaxUsers) users.RemoveRange(MaxUsers, users.Count - MaxUsers);
        if (access.Guild is not { } guild) return [.. users.Where(access.Channel.Recipients.Contains)];
        var unknown = users.Where(u => guilds.PeekMember(guild.Id, u) is null).ToArray();
        var found = unknown.Length == 0 ? [] : (await members.FindManyAsync(guild.Id, unknown, ct)).Select(m => m.UserId).ToHashSet();
        return [.. users.Where(u => found.Contains(u) || guilds.PeekMember(guild.Id, u) is not null)];
    }
}
