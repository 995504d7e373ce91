using Dapper;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Bots;
using Kith.Storage.Sql.Accounts;

namespace Kith.Storage.Sql.Bots;

public sealed class SqlApplicationStore(SqlDatabase database) : IApplicationStore
{
    const string Columns = "id, owner_id, name, description";

    public Task<ApplicationRecord?> FindAsync(AppId id, CancellationToken ct) => database.ReadAsync(
        db => db.QuerySingleOrDefaultAsync<ApplicationRecord>($"SELECT {Columns} FROM applications WHERE id = @id", new { id }), ct);

    public Task<IReadOnlyList<ApplicationRecord>> OfOwnerAsync(UserId owner, CancellationToken ct) => database.ReadAsync<IReadOnlyList<ApplicationRecord>>(
        async db => [.. await db.QueryAsync<ApplicationRecord>($"SELECT {Columns} FROM applications WHERE owner_id = @owner ORDER BY id", new { owner })], ct);

    public Task<UserSaved> CreateAsync(ApplicationRecord application, UserRecord bot, AuthSessionRecord session, CancellationToken ct) => database.WriteAsync(async db =>
    {
        if (await SqlUserStore.InsertAsync(database.Dialect, db, bot) == 0) return new UserSaved(await SqlUserStore.ConflictAsync(db, bot), null);
        await db.ExecuteAsync("INSERT INTO applications (id, owner_id, name, description) VALUES (@Id, @OwnerId, @Name, @Description)", application);
        await SqlAuthSessionStore.InsertAsync(db, [session]);
        return new UserSaved(UserConflict.None, bot);
    }, ct);
}
