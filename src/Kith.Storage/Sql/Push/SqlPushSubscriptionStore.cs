using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Kith.Domain;
using Kith.Engine.Push;

namespace Kith.Storage.Sql.Push;

/// <summary>
/// <code>
/// push_keys (name)
/// └── value
/// push_subscriptions (id)
/// ├── user_id, session_id (auth_sessions), created_at
/// ├── kind, service, address, address_hash (SHA-256, unique)
/// └── public_key, secret
/// </code>
/// </summary>
public sealed class SqlPushSubscriptionStore(SqlDatabase database) : IPushSubscriptionStore
{
    /// <summary>A subscription whose login has ended is as good as gone: nobody waits for somebody to delete it.</summary>
    internal const string Living = "JOIN auth_sessions a ON a.id = s.session_id AND a.user_id = s.user_id";

    internal const string Columns = "s.id, s.user_id, s.session_id, s.kind, s.service, s.address, s.public_key, s.secret, s.created_at";

    public Task<PushSubscription> SaveAsync(PushSubscription subscription, int most, CancellationToken ct) => database.WriteAsync(async db =>
    {
        var hash = HashOf(subscription.Address);
        var known = await db.ExecuteScalarAsync<long?>($"SELECT id FROM push_subscriptions WHERE address_hash = @hash{database.Dialect.ForUpdate}", new { hash });
        var stored = known is { } id ? subscription with { Id = new PushSubscriptionId(id) } : subscription;
        if (known is not null) await DeleteAsync(db, $"id = {stored.Id}", new { });
        await db.ExecuteAsync(
            """
            INSERT INTO push_subscriptions (id, user_id, session_id, kind, service, address, address_hash, public_key, secret, created_at)
            VALUES (@Id, @UserId, @SessionId, @Kind, @Service, @Address, @hash, @PublicKey, @Secret, @CreatedAt)
            """,
            new { stored.Id, stored.UserId, stored.SessionId, stored.Kind, stored.Service, stored.Address, hash, stored.PublicKey, stored.Secret, stored.CreatedAt });
        var excess = (await db.QueryAsync<long>("SELECT id FROM push_subscriptions WHERE user_id = @UserId AND id <> @Id ORDER BY created_at DESC, id DESC", new { stored.UserId, stored.Id }))
            .Skip(most - 1).ToArray();
        if (excess.Length > 0) await DeleteAsync(db, $"id IN ({string.Join(',', excess)})", new { });
        return stored;
    }, ct);

    public Task<IReadOnlyList<PushSubscription>> OfUserAsync(UserId user, CancellationToken ct) => database.ReadAsync<IReadOnlyList<PushSubscription>>(
        async db => [.. await db.QueryAsync<PushSubscription>($"SELECT {Columns} FROM push_subscriptions s {Living} WHERE s.user_id = @user ORDER BY s.created_at, s.id", new { user })], ct);

    public Task<bool> RemoveAsync(UserId user, PushSubscriptionId id, CancellationToken ct) =>
        database.WriteAsync(async db => await DeleteAsync(db, "user_id = @user AND id = @id", new { user, id }) > 0, ct);

    public Task<bool> RemoveAsync(UserId user, string address, CancellationToken ct) =>
        database.WriteAsync(async db => await DeleteAsync(db, "user_id = @user AND address_hash = @hash", new { user, hash = HashOf(address) }) > 0, ct);

    public Task<string> KeyAsync(string name, string offered, CancellationToken ct) => database.WriteAsync(async db =>
    {
        await db.ExecuteAsync($"{database.Dialect.InsertIgnore} INTO push_keys (name, value) VALUES (@name, @offered)", new { name, offered });
        return await db.ExecuteScalarAsync<string>("SELECT value FROM push_keys WHERE name = @name", new { name }) ?? offered;
    }, ct);

    /// <summary>Subscriptions with their notices.</summary>
    internal static async Task<int> DeleteAsync(DbConnection db, string where, object parameters)
    {
        await db.ExecuteAsync($"DELETE FROM push_notices WHERE subscription_id IN (SELECT id FROM push_subscriptions WHERE {where})", parameters);
        return await db.ExecuteAsync($"DELETE FROM push_subscriptions WHERE {where}", parameters);
    }

    static string HashOf(string address) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address)));
}
