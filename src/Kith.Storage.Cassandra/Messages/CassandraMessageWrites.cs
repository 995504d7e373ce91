using System.Collections.Concurrent;
using System.Text;
using Cassandra;
using Kith.Domain;
using Kith.Engine.Messages;

namespace Kith.Storage.Cassandra.Messages;

/// <summary>
/// Rows of messages and of their direct mentions, written and deleted. A bucket is listed before its first message is there; of one partition, what fits into one mutation appears at once.
/// </summary>
sealed class CassandraMessageWrites(CassandraDatabase database, TimeProvider clock)
{
    /// <summary>Bytes of text in one mutation: nodes refuse batches of more than 50 KiB.</summary>
    const int MutationSize = 24 * 1024;

    /// <summary>Bytes that a message takes besides its text.</summary>
    const int RowSize = 200;

    /// <summary>One user's, of 30 bytes each.</summary>
    const int MentionsInMutation = 100;

    /// <summary>Mutations of an import under way. Full ones are written twice as fast as the same messages one by one; more of them at once are no faster, and all others wait behind them.</summary>
    const int ImportConcurrency = 8;

    /// <summary>Buckets remembered as listed: a few MB; forgetting them costs a write each.</summary>
    const int MostListed = 100_000;

    const string Mention = "INSERT INTO mentions_by_user (user_id, message_id, channel_id) VALUES (?, ?, ?) USING TIMESTAMP ?";
    const string NoMention = "DELETE FROM mentions_by_user USING TIMESTAMP ? WHERE user_id = ? AND message_id = ?";

    readonly ConcurrentDictionary<(ChannelId, int), bool> listed = new();

    public async Task InsertAsync(IReadOnlyList<MessageRecord> messages, CancellationToken ct)
    {
        var now = WriteTimes.Of(clock.GetUtcNow());
        var partitions = messages.GroupBy(m => (m.ChannelId, Bucket: MessageBuckets.Of(m.Id))).ToArray();
        await CassandraDatabase.EachAsync(partitions, async (partition, inner) =>
        {
            await ListAsync(partition.Key.ChannelId, partition.Key.Bucket, inner);
            foreach (var mutation in Mutations(partition))
                await database.ExecuteAsync(await BatchAsync(mutation.Select(m => (MessageRows.Insert, MessageRows.ValuesOf(m, now)))), inner);
        }, ct);
        await MentionAsync(messages, ct);
    }

    /// <summary>
    /// Writes history, as of its own time: to write it again changes nothing, not even what was edited or deleted meanwhile. Mutations of one partition side by side.
    /// </summary>
    public async Task ImportAsync(IReadOnlyList<MessageRecord> messages, CancellationToken ct)
    {
        var partitions = messages.GroupBy(m => (m.ChannelId, Bucket: MessageBuckets.Of(m.Id))).ToArray();
        foreach (var partition in partitions)
            await ListAsync(partition.Key.ChannelId, partition.Key.Bucket, ct);
        await SideBySideAsync(partitions.SelectMany(Mutations).Select(m => m.Select(m => (MessageRows.Insert, MessageRows.ValuesOf(m, WriteTimes.Of(m.Timestamp))))), ct);
        await SideBySideAsync(Mentioned(messages).GroupBy(m => m.User).SelectMany(ofUser => ofUser.Chunk(MentionsInMutation)).Select(m => m.Select(
            m => (Mention, new object[] { m.User.Value, m.Message.Id.Value, m.Message.ChannelId.Value, WriteTimes.Of(m.Message.Timestamp) }))), ct);
    }

    /// <summary>Writes who is mentioned. Mentioning again changes nothing.</summary>
    public Task MentionAsync(IReadOnlyList<MessageRecord> messages, CancellationToken ct)
    {
        var now = WriteTimes.Of(clock.GetUtcNow());
        return CassandraDatabase.EachAsync(Mentioned(messages), (m, inner) => database.WriteAsync(Mention, inner, m.User.Value, m.Message.Id.Value, m.Message.ChannelId.Value, now), ct);
    }

    /// <summary>Mentions first: a message that is left after a failure can be deleted again, with what belongs to it.</summary>
    public async Task DeleteAsync(IReadOnlyList<MessageRecord> messages, CancellationToken ct)
    {
        var at = WriteTimes.Deletion(clock);
        await ForgetMentionsAsync(messages, ct);
        var partitions = messages.GroupBy(m => (m.ChannelId, Bucket: MessageBuckets.Of(m.Id))).ToArray();
        await CassandraDatabase.EachAsync(partitions, async (partition, inner) =>
        {
            foreach (var mutation in partition.Chunk(100))
            {
                await database.ExecuteAsync(await BatchAsync(mutation.Select(
                    m => (MessageRows.Delete, new object[] { at, m.ChannelId.Value, partition.Key.Bucket, m.Id.Value }))), inner);
            }
        }, ct);
    }

    public Task ForgetMentionsAsync(IReadOnlyList<MessageRecord> messages, CancellationToken ct)
    {
        var at = WriteTimes.Deletion(clock);
        return CassandraDatabase.EachAsync(Mentioned(messages), (m, inner) => database.WriteAsync(NoMention, inner, at, m.User.Value, m.Message.Id.Value), ct);
    }

    /// <summary>A whole bucket by one mark, and then the list of what there was.</summary>
    public Task DeleteBucketAsync(ChannelId channel, int bucket, CancellationToken ct) =>
        database.WriteAsync("DELETE FROM messages USING TIMESTAMP ? WHERE channel_id = ? AND bucket = ?", ct, WriteTimes.Deletion(clock), channel.Value, bucket);

    public Task DeleteListAsync(ChannelId channel, CancellationToken ct) =>
        database.WriteAsync("DELETE FROM message_buckets USING TIMESTAMP ? WHERE channel_id = ?", ct, WriteTimes.Deletion(clock), channel.Value);

    async Task ListAsync(ChannelId channel, int bucket, CancellationToken ct)
    {
        if (listed.ContainsKey((channel, bucket))) return;
        await database.WriteAsync("INSERT INTO message_buckets (channel_id, bucket) VALUES (?, ?) USING TIMESTAMP ?", ct, channel.Value, bucket, WriteTimes.Of(clock.GetUtcNow()));
        if (listed.Count >= MostListed) listed.Clear();
        listed.TryAdd((channel, bucket), true);
    }

    Task SideBySideAsync(IEnumerable<IEnumerable<(string Cql, object[] Values)>> mutations, CancellationToken ct) => Parallel.ForEachAsync(
        mutations, new ParallelOptions { MaxDegreeOfParallelism = ImportConcurrency, CancellationToken = ct }, async (mutation, inner) => await database.ExecuteAsync(await BatchAsync(mutation), inner));

    static (UserId User, MessageRecord Message)[] Mentioned(IReadOnlyList<MessageRecord> messages) =>
        [.. messages.SelectMany(m => m.Mentions.Users.Where(u => u != m.AuthorId).Select(u => (u, m)))];

    static IEnumerable<List<MessageRecord>> Mutations(IEnumerable<MessageRecord> messages)
    {
        List<MessageRecord> mutation = [];
        var size = 0;
        foreach (var message in messages)
        {
            var next = RowSize + Encoding.UTF8.GetByteCount(message.Content) + Encoding.UTF8.GetByteCount(MessageRows.Parts(message));
            if (size + next > MutationSize && mutation.Count > 0)
            {
                yield return mutation;
                (mutation, size) = ([], 0);
            }

            mutation.Add(message);
            size += next;
        }

        if (mutation.Count > 0) yield return mutation;
    }

    /// <summary>Of one partition, so that nodes need no log of it: all of it is there, or nothing.</summary>
    async Task<IStatement> BatchAsync(IEnumerable<(string Cql, object[] Values)> statements)
    {
        List<Statement> bound = [];
        foreach (var (cql, values) in statements)
            bound.Add(await database.BindAsync(cql, values));
        if (bound.Count == 1) return bound[0];
        var batch = new BatchStatement().SetBatchType(BatchType.Unlogged);
        foreach (var statement in bound)
            batch.Add(statement);
        return batch;
    }
}
