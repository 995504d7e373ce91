using System.Data.Common;
using Dapper;
using Kith.Domain;
using Kith.Engine.Import;
using Kith.Engine.Messages;

namespace Kith.Storage.Sql.Import;

/// <summary>Which ids imports gave to messages, whatever the channel: the embedded store's messages are found by their ids, elsewhere there is a table of runs of ids.</summary>
static class ImportedIdRows
{
    const int MostInRun = 4096;

    public static async Task<MessageId> NewestBelowAsync(DbConnection db, SqlDialect dialect, MessageId limit) => new(await db.ExecuteScalarAsync<long?>(dialect is SqliteDialect
        ? "SELECT MAX(id) FROM messages WHERE id < @limit"
        : "SELECT last_id FROM imported_ids WHERE first_id < @limit ORDER BY first_id DESC LIMIT 1", new { limit }) ?? 0);

    public static async Task<HashSet<long>> TakenAsync(DbConnection db, SqlDialect dialect, MessageSpan span)
    {
        if (dialect is SqliteDialect) return [.. await db.QueryAsync<long>("SELECT id FROM messages WHERE id > @After AND id <= @Through", new { span.After, span.Through })];
        var runs = await db.QueryAsync<(long First, long Last)>(
            "SELECT first_id, last_id FROM imported_ids WHERE first_id > @from AND first_id <= @Through AND last_id > @After", new { from = span.After.Value - MostInRun, span.After, span.Through });
        return [.. runs.SelectMany(r => Ids(r.First, r.Last)).Where(id => id > span.After.Value && id <= span.Through.Value)];
    }

    /// <summary>Takes a batch's ids, in the turn of this transaction; false where one of them is taken.</summary>
    /// <param name="own">Those that the batch has taken before.</param>
    public static async Task<bool> TakeAsync(DbConnection db, SqlDialect dialect, ImportBatch batch, IReadOnlyList<MessageId> own)
    {
        await db.ExecuteAsync($"INSERT INTO instance_claims (name, holder) VALUES ('import_ids', 0) {dialect.OnConflictLock("name", "holder")}");
        long[] ids = [.. batch.Messages.Select(m => m.Id.Value).Except(own.Select(id => id.Value))];
        if (ids.Length == 0) return true;
        var taken = await TakenAsync(db, dialect, new MessageSpan(new MessageId(ids[0] - 1), new MessageId(ids[^1])));
        if (ids.Any(taken.Contains)) return false;
        if (dialect is SqliteDialect) return true;
        foreach (var runs in Runs(ids).Chunk(1000))
        {
            await db.ExecuteAsync(
                $"INSERT INTO imported_ids (first_id, last_id, channel_id, source, line_count) VALUES {string.Join(", ", runs.Select(r => $"({r.First}, {r.Last}, @Channel, @Source, @Lines)"))}",
                new { batch.Channel, batch.Source, batch.Lines });
        }

        return true;
    }

    /// <summary>Of each source of the channel that has taken ids and was not done with them, those ids in order.</summary>
    public static async Task<Dictionary<string, IReadOnlyList<MessageId>>> PendingAsync(DbConnection db, ChannelId channel) => (await db.QueryAsync<(long First, long Last, string Source)>(
        """
        SELECT i.first_id, i.last_id, i.source FROM imported_ids i
        LEFT JOIN imported_sources s ON s.channel_id = i.channel_id AND s.source = i.source
        WHERE i.channel_id = @channel AND i.line_count > COALESCE(s.line_count, 0) ORDER BY i.first_id
        """, new { channel })).GroupBy(r => r.Source, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, IReadOnlyList<MessageId> (g) => [.. g.SelectMany(r => Ids(r.First, r.Last)).Select(id => new MessageId(id))], StringComparer.Ordinal);

    /// <summary>The source is done with what it took, also where its log has become shorter meanwhile.</summary>
    public static Task SettleAsync(DbConnection db, ImportBatch batch) => db.ExecuteAsync(
        "UPDATE imported_ids SET line_count = @Lines WHERE channel_id = @Channel AND source = @Source AND line_count > @Lines", new { batch.Channel, batch.Source, batch.Lines });

    static IEnumerable<long> Ids(long first, long last)
    {
        for (var id = first; id <= last; id++)
            yield return id;
    }

    static IEnumerable<(long First, long Last)> Runs(long[] ids)
    {
        for (var (begin, i) = (0, 1); i <= ids.Length; i++)
        {
            if (i < ids.Length && ids[i] == ids[i - 1] + 1 && i - begin < MostInRun) continue;
            yield return (ids[begin], ids[i - 1]);
            begin = i;
        }
    }
}
