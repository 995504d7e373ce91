using Dapper;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Messages;
using Microsoft.Extensions.Logging;

namespace Kith.Storage.Sql.Messages;

/// <summary>Full-text search over SQLite's FTS5. A search first adds what is not yet in the index, so it sees all that was stored before it.</summary>
public sealed partial class SqliteSearchIndex(SqliteDatabase database, TimeProvider clock, ILogger<SqliteSearchIndex> log)
    : PeriodicWork(Interval, clock), ISearchIndex
{
    /// <summary>Messages added in one write: a few milliseconds, which other writers may have to wait.</summary>
    const int Step = 128;

    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<SearchHits?> SearchAsync(SearchQuery query, CancellationToken ct)
    {
        if (!await CatchUpAsync(ct)) return null;
        if (SearchText.Query(query) is not { } match) return new SearchHits([], 0);
        var pinned = query.Pinned is { } p ? $"AND m.pinned = {(p ? 1 : 0)}" : "";
        var from = $"""
            FROM message_search s JOIN messages m ON m.id = s.rowid
            WHERE message_search MATCH @match AND s.rowid > @min AND s.rowid < @max {pinned}
            """;
        var values = new { match, min = query.MinId?.Value ?? -1, max = query.MaxId?.Value ?? long.MaxValue, query.Limit, query.Offset };
        return await database.ReadAsync(async db =>
        {
            var total = await db.ExecuteScalarAsync<int>($"SELECT COUNT(*) {from}", values);
            var hits = await db.QueryAsync<(ChannelId Channel, MessageId Message)>(
                $"SELECT m.channel_id, m.id {from} ORDER BY s.rowid {(query.OldestFirst ? "ASC" : "DESC")} LIMIT @Limit OFFSET @Offset", values);
            return new SearchHits([.. hits.Select(h => new MessageKey(h.Channel, h.Message))], total);
        }, ct);
    }

    protected override async Task RunAsync(CancellationToken ct)
    {
        while (await IndexStepAsync(ct) == Step)
            await Task.Yield();
    }

    protected override void Failed(Exception e) => LogFailed(e);

    /// <summary>False where it took longer than a searcher should wait.</summary>
    async Task<bool> CatchUpAsync(CancellationToken ct)
    {
        var began = Clock.GetTimestamp();
        var target = await database.ReadAsync(db => db.ExecuteScalarAsync<long?>("SELECT MAX(id) FROM messages"), ct) ?? 0;
        while ((await database.ReadAsync(SearchRows.IndexedThroughAsync, ct)).Value < target)
        {
            if (Clock.GetElapsedTime(began) > Patience) return false;
            await IndexStepAsync(ct);
        }

        return true;
    }

    Task<int> IndexStepAsync(CancellationToken ct) => database.WriteAsync(db => SearchRows.AdvanceAsync(db, database.Dialect, Step), ct);

    [LoggerMessage(2200, LogLevel.Error, "The search index could not be brought up to date; it is tried again")]
    partial void LogFailed(Exception e);
}
