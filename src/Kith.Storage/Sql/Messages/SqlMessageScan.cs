using Dapper;
using Kith.Engine.Messages;

namespace Kith.Storage.Sql.Messages;

/// <summary>
/// Search without an index, for databases that have none over a partitioned table: reads the channels' messages from the newest (or oldest) on, the same words and filters as
/// <see cref="SqliteSearchIndex"/>. Reads <see cref="MaxRead"/> messages at most, so what lies beyond is not found; a second of work.
/// </summary>
public sealed class SqlMessageScan(SqlDatabase database) : ISearchIndex
{
    public const int MaxRead = 100_000;

    const int Page = 2000;

    public async Task<SearchHits?> SearchAsync(SearchQuery query, CancellationToken ct)
    {
        if (SearchText.Query(query) is null) return new SearchHits([], 0);
        List<MessageKey> hits = [];
        var (found, min, max) = (0, query.MinId?.Value ?? 0, query.MaxId?.Value ?? long.MaxValue);
        for (var read = 0; read < MaxRead; read += Page)
        {
            var page = await PageAsync(query, min, max, ct);
            foreach (var message in page.Where(m => SearchText.Matches(query, m)))
            {
                if (found++ >= query.Offset && hits.Count < query.Limit) hits.Add(new MessageKey(message.ChannelId, message.Id));
            }

            if (page.Count < Page) break;
            if (query.OldestFirst) min = page[^1].Id.Value;
            else max = page[^1].Id.Value;
        }

        return new SearchHits(hits, found);
    }

    Task<IReadOnlyList<MessageRecord>> PageAsync(SearchQuery query, long min, long max, CancellationToken ct) => database.ReadAsync<IReadOnlyList<MessageRecord>>(async db =>
    {
        var pinned = query.Pinned is { } p ? $"AND pinned = {(p ? 1 : 0)}" : "";
        var authors = query.Authors.Count > 0 ? "AND author_id IN @authors" : "";
        var rows = await db.QueryAsync<MessageRow>(
            $"""
            SELECT {MessageRow.Columns} FROM messages WHERE channel_id IN @channels AND id > @min AND id < @max {pinned} {authors}
            ORDER BY id {(query.OldestFirst ? "ASC" : "DESC")} LIMIT @Page
            """, new { channels = SqlTypes.Values(query.Channels), authors = SqlTypes.Values(query.Authors), min, max, Page });
        return [.. rows.Select(r => r.ToRecord())];
    }, ct);
}
