using System.Text.Json;
using System.Text.Json.Serialization;
using Kith.Domain;

namespace Kith.Engine.Guilds;

/// <summary>Discord's numbers of what the audit log records.</summary>
public enum AuditLogAction
{
    GuildUpdate = 1,
    ChannelCreate = 10,
    ChannelUpdate = 11,
    ChannelDelete = 12,
    ChannelOverwriteCreate = 13,
    ChannelOverwriteUpdate = 14,
    ChannelOverwriteDelete = 15,
    MemberKick = 20,
    MemberPrune = 21,
    MemberBanAdd = 22,
    MemberBanRemove = 23,
    MemberUpdate = 24,
    MemberRoleUpdate = 25,
    BotAdd = 28,
    RoleCreate = 30,
    RoleUpdate = 31,
    RoleDelete = 32,
    InviteCreate = 40,
    InviteUpdate = 41,
    InviteDelete = 42,
    EmojiCreate = 60,
    EmojiUpdate = 61,
    EmojiDelete = 62,
    MessageDelete = 72,
    MessageBulkDelete = 73,
    MessagePin = 74,
    MessageUnpin = 75,
    StickerCreate = 90,
    StickerUpdate = 91,
    StickerDelete = 92,
}

/// <summary>One line of a guild's audit log, as stored and as sent.</summary>
public sealed record AuditLogEntry
{
    public required AuditLogEntryId Id { get; init; }

    /// <summary>Absent from REST replies, present in the event.</summary>
    [JsonIgnore]
    public GuildId GuildId { get; init; }
    public required AuditLogAction ActionType { get; init; }

    /// <summary>Who did it.</summary>
    public required UserId? UserId { get; init; }

    /// <summary>To what: a user, channel, role, … ; null for what has no id, such as an invite.</summary>
    public required AuditTargetId? TargetId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<AuditLogChange>? Changes { get; init; }

    /// <summary>All values are strings, as on Discord.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Options { get; init; }

    /// <summary>What the client gave in X-Audit-Log-Reason.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }
}

/// <summary>GUILD_AUDIT_LOG_ENTRY_CREATE: the entry with its guild.</summary>
public sealed record GuildAuditLogEntry(
    GuildId GuildId,
    AuditLogEntryId Id,
    AuditLogAction ActionType,
    UserId? UserId,
    AuditTargetId? TargetId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<AuditLogChange>? Changes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? Options,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason)
{
    public static GuildAuditLogEntry From(AuditLogEntry e) => new(e.GuildId, e.Id, e.ActionType, e.UserId, e.TargetId, e.Changes, e.Options, e.Reason);
}

/// <summary>Any id an audit log entry may be about.</summary>
public readonly record struct AuditTargetId(long Value) : ISnowflakeId<AuditTargetId>
{
    public static AuditTargetId From(long value) => new(value);

    public override string ToString() => Value.ToString();
}

/// <summary>One key of the target that changed; an absent value is one that there was not, or is not any more.</summary>
public sealed record AuditLogChange(
    string Key,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? NewValue = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? OldValue = null);
