using Kith.Domain;
using Kith.Engine.Messages;
using Kith.Storage.Sql.Messages;

namespace Kith.Storage.Cassandra.Messages;

/// <summary>
/// Search without an index, as <see cref="SqlMessageScan"/>: the channels' messages from the newest (or oldest) on, merged as they are read, <see cref="SqlMessageScan.MaxRead"/> at most.
/// </summary>
public sealed class CassandraMessageScan(IMessageStore messages) : ISearchIndex
{
    const int LargestPage = 500;
    const int SmallestPage = 20;

    /// <summary>Messages at hand at one time, over all channels.</summary>
    const int AtHand = 5000;

    public async Task<SearchHits?> SearchAsync(SearchQuery query, CancellationToken ct)
    {
        if (SearchText.Query(query) is null) return new SearchHits([], 0);
        var size = Math.Clamp(AtHand / Math.Max(1, query.Channels.Count), SmallestPage, LargestPage);
        var lines = await CassandraDatabase.EachAsync([.. query.Channels.Distinct()], (channel, inner) => Line.OpenAsync(messages, channel, query, size, inner), ct);
        var next = new PriorityQueue<Line, long>();
        foreach (var line in lines.Where(l => l.Current is not null))
            next.Enqueue(line, line.Order);
        List<MessageKey> hits = [];
        var found = 0;
        for (var read = 0; read < SqlMessageScan.MaxRead && next.TryDequeue(out var line, out _); read++)
        {
            var message = line.Current!;
            if (Matches(query, message) && found++ >= query.Offset && hits.Count < query.Limit) hits.Add(new MessageKey(message.ChannelId, message.Id));
            if (await line.MoveAsync(ct)) next.Enqueue(line, line.Order);
        }

        return new SearchHits(hits, found);
    }

    static bool Matches(SearchQuery query, MessageRecord message) =>
        (query.Pinned is not { } pinned || message.Pinned == pinned) && (query.Authors.Count == 0 || query.Authors.Contains(message.AuthorId)) && SearchText.Matches(query, message);

    /// <summary>One channel's messages in the order of the search, a page at a time.</summary>
    sealed class Line(IMessageStore messages, ChannelId channel, SearchQuery query, int size)
    {
        IReadOnlyList<MessageRecord> page = [];
        int at;

        public MessageRecord? Current => at < page.Count ? page[at] : null;

        /// <summary>The smallest is next of all.</summary>
        public long Order => query.OldestFirst ? Current!.Id.Value : -Current!.Id.Value;

        public static async Task<Line> OpenAsync(IMessageStore messages, ChannelId channel, SearchQuery query, int size, CancellationToken ct)
        {
            var line = new Line(messages, channel, query, size);
            await line.ReadAsync(query.OldestFirst ? query.MinId ?? default : query.MaxId ?? new MessageId(long.MaxValue), ct);
            return line;
        }

        public async Task<bool> MoveAsync(CancellationToken ct)
        {
            if (++at == page.Count && page.Count == size) await ReadAsync(page[^1].Id, ct);
            return Current is not null;
        }

        async Task ReadAsync(MessageId anchor, CancellationToken ct)
        {
            var read = await messages.PageAsync(channel, query.OldestFirst ? PageDirection.After : PageDirection.Before, anchor, size, ct);
            var ordered = query.OldestFirst ? read.Reverse() : read;
            (page, at) = ([.. ordered.TakeWhile(m => query.OldestFirst ? query.MaxId is not { } max || m.Id < max : query.MinId is not { } min || m.Id > min)], 0);
        }
    }
}
