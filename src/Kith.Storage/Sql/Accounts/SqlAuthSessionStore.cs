using System.Data.Common;
using Dapper;
using Kith.Domain;
using Kith.Engine.Accounts;

namespace Kith.Storage.Sql.Accounts;

public sealed class SqlAuthSessionStore(SqlDatabase database) : IAuthSessionStore
{
    const string Columns = "id, user_id, created_at, last_used_at, address, user_agent";

    public Task<AuthSessionRecord?> FindAsync(AuthSessionId id, CancellationToken ct) => database.ReadAsync(
        db => db.QuerySingleOrDefaultAsync<AuthSessionRecord>($"SELECT {Columns} FROM auth_sessions WHERE id = @id", new { id }), ct);

    public Task<IReadOnlyList<AuthSessionRecord>> OfUserAsync(UserId user, CancellationToken ct) => database.ReadAsync<IReadOnlyList<AuthSessionRecord>>(
        async db => [.. await db.QueryAsync<AuthSessionRecord>($"SELECT {Columns} FROM auth_sessions WHERE user_id = @user ORDER BY id DESC", new { user })], ct);

    public Task AddAsync(IReadOnlyCollection<AuthSessionRecord> sessions, CancellationToken ct) => database.WriteAsync(db => InsertAsync(db, sessions), ct);

    public Task<bool> AddAsync(AuthSessionRecord session, string passwordHash, CancellationToken ct) => database.WriteAsync(async db =>
    {
        var current = await db.ExecuteScalarAsync<string?>(
            $"SELECT password_hash FROM credentials WHERE user_id = @user{database.Dialect.ForUpdate}", new { user = session.UserId });
        if (current != passwordHash) return false;
        await InsertAsync(db, [session]);
        return true;
    }, ct);

    public Task<IReadOnlyList<AuthSessionId>> RemoveAsync(UserId user, IReadOnlyCollection<AuthSessionId> ids, CancellationToken ct) =>
        database.WriteAsync<IReadOnlyList<AuthSessionId>>(async db =>
        {
            var keys = ids.Select(id => id.Value).ToArray();
            var found = (await db.QueryAsync<AuthSessionId>(
                $"SELECT id FROM auth_sessions WHERE user_id = @user AND id IN @keys{database.Dialect.ForUpdate}", new { user, keys })).AsList();
            await db.ExecuteAsync("DELETE FROM auth_sessions WHERE user_id = @user AND id IN @keys", new { user, keys });
            return found;
        }, ct);

    public Task TouchAsync(IReadOnlyDictionary<AuthSessionId, DateTimeOffset> lastUses, CancellationToken ct) => database.WriteAsync(
        db => db.ExecuteAsync("UPDATE auth_sessions SET last_used_at = @Value WHERE id = @Key", lastUses.Select(use => new { use.Key, use.Value })), ct);

    internal static Task<int> InsertAsync(DbConnection db, IReadOnlyCollection<AuthSessionRecord> sessions) => db.ExecuteAsync(
        """
        INSERT INTO auth_sessions (id, user_id, created_at, last_used_at, address, user_agent)
        VALUES (@Id, @UserId, @CreatedAt, @LastUsedAt, @Address, @UserAgent)
        """, sessions);
}
