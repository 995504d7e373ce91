using Dapper;
using Kith.Domain;
using Kith.Engine.People;

namespace Kith.Storage.Sql.People;

public sealed class SqlFollowStore(SqlDatabase database) : IFollowStore
{
    public Task<bool> AddAsync(UserId user, UserId target, DateTimeOffset at, CancellationToken ct) => database.WriteAsync(
        async db => await db.ExecuteAsync(
            $"{database.Dialect.InsertIgnore} INTO follows (user_id, target_id, since) VALUES (@user, @target, @at)", new { user, target, at }) == 1, ct);

    public Task<bool> RemoveAsync(UserId user, UserId target, CancellationToken ct) => database.WriteAsync(
        async db => await db.ExecuteAsync("DELETE FROM follows WHERE user_id = @user AND target_id = @target", new { user, target }) == 1, ct);

    public Task<IReadOnlyList<UserId>> FollowersAsync(UserId target, UserId after, int limit, CancellationToken ct) => ListAsync(
        "SELECT user_id FROM follows WHERE target_id = @one AND user_id > @after ORDER BY user_id LIMIT @limit", target, after, limit, ct);

    public Task<IReadOnlyList<UserId>> FollowedByAsync(UserId user, UserId after, int limit, CancellationToken ct) => ListAsync(
        "SELECT target_id FROM follows WHERE user_id = @one AND target_id > @after ORDER BY target_id LIMIT @limit", user, after, limit, ct);

    Task<IReadOnlyList<UserId>> ListAsync(string sql, UserId one, UserId after, int limit, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<UserId>>(async db => [.. await db.QueryAsync<UserId>(sql, new { one, after, limit })], ct);
}
