using Kith.Contracts.Accounts;
using Kith.Contracts.Channels;
using Kith.Contracts.Guilds;
using Kith.Contracts.People;
using Kith.Engine.Admin;
using Kith.Engine.Channels;
using Kith.Storage.Sql;
using Kith.Storage.Sql.Accounts;
using Kith.Storage.Sql.Admin;
using Kith.Storage.Sql.Bots;
using Kith.Storage.Sql.Channels;
using Kith.Storage.Sql.People;
using Kith.Storage.Sql.Preferences;
using Kith.Testing;

namespace Kith.Engine.Tests.Sqlite;

static class SqliteAccounts
{
    public static AccountStores Stores(SqlDatabase database) => new(
        new SqlUserStore(database), new SqlCredentialStore(database), new SqlAuthSessionStore(database), new SqlRegistrationCodeStore(database), new SqlApplicationStore(database),
        new PeopleStores(new SqlRelationshipStore(database), new SqlFollowStore(database), new SqlSettingsStore(database), new SqlChannelStore(database, TimeProvider.System)));
}

public sealed class SqliteUserStoreTests(SqliteFixture sqlite) : UserStoreContract
{
    protected override ValueTask<AccountStores> StoresAsync() => new(SqliteAccounts.Stores(sqlite.Database));
}

public sealed class SqliteCredentialStoreTests(SqliteFixture sqlite) : CredentialStoreContract, IAsyncLifetime
{
    readonly TemporaryFolder folder = new();
    SqliteDatabase? empty;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        if (empty is not null) await empty.DisposeAsync();
        folder.Dispose();
    }

    protected override ValueTask<AccountStores> StoresAsync() => new(SqliteAccounts.Stores(sqlite.Database));

    protected override async ValueTask<AccountStores> EmptyStoresAsync()
    {
        empty = new SqliteDatabase(Path.Combine(folder.Path, "empty.db"));
        await empty.MigrateAsync(default);
        return SqliteAccounts.Stores(empty);
    }
}

public sealed class SqliteAuthSessionStoreTests(SqliteFixture sqlite) : AuthSessionStoreContract
{
    protected override ValueTask<AccountStores> StoresAsync() => new(SqliteAccounts.Stores(sqlite.Database));
}

public sealed class SqliteApplicationStoreTests(SqliteFixture sqlite) : ApplicationStoreContract
{
    protected override ValueTask<AccountStores> StoresAsync() => new(SqliteAccounts.Stores(sqlite.Database));
}

public sealed class SqliteRelationshipStoreTests(SqliteFixture sqlite) : RelationshipStoreContract
{
    protected override ValueTask<AccountStores> StoresAsync() => new(SqliteAccounts.Stores(sqlite.Database));
}

public sealed class SqliteFollowStoreTests(SqliteFixture sqlite) : FollowStoreContract
{
    protected override ValueTask<AccountStores> StoresAsync() => new(SqliteAccounts.Stores(sqlite.Database));
}

public sealed class SqliteSettingsStoreTests(SqliteFixture sqlite) : SettingsStoreContract
{
    protected override ValueTask<AccountStores> StoresAsync() => new(SqliteAccounts.Stores(sqlite.Database));
}

public sealed class SqliteChannelStoreTests(SqliteFixture sqlite) : ChannelStoreContract
{
    protected override ValueTask<IChannelStore> StoreAsync() => new(new SqlChannelStore(sqlite.Database, TimeProvider.System));

    protected override ValueTask<GuildStores> GuildsAsync() => new(SqliteGuilds.Stores(sqlite));
}

public sealed class SqliteAdminStoreTests(SqliteFixture sqlite) : AdminStoreContract
{
    protected override ValueTask<(IAdminStore Store, AccountStores Accounts)> StoresAsync() => new((new SqlAdminStore(sqlite.Database), SqliteAccounts.Stores(sqlite.Database)));
}
