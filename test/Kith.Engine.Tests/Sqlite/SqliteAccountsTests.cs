using Kith.Contracts.Accounts;
using Kith.Contracts.Sql;
using Kith.Storage.Sql;
using Kith.Testing;

namespace Kith.Engine.Tests.Sqlite;

public sealed class SqliteUserStoreTests(SqliteFixture sqlite) : SqlUserStoreSuite(sqlite.Database);

public sealed class SqliteCredentialStoreTests(SqliteFixture sqlite) : SqlCredentialStoreSuite(sqlite.Database), IAsyncLifetime
{
    readonly TemporaryFolder folder = new();
    SqliteDatabase? empty;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        if (empty is not null) await empty.DisposeAsync();
        folder.Dispose();
    }

    protected override async ValueTask<AccountStores> EmptyStoresAsync()
    {
        empty = new SqliteDatabase(Path.Combine(folder.Path, "empty.db"));
        await empty.MigrateAsync(default);
        return SqlStores.Accounts(empty);
    }
}

public sealed class SqliteAuthSessionStoreTests(SqliteFixture sqlite) : SqlAuthSessionStoreSuite(sqlite.Database);

public sealed class SqliteApplicationStoreTests(SqliteFixture sqlite) : SqlApplicationStoreSuite(sqlite.Database);

public sealed class SqliteRelationshipStoreTests(SqliteFixture sqlite) : SqlRelationshipStoreSuite(sqlite.Database);

public sealed class SqliteFollowStoreTests(SqliteFixture sqlite) : SqlFollowStoreSuite(sqlite.Database);

public sealed class SqliteSettingsStoreTests(SqliteFixture sqlite) : SqlSettingsStoreSuite(sqlite.Database);

public sealed class SqliteChannelStoreTests(SqliteFixture sqlite) : SqlChannelStoreSuite(sqlite.Database);

public sealed class SqliteAdminStoreTests(SqliteFixture sqlite) : SqlAdminStoreSuite(sqlite.Database);
