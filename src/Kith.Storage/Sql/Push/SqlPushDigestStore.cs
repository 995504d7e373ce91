using Dapper;
using Kith.Domain;
using Kith.Engine.Push;

namespace Kith.Storage.Sql.Push;

/// <summary>
/// <code>
/// push_digests (user_id)
/// └── due_at
/// </code>
/// </summary>
public sealed class SqlPushDigestStore(SqlDatabase database) : IPushDigestStore
{
    public Task MissedAsync(IReadOnlyCollection<UserId> users, DateTimeOffset due, CancellationToken ct) => database.WriteAsync(db => db.ExecuteAsync(
        $"""
        {database.Dialect.InsertIgnore} INTO push_digests (user_id, due_at)
        SELECT id, @due FROM users WHERE id IN ({SqlTypes.Join(users)}) AND email IS NOT NULL AND bot = 0
        """, new { due }), ct);

    public Task SeenAsync(IReadOnlyCollection<UserId> users, CancellationToken ct) =>
        database.WriteAsync(db => db.ExecuteAsync($"DELETE FROM push_digests WHERE user_id IN ({SqlTypes.Join(users)})"), ct);

    public Task<IReadOnlyList<UserId>> TakeDueAsync(DateTimeOffset now, int most, CancellationToken ct) => database.WriteAsync<IReadOnlyList<UserId>>(async db =>
    {
        var due = (await db.QueryAsync<UserId>($"SELECT user_id FROM push_digests WHERE due_at <= @now ORDER BY due_at LIMIT @most{database.Dialect.ForUpdate}", new { now, most })).AsList();
        if (due.Count > 0) await db.ExecuteAsync($"UPDATE push_digests SET due_at = NULL WHERE user_id IN ({SqlTypes.Join(due)})");
        return due;
    }, ct);

    public Task PutBackAsync(UserId user, DateTimeOffset due, CancellationToken ct) =>
        database.WriteAsync(db => db.ExecuteAsync("UPDATE push_digests SET due_at = @due WHERE user_id = @user", new { user, due }), ct);
}
