using Kith.Domain;
using Kith.Engine.Messages;
using Kith.Storage.Sql.Messages;
using Microsoft.Extensions.Logging;

namespace Kith.Storage.Cassandra.Messages;

/// <summary>
/// Messages in Cassandra, what is relational about them in MySQL (<see cref="SqlMessageLedger"/>). Whoever writes to a channel holds its row there, so nonces and the order of ids need no
/// agreement among Cassandra's nodes. A failure between the two leaves messages above the tail, which were never acknowledged; the next to write in the channel finds and enters them,
/// so that a repeated send finds its nonce.
/// </summary>
public sealed partial class CassandraMessageStore(CassandraDatabase database, SqlMessageLedger ledger, TimeProvider clock, ILogger<CassandraMessageStore> log)
    : IMessageStore, IMessagePlacement
{
    const int DeleteStep = 500;

    readonly CassandraMessageReads reads = new(database);
    readonly CassandraMessageWrites writes = new(database, clock);

    public async Task<IReadOnlyList<MessageId>> InsertAsync(IReadOnlyList<MessageRecord> messages, CancellationToken ct) =>
        [.. (await PlaceAsync(messages, mint: null, ct)).Select(p => p.Id)];

    Task<IReadOnlyList<PlacedMessage>> IMessagePlacement.PlaceAsync(IReadOnlyList<MessageRecord> messages, Func<MessageId, MessageId> mint, CancellationToken ct) =>
        PlaceAsync(messages, mint, ct);

    public Task<MessageRecord?> FindAsync(ChannelId channel, MessageId id, CancellationToken ct) => reads.FindAsync(channel, id, ct);

    public Task<IReadOnlyList<MessageRecord>> FindManyAsync(ChannelId channel, IReadOnlyCollection<MessageId> ids, CancellationToken ct) => reads.FindManyAsync(channel, ids, ct);

    public async Task<IReadOnlyList<MessageRecord>> PageAsync(ChannelId channel, PageDirection direction, MessageId anchor, int limit, CancellationToken ct)
    {
        // The anchor counts with the newer half, as on Discord.
        var (newer, older, from) = direction switch
        {
            PageDirection.Before => (0, limit, anchor),
            PageDirection.After => (limit, 0, anchor),
            _ => (limit - (limit / 2), limit / 2, new MessageId(anchor.Value - 1)),
        };
        var after = reads.NewerAsync(channel, from, newer, ct);
        var before = await reads.OlderAsync(channel, anchor, older, ct);
        return [.. Enumerable.Reverse(await after), .. before];
    }

    public async Task<bool> UpdateAsync(MessageRecord message, CancellationToken ct)
    {
        var bucket = MessageBuckets.Of(message.Id);
        if (await WrittenAsync("content", message.ChannelId, message.Id, ct) is not { } written) return false;
        await database.WriteAsync(
            "UPDATE messages USING TIMESTAMP ? SET content = ?, edited_at = ?, flags = ?, parts = ? WHERE channel_id = ? AND bucket = ? AND message_id = ?", ct,
            WriteTimes.After(written, clock), message.Content, MessageRows.EditedAt(message), (int)message.Flags, MessageRows.Parts(message), message.ChannelId.Value, bucket, message.Id.Value);
        return true;
    }

    public async Task<IReadOnlyList<MessageRecord>> DeleteAsync(ChannelId channel, IReadOnlyCollection<MessageId> ids, CancellationToken ct)
    {
        var there = await reads.FindManyAsync(channel, ids, ct);
        if (there.Count == 0) return there;
        await ledger.ForgetAsync(channel, [.. there.Select(m => m.Id)], ct);
        await writes.DeleteAsync(there, ct);
        if ((await ledger.NewestAsync([channel], ct)).TryGetValue(channel, out var newest) && there.Any(m => m.Id == newest))
        {
            await ledger.HoldAsync([channel], async held =>
            {
                await held.LeaveAsync(channel, await reads.NewestAsync(channel, ct));
                return true;
            }, ct);
        }

        return there;
    }

    public Task<IReadOnlyList<MessageId>> OfAuthorAsync(ChannelId channel, UserId author, MessageId after, int limit, CancellationToken ct) => reads.OfAuthorAsync(channel, author, after, limit, ct);

    public async Task DeleteChannelAsync(ChannelId channel, CancellationToken ct)
    {
        var (first, last) = (MessageBuckets.Of(default), MessageBuckets.Of(new MessageId(long.MaxValue)));
        foreach (var bucket in await reads.BucketsAsync(channel, first, last, ct))
        {
            var anchor = new MessageId(long.MaxValue);
            while (await reads.OfBucketAsync(channel, bucket, anchor, DeleteStep, ct) is { Count: > 0 } page)
            {
                await ledger.ForgetAsync(channel, [.. page.Select(m => m.Id)], ct);
                await writes.ForgetMentionsAsync(page, ct);
                anchor = page[^1].Id;
            }

            await writes.DeleteBucketAsync(channel, bucket, ct);
        }

        // Last, so that a failure before it is begun again.
        await writes.DeleteListAsync(channel, ct);
        await ledger.HoldAsync([channel], async held =>
        {
            await held.LeaveAsync(channel, default);
            return true;
        }, ct);
    }

    public Task<IReadOnlyDictionary<ChannelId, MessageId>> LastIdsAsync(IReadOnlyCollection<ChannelId> channels, CancellationToken ct) => ledger.NewestAsync(channels, ct);

    public async Task<IReadOnlyDictionary<ChannelId, int>> CountAsync(UserId user, IReadOnlyDictionary<ChannelId, MessageSpan> spans, CancellationToken ct)
    {
        KeyValuePair<ChannelId, MessageSpan>[] all = [.. spans];
        var counts = await CassandraDatabase.EachAsync(all, (span, inner) => reads.CountOfOthersAsync(span.Key, span.Value, user, inner), ct);
        return all.Zip(counts, (span, count) => (span.Key, count)).ToDictionary(c => c.Key, c => c.count);
    }

    public Task<MessageId?> FirstAfterAsync(UserId user, ChannelId channel, MessageId mark, CancellationToken ct) => reads.FirstOfOthersAsync(channel, mark, user, ct);

    public Task<MessageId> NewestIdAsync(CancellationToken ct) => ledger.NewestIdAsync(ct);

    /// <summary>Marks or unmarks as pinned; false where the message is gone.</summary>
    internal async Task<bool> PinAsync(ChannelId channel, MessageId id, bool pinned, CancellationToken ct)
    {
        if (await WrittenAsync("pinned", channel, id, ct) is not { } written) return false;
        await database.WriteAsync(
            "UPDATE messages USING TIMESTAMP ? SET pinned = ? WHERE channel_id = ? AND bucket = ? AND message_id = ?", ct,
            WriteTimes.After(written, clock), pinned, channel.Value, MessageBuckets.Of(id), id.Value);
        return true;
    }

    /// <summary>When the column was last written; null where there is no such message. What deletes it meanwhile wins over what is written next.</summary>
    async Task<long?> WrittenAsync(string column, ChannelId channel, MessageId id, CancellationToken ct) => (await database.ReadAsync(
        $"SELECT WRITETIME({column}) FROM messages WHERE channel_id = ? AND bucket = ? AND message_id = ?", ct, channel.Value, MessageBuckets.Of(id), id.Value))
        .Select(r => (long?)r.GetValue<long>(0)).FirstOrDefault();

    async Task<IReadOnlyList<PlacedMessage>> PlaceAsync(IReadOnlyList<MessageRecord> messages, Func<MessageId, MessageId>? mint, CancellationToken ct)
    {
        // Should MySQL undo its part after Cassandra's is done, it is entered again and nothing is written twice.
        MessagePlaces? done = null;
        return await ledger.HoldAsync(messages.Select(m => m.ChannelId), async held =>
        {
            if (done is { } again)
            {
                await held.ClaimAsync(again.Written);
                await held.AddAsync(again.Written, again.Tails);
                return again.Placed;
            }

            var places = await MessagePlaces.FindAsync(held, await RecoverAsync(held, messages, ct), messages, mint);
            await held.AddAsync(places.Written, places.Tails);
            await WriteAsync(places.Written, ct);
            done = places;
            return places.Placed;
        }, ct);
    }

    /// <summary>What an earlier writer left above the tails: enters it, as it would have been.</summary>
    async Task<IReadOnlyDictionary<ChannelId, MessageId>> RecoverAsync(HeldChannels held, IReadOnlyList<MessageRecord> messages, CancellationToken ct)
    {
        var partitions = messages.Select(m => (m.ChannelId, Bucket: MessageBuckets.Of(m.Id))).Distinct().ToArray();
        var left = (await CassandraDatabase.EachAsync(partitions, (p, inner) => reads.AboveAsync(p.ChannelId, p.Bucket, held.Tails[p.ChannelId], inner), ct)).SelectMany(l => l).ToArray();
        if (left.Length == 0) return held.Tails;
        var tails = held.Tails.ToDictionary();
        foreach (var message in left)
            tails[message.ChannelId] = message.Id > tails[message.ChannelId] ? message.Id : tails[message.ChannelId];
        await held.ClaimAsync(left);
        await held.AddAsync(left, tails);
        await writes.MentionAsync(left, ct);
        LogRecovered(left.Length);
        return tails;
    }

    /// <summary>Where it fails, what may be there is taken back, as well as that can be done: nothing of it was acknowledged.</summary>
    async Task WriteAsync(IReadOnlyList<MessageRecord> messages, CancellationToken ct)
    {
        try
        {
            await writes.InsertAsync(messages, ct);
        }
        catch (Exception)
        {
            try
            {
                await writes.DeleteAsync(messages, CancellationToken.None);
            }
            catch (Exception e)
            {
                LogLeft(messages.Count, e);
            }

            throw;
        }
    }

    [LoggerMessage(2300, LogLevel.Warning, "{Count} messages were found that a process had written and not acknowledged; they are entered now")]
    partial void LogRecovered(int count);

    [LoggerMessage(2301, LogLevel.Warning, "{Count} messages were refused, of which some may have been written; they are entered when their channels are written to again")]
    partial void LogLeft(int count, Exception e);
}
