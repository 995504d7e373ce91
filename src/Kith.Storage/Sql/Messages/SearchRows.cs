using System.Data.Common;
using Dapper;
using Kith.Domain;
using Kith.Engine.Messages;

namespace Kith.Storage.Sql.Messages;

/// <summary>
/// Rows of SQLite's full-text index. It holds every message up to search_state.indexed_through; changes to those go into it at once, in the same transaction; newer messages are added by
/// <see cref="SqliteSearchIndex"/> soon after their commit, so that no send waits for the index.
/// </summary>
static class SearchRows
{
    public static async Task<MessageId> IndexedThroughAsync(DbConnection db) =>
        new(await PreparedStatement.On(db, "SELECT indexed_through FROM search_state WHERE id = 1", 0).ScalarAsync());

    /// <summary>Adds those that the index should hold already: edited ones, and imported ones with old ids.</summary>
    public static Task AddAsync(DbConnection db, SqlDialect dialect, ChannelId channel, IReadOnlyCollection<MessageId> ids) => ChangeAsync(db, dialect, channel, ids, Insert);

    /// <summary>Before a change or deletion: the index has to be told the old text.</summary>
    public static Task ForgetAsync(DbConnection db, SqlDialect dialect, ChannelId channel, IReadOnlyCollection<MessageId> ids) => ChangeAsync(db, dialect, channel, ids, Delete);

    /// <summary>Of messages just stored, those older than what the index holds: only imports have such. One small query for a batch.</summary>
    public static async Task AddOldAsync(DbConnection db, SqlDialect dialect, IReadOnlyList<MessageRecord> messages)
    {
        if (dialect is not SqliteDialect) return;
        var through = await IndexedThroughAsync(db);
        MessageRecord[] old = [.. messages.Where(m => m.Id <= through)];
        if (old.Length > 0) await InsertAsync(db, old);
    }

    /// <summary>Adds the next messages beyond what the index holds, within a transaction; how many there were.</summary>
    public static async Task<int> AdvanceAsync(DbConnection db, SqlDialect dialect, int limit)
    {
        if (dialect is not SqliteDialect) return 0;
        var through = await IndexedThroughAsync(db);
        var rows = (await db.QueryAsync<MessageRow>($"SELECT {MessageRow.Columns} FROM messages WHERE id > @through ORDER BY id LIMIT @limit", new { through, limit })).AsList();
        if (rows.Count == 0) return 0;
        await InsertAsync(db, rows.Select(r => r.ToRecord()));
        await db.ExecuteAsync("UPDATE search_state SET indexed_through = @Id WHERE id = 1", new { rows[^1].Id });
        return rows.Count;
    }

    public static Task InsertAsync(DbConnection db, IEnumerable<MessageRecord> messages) => RunAsync(db, Insert, messages);

    const string Insert = "INSERT INTO message_search (rowid, words, scope) VALUES (@p0, @p1, @p2)";
    const string Delete = "INSERT INTO message_search (message_search, rowid, words, scope) VALUES ('delete', @p0, @p1, @p2)";

    static async Task ChangeAsync(DbConnection db, SqlDialect dialect, ChannelId channel, IReadOnlyCollection<MessageId> ids, string sql)
    {
        if (dialect is not SqliteDialect) return;
        var through = await IndexedThroughAsync(db);
        var indexed = SqlTypes.Values(ids.Where(id => id <= through));
        if (indexed.Length == 0) return;
        var rows = await db.QueryAsync<MessageRow>($"SELECT {MessageRow.Columns} FROM messages WHERE channel_id = @channel AND id IN @indexed", new { channel, indexed });
        await RunAsync(db, sql, rows.Select(r => r.ToRecord()));
    }

    static async Task RunAsync(DbConnection db, string sql, IEnumerable<MessageRecord> messages)
    {
        var statement = PreparedStatement.On(db, sql, 3);
        foreach (var message in messages)
            await statement.ExecuteAsync(message.Id.Value, SearchText.Words(message.Content), SearchText.Scope(message));
    }
}
