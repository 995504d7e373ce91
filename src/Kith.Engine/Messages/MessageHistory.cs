using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Protocol;

namespace Kith.Engine.Messages;

/// <summary>Reading and deleting what was sent.</summary>
public sealed class MessageHistory(IMessageStore store, MessageWire wire, MessageDeletion deletion)
{
    public const int MaxPage = 100;

    /// <summary>Without the permission to read history a channel looks empty, as on Discord.</summary>
    public async ValueTask<IReadOnlyList<Message>> PageAsync(ChannelAccess access, PageDirection direction, MessageId anchor, int limit, CancellationToken ct) =>
        access.Has(Permissions.ReadMessageHistory)
            ? await wire.ManyAsync(await store.PageAsync(access.Id, direction, anchor, limit, ct), access.Principal.Id, ct)
            : [];

    public async ValueTask<Result<Message>> FindAsync(ChannelAccess access, MessageId id, CancellationToken ct)
    {
        if (!access.Has(Permissions.ReadMessageHistory)) return ErrorCode.MissingPermissions;
        return await store.FindAsync(access.Id, id, ct) is { } found ? await wire.OneAsync(found, access.Principal.Id, ct) : ErrorCode.UnknownMessage;
    }

    /// <param name="reason">For the audit log, where it is another's message.</param>
    public async ValueTask<Result<Done>> DeleteAsync(ChannelAccess access, MessageId id, string? reason, CancellationToken ct)
    {
        if (await store.FindAsync(access.Id, id, ct) is not { } message) return ErrorCode.UnknownMessage;
        var own = message.AuthorId == access.Principal.Id;
        if (!own && (access.Guild is null || !access.Has(Permissions.ManageMessages))) return ErrorCode.MissingPermissions;
        await deletion.DeleteOneAsync(access, message, reason, ct);
        return Done.Instance;
    }
}

/// <summary>Deletion of one or many messages of a channel, with what depends on them, and the one event about it.</summary>
public sealed class MessageDeletion(IMessageStore store, MessageEffects effects, MessageAudit audit, IEventLog events, TimeProvider clock)
{
    public const int MinBulk = 2;
    public const int MaxBulk = 100;

    /// <summary>Discord's bound on bulk deletion.</summary>
    static readonly TimeSpan OldestInBulk = TimeSpan.FromDays(14);

    public async ValueTask<Result<Done>> BulkAsync(ChannelAccess access, IReadOnlyList<MessageId> ids, string? reason, CancellationToken ct)
    {
        if (ids.Count is < MinBulk or > MaxBulk) return ErrorCode.TooFewOrManyToDelete;
        var oldest = Snowflake.AtTime(clock.GetUtcNow() - OldestInBulk);
        if (ids.Any(id => id.Value < oldest)) return ErrorCode.MessageTooOldToBulkDelete;
        var deleted = await DeleteAsync(access, ids, ct);
        if (deleted > 0) await audit.BulkDeletedAsync(access, deleted, reason, CancellationToken.None);
        return Done.Instance;
    }

    /// <param name="reason">For the audit log, where it is another's message.</param>
    public async ValueTask DeleteOneAsync(ChannelAccess access, MessageRecord message, string? reason, CancellationToken ct)
    {
        if (await DeleteAsync(access, [message.Id], ct) > 0) await audit.DeletedAsync(access, message.AuthorId, reason, CancellationToken.None);
    }

    /// <summary>Those that are there; says nothing of the others. How many there were.</summary>
    public async ValueTask<int> DeleteAsync(ChannelAccess access, IReadOnlyList<MessageId> ids, CancellationToken ct)
    {
        var files = await effects.DeletingAsync(access.Id, ids, ct);
        var deleted = await store.DeleteAsync(access.Id, [.. ids.Distinct()], ct);
        if (deleted.Count == 0) return 0;
        var tail = await effects.DeletedAsync(access.Id, deleted, files, ct);
        await events.PublishAsync(ids.Count == 1 ? MessageEvents.Deleted(access, deleted[0], tail) : MessageEvents.DeletedMany(access, deleted, tail), ct);
        return deleted.Count;
    }

    /// <summary>What an author wrote in a channel since a moment, for a ban that deletes messages.</summary>
    public async ValueTask DeleteOfAuthorAsync(ChannelAccess access, UserId author, DateTimeOffset since, CancellationToken ct)
    {
        while (true)
        {
            var ids = await store.OfAuthorAsync(access.Id, author, new MessageId(Snowflake.AtTime(since)), MaxBulk, ct);
            if (ids.Count == 0) return;
            await DeleteAsync(access, ids, ct);
        }
    }
}
