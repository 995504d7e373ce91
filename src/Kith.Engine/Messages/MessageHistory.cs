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

    /// <summary>For a store that is away; less than a process is given for its end.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public async ValueTask<Result<Done>> BulkAsync(ChannelAccess access, IReadOnlyList<MessageId> ids, string? reason, CancellationToken ct)
    {
        if (ids.Count is < MinBulk or > MaxBulk) return ErrorCode.TooFewOrManyToDelete;
        var oldest = Snowflake.AtTime(clock.GetUtcNow() - OldestInBulk);
        if (ids.Any(id => id.Value < oldest)) return ErrorCode.MessageTooOldToBulkDelete;
        var deleted = await DeleteAsync(access, await store.FindManyAsync(access.Id, [.. ids.Distinct()], ct), isBulk: true, ct);
        if (deleted > 0) await audit.BulkDeletedAsync(access, deleted, reason, CancellationToken.None);
        return Done.Instance;
    }

    /// <param name="reason">For the audit log, where it is another's message.</param>
    public async ValueTask DeleteOneAsync(ChannelAccess access, MessageRecord message, string? reason, CancellationToken ct)
    {
        if (await DeleteAsync(access, [message], isBulk: false, ct) > 0) await audit.DeletedAsync(access, message.AuthorId, reason, CancellationToken.None);
    }

    /// <summary>What an author wrote in a channel since a moment, for a ban that deletes messages.</summary>
    public async ValueTask DeleteOfAuthorAsync(ChannelAccess access, UserId author, DateTimeOffset since, CancellationToken ct)
    {
        while (true)
        {
            var ids = await store.OfAuthorAsync(access.Id, author, new MessageId(Snowflake.AtTime(since)), MaxBulk, ct);
            if (ids.Count == 0) return;
            await DeleteAsync(access, await store.FindManyAsync(access.Id, ids, ct), isBulk: ids.Count > 1, ct);
        }
    }

    /// <summary>
    /// How many of them were still there. Once begun it is finished and told, though who asked for it or the store goes away meanwhile: who repeats a deletion that was done is answered
    /// that there is no such message, and nobody would ever be told.
    /// </summary>
    async ValueTask<int> DeleteAsync(ChannelAccess access, IReadOnlyList<MessageRecord> messages, bool isBulk, CancellationToken ct)
    {
        if (messages.Count == 0) return 0;
        MessageId[] ids = [.. messages.Select(m => m.Id)];
        var files = await effects.DeletingAsync(access.Id, ids, ct);
        var deleted = await StoreAsync(access.Id, messages, ids);
        if (deleted.Count == 0) return 0;
        var tail = await InsistAsync(() => effects.DeletedAsync(access.Id, deleted, files, CancellationToken.None).AsTask());
        await events.PublishAsync(isBulk ? MessageEvents.DeletedMany(access, deleted, tail) : MessageEvents.Deleted(access, deleted[0], tail), CancellationToken.None);
        return deleted.Count;
    }

    async Task<IReadOnlyList<MessageRecord>> StoreAsync(ChannelId channel, IReadOnlyList<MessageRecord> messages, MessageId[] ids)
    {
        try
        {
            return await store.DeleteAsync(channel, ids, CancellationToken.None);
        }
        catch (UnavailableException)
        {
            // It may have been done before the store went. Told twice, where another deleted some of them at the same time, does no harm.
            await InsistAsync(() => store.DeleteAsync(channel, ids, CancellationToken.None));
            return messages;
        }
    }

    async Task<T> InsistAsync<T>(Func<Task<T>> step)
    {
        for (var began = clock.GetTimestamp(); ;)
        {
            try
            {
                return await step();
            }
            catch (UnavailableException) when (clock.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(Pause, clock, CancellationToken.None);
            }
        }
    }
}
