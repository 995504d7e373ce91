using Kith.Domain;
using Kith.Engine.Guilds;

namespace Kith.Engine.Messages;

/// <summary>Tells a guild's audit log what moderators do to messages. What authors do to their own, and what happens in DMs and groups, is nobody's business.</summary>
public sealed class MessageAudit(AuditLog audit, AuditTrail trail)
{
    public async ValueTask DeletedAsync(ChannelAccess access, UserId author, string? reason, CancellationToken ct)
    {
        if (author != access.Principal.Id) await RecordAsync(access, AuditLogAction.MessageDelete, author.Value, reason, ct, ("channel_id", access.Id.ToString()), ("count", "1"));
    }

    public ValueTask BulkDeletedAsync(ChannelAccess access, int count, string? reason, CancellationToken ct) =>
        RecordAsync(access, AuditLogAction.MessageBulkDelete, access.Id.Value, reason, ct, ("count", count.ToString()));

    public ValueTask PinnedAsync(ChannelAccess access, MessageRecord message, bool pinned, string? reason, CancellationToken ct) =>
        RecordAsync(access, pinned ? AuditLogAction.MessagePin : AuditLogAction.MessageUnpin, message.AuthorId.Value, reason, ct,
            ("channel_id", access.Id.ToString()), ("message_id", message.Id.ToString()));

    async ValueTask RecordAsync(ChannelAccess access, AuditLogAction action, long target, string? reason, CancellationToken ct, params (string Key, string Value)[] options)
    {
        if (access.Guild is not { } guild) return;
        var entry = audit.Entry(guild.Id, new Actor(access.Principal, reason), action, target, options: options.ToDictionary(o => o.Key, o => o.Value, StringComparer.Ordinal));
        await trail.RecordAsync(entry, ct);
    }
}
