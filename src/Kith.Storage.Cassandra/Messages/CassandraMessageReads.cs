using Kith.Domain;
using Kith.Engine.Messages;

namespace Kith.Storage.Cassandra.Messages;

/// <summary>Messages of a channel over its buckets.</summary>
sealed class CassandraMessageReads(CassandraDatabase database)
{
    const int ScanPage = 1000;
    const string Older = $"SELECT {MessageRows.Columns} FROM messages WHERE channel_id = ? AND bucket = ? AND message_id < ? LIMIT ?";

    static readonly MessageId Newest = new(long.MaxValue);

    public async Task<MessageRecord?> FindAsync(ChannelId channel, MessageId id, CancellationToken ct) => (await database.ReadAsync(
        $"SELECT {MessageRows.Columns} FROM messages WHERE channel_id = ? AND bucket = ? AND message_id = ?", ct, channel.Value, MessageBuckets.Of(id), id.Value))
        .Select(MessageRows.ToRecord).FirstOrDefault();

    public async Task<IReadOnlyList<MessageRecord>> FindManyAsync(ChannelId channel, IReadOnlyCollection<MessageId> ids, CancellationToken ct)
    {
        var buckets = ids.GroupBy(MessageBuckets.Of).ToArray();
        return [.. (await CassandraDatabase.EachAsync(buckets, (bucket, inner) => database.ReadAsync(
            $"SELECT {MessageRows.Columns} FROM messages WHERE channel_id = ? AND bucket = ? AND message_id IN ?", inner,
            channel.Value, bucket.Key, bucket.Select(id => id.Value).Distinct().ToList()), ct)).SelectMany(rows => rows.Select(MessageRows.ToRecord))];
    }

    /// <summary>Newest first.</summary>
    public Task<List<MessageRecord>> OlderAsync(ChannelId channel, MessageId anchor, int limit, CancellationToken ct) => BucketWalk.CollectAsync<MessageRecord>(
        MessageBuckets.Of(anchor), -1, limit, from => EarlierBucketsAsync(channel, from, ct), (bucket, count) => OfBucketAsync(channel, bucket, anchor, count, ct));

    /// <summary>Oldest first.</summary>
    public Task<List<MessageRecord>> NewerAsync(ChannelId channel, MessageId anchor, int limit, CancellationToken ct) => BucketWalk.CollectAsync<MessageRecord>(
        MessageBuckets.Of(anchor), 1, limit, from => LaterBucketsAsync(channel, from, ct), async (bucket, count) => [.. (await database.ReadAsync(
            $"SELECT {MessageRows.Columns} FROM messages WHERE channel_id = ? AND bucket = ? AND message_id > ? ORDER BY message_id ASC LIMIT ?", ct,
            channel.Value, bucket, anchor.Value, count)).Select(MessageRows.ToRecord)]);

    /// <summary>Of one bucket, newest first, older than the anchor.</summary>
    public async Task<IReadOnlyList<MessageRecord>> OfBucketAsync(ChannelId channel, int bucket, MessageId anchor, int limit, CancellationToken ct) => [.. (await database.ReadAsync(
        Older, ct, channel.Value, bucket, anchor.Value, limit)).Select(MessageRows.ToRecord)];

    /// <summary>Of one bucket, all that are newer than a mark.</summary>
    public async Task<IReadOnlyList<MessageRecord>> AboveAsync(ChannelId channel, int bucket, MessageId mark, CancellationToken ct)
    {
        List<MessageRecord> found = [];
        await foreach (var row in database.StreamAsync(
            $"SELECT {MessageRows.Columns} FROM messages WHERE channel_id = ? AND bucket = ? AND message_id > ?", ScanPage, ct, channel.Value, bucket, mark.Value))
            found.Add(MessageRows.ToRecord(row));
        return found;
    }

    /// <summary>Zero where the channel has none.</summary>
    public async Task<MessageId> NewestAsync(ChannelId channel, CancellationToken ct) => (await BucketWalk.CollectAsync<MessageId>(
        MessageBuckets.Of(Newest), -1, 1, from => EarlierBucketsAsync(channel, from, ct), async (bucket, _) => [.. (await database.ReadAsync(
            "SELECT message_id FROM messages WHERE channel_id = ? AND bucket = ? LIMIT 1", ct, channel.Value, bucket)).Select(r => new MessageId(r.GetValue<long>(0)))]))
        .FirstOrDefault();

    /// <summary>Ids and authors of a span; the cost is the span's messages.</summary>
    public async Task<int> CountOfOthersAsync(ChannelId channel, MessageSpan span, UserId user, CancellationToken ct)
    {
        var count = 0;
        if (span.IsEmpty) return count;
        foreach (var bucket in await BucketsAsync(channel, MessageBuckets.Of(span.After), MessageBuckets.Of(span.Through), ct))
        {
            var rows = database.StreamAsync(
                "SELECT author_id FROM messages WHERE channel_id = ? AND bucket = ? AND message_id > ? AND message_id <= ?", ScanPage, ct,
                channel.Value, bucket, span.After.Value, span.Through.Value);
            await foreach (var row in rows)
            {
                if (row.GetValue<long>(0) != user.Value) count++;
            }
        }

        return count;
    }

    public async Task<MessageId?> FirstOfOthersAsync(ChannelId channel, MessageId mark, UserId user, CancellationToken ct)
    {
        var found = await BucketWalk.CollectAsync<MessageId>(MessageBuckets.Of(mark), 1, 1, from => LaterBucketsAsync(channel, from, ct), async (bucket, _) =>
        {
            var rows = database.StreamAsync(
                "SELECT message_id, author_id FROM messages WHERE channel_id = ? AND bucket = ? AND message_id > ? ORDER BY message_id ASC", 50, ct, channel.Value, bucket, mark.Value);
            await foreach (var row in rows)
            {
                if (row.GetValue<long>(1) != user.Value) return [new MessageId(row.GetValue<long>(0))];
            }

            return [];
        });
        return found.Count > 0 ? found[0] : null;
    }

    public async Task<IReadOnlyList<MessageId>> OfAuthorAsync(ChannelId channel, UserId author, MessageId after, int limit, CancellationToken ct)
    {
        List<MessageId> found = [];
        foreach (var bucket in await BucketsAsync(channel, MessageBuckets.Of(after), MessageBuckets.Of(Newest), ct))
        {
            var rows = database.StreamAsync(
                "SELECT message_id, author_id FROM messages WHERE channel_id = ? AND bucket = ? AND message_id > ?", ScanPage, ct, channel.Value, bucket, after.Value);
            await foreach (var row in rows)
            {
                if (row.GetValue<long>(1) == author.Value) found.Add(new MessageId(row.GetValue<long>(0)));
                if (found.Count >= limit) return found;
            }
        }

        return found;
    }

    /// <summary>Those listed in a span, latest first; a span within one bucket needs no list.</summary>
    public async Task<IReadOnlyList<int>> BucketsAsync(ChannelId channel, int first, int last, CancellationToken ct)
    {
        if (first == last) return [first];
        List<int> buckets = [];
        await foreach (var row in database.StreamAsync("SELECT bucket FROM message_buckets WHERE channel_id = ? AND bucket >= ? AND bucket <= ?", ScanPage, ct, channel.Value, first, last))
            buckets.Add(row.GetValue<int>(0));
        return buckets;
    }

    async Task<IReadOnlyList<int>> EarlierBucketsAsync(ChannelId channel, int from, CancellationToken ct) => [.. (await database.ReadAsync(
        $"SELECT bucket FROM message_buckets WHERE channel_id = ? AND bucket <= ? LIMIT {BucketWalk.ListSize}", ct, channel.Value, from)).Select(r => r.GetValue<int>(0))];

    async Task<IReadOnlyList<int>> LaterBucketsAsync(ChannelId channel, int from, CancellationToken ct) => [.. (await database.ReadAsync(
        $"SELECT bucket FROM message_buckets WHERE channel_id = ? AND bucket >= ? ORDER BY bucket ASC LIMIT {BucketWalk.ListSize}", ct, channel.Value, from)).Select(r => r.GetValue<int>(0))];
}
