using Kith.Domain;
using Kith.Engine.Export;
using Kith.Engine.Messages;

namespace Kith.Storage.Cassandra.Messages;

/// <summary>Each call passes over the author of every message there is, and keeps the few that are wanted.</summary>
public sealed class CassandraMessageArchive(CassandraDatabase database) : IMessageArchive
{
    const int Page = 5000;

    readonly CassandraMessageReads reads = new(database);

    public async Task<IReadOnlyList<MessageRecord>> OfAuthorAsync(UserId author, MessageId after, int limit, CancellationToken ct)
    {
        // The greatest on top, to make room for a smaller one.
        var oldest = new PriorityQueue<MessageKey, long>(Comparer<long>.Create((a, b) => b.CompareTo(a)));
        await foreach (var row in database.StreamAsync("SELECT message_id, channel_id, author_id FROM messages", Page, ct))
        {
            var id = row.GetValue<long>(0);
            if (row.GetValue<long>(2) != author.Value || id <= after.Value) continue;
            oldest.Enqueue(new MessageKey(new ChannelId(row.GetValue<long>(1)), new MessageId(id)), id);
            if (oldest.Count > limit) oldest.Dequeue();
        }

        var channels = oldest.UnorderedItems.Select(o => o.Element).GroupBy(k => k.Channel).ToArray();
        var found = await CassandraDatabase.EachAsync(channels, (c, inner) => reads.FindManyAsync(c.Key, [.. c.Select(k => k.Message)], inner), ct);
        return [.. found.SelectMany(f => f).OrderBy(m => m.Id.Value)];
    }
}
