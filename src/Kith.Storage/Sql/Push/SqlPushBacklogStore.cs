using Dapper;
using Kith.Domain;
using Kith.Engine.Messages;
using Kith.Engine.Push;
using Kith.Storage.Sql.Messages;

namespace Kith.Storage.Sql.Push;

/// <summary>
/// For the embedded store, whose messages lie in the order of their ids.
/// <code>
/// push_progress (1)
/// └── message_id
/// </code>
/// </summary>
public sealed class SqlPushBacklogStore(SqlDatabase database) : IPushBacklogStore
{
    public Task<MessageId?> ProgressAsync(CancellationToken ct) => database.ReadAsync(
        async db => await db.ExecuteScalarAsync<long?>("SELECT message_id FROM push_progress WHERE id = 1") is { } id ? new MessageId(id) : (MessageId?)null, ct);

    public Task SaveProgressAsync(MessageId through, CancellationToken ct) => database.WriteAsync(db => db.ExecuteAsync(
        $"INSERT INTO push_progress (id, message_id) VALUES (1, @through) {database.Dialect.OnConflictUpdate("id", "message_id")}", new { through }), ct);

    public Task<IReadOnlyList<MessageRecord>> MessagesAsync(MessageId after, int limit, CancellationToken ct) => database.ReadAsync<IReadOnlyList<MessageRecord>>(
        async db => [.. (await db.QueryAsync<MessageRow>($"SELECT {MessageRow.Columns} FROM messages WHERE id > @after ORDER BY id LIMIT @limit", new { after, limit })).Select(r => r.ToRecord())], ct);
}
