using Kith.Contracts.Accounts;
using Kith.Contracts.Channels;
using Kith.Contracts.Guilds;
using Kith.Contracts.People;
using Kith.Contracts.Presence;
using Kith.Engine.Admin;
using Kith.Engine.Channels;
using Kith.Engine.Presence;
using Kith.Storage.Sql;
using Kith.Storage.Sql.Accounts;
using Kith.Storage.Sql.Admin;
using Kith.Storage.Sql.Bots;
using Kith.Storage.Sql.Channels;
using Kith.Storage.Sql.Guilds;
using Kith.Storage.Sql.People;
using Kith.Storage.Sql.Preferences;
using Kith.Storage.Sql.Presence;

namespace Kith.Cluster.Tests.MySql;

static class MySqlAccounts
{
    public static AccountStores Stores(SqlDatabase database) => new(
        new SqlUserStore(database), new SqlCredentialStore(database), new SqlAuthSessionStore(database), new SqlRegistrationCodeStore(database), new SqlApplicationStore(database),
        new PeopleStores(new SqlRelationshipStore(database), new SqlFollowStore(database), new SqlSettingsStore(database), new SqlChannelStore(database, TimeProvider.System)));
}

public sealed class MySqlUserStoreTests(MySqlFixture mysql) : UserStoreContract
{
    protected override ValueTask<AccountStores> StoresAsync() => new(MySqlAccounts.Stores(mysql.Database));
}

public sealed class MySqlCredentialStoreTests(MySqlFixture mysql) : CredentialStoreContract
{
    protected override ValueTask<AccountStores> StoresAsync() => new(MySqlAccounts.Stores(mysql.Database));

    protected override async ValueTask<AccountStores> EmptyStoresAsync()
    {
        await mysql.Server.SqlAsync("CREATE OR REPLACE DATABASE no_accounts CHARACTER SET utf8mb4");
        var empty = new MySqlDatabase(mysql.Server.ConnectionString("no_accounts"));
        await empty.MigrateAsync(default);
        return MySqlAccounts.Stores(empty);
    }
}

public sealed class MySqlAuthSessionStoreTests(MySqlFixture mysql) : AuthSessionStoreContract
{
    protected override ValueTask<AccountStores> StoresAsync() => new(MySqlAccounts.Stores(mysql.Database));
}

public sealed class MySqlApplicationStoreTests(MySqlFixture mysql) : ApplicationStoreContract
{
    protected override ValueTask<AccountStores> StoresAsync() => new(MySqlAccounts.Stores(mysql.Database));
}

public sealed class MySqlRelationshipStoreTests(MySqlFixture mysql) : RelationshipStoreContract
{
    protected override ValueTask<AccountStores> StoresAsync() => new(MySqlAccounts.Stores(mysql.Database));
}

public sealed class MySqlFollowStoreTests(MySqlFixture mysql) : FollowStoreContract
{
    protected override ValueTask<AccountStores> StoresAsync() => new(MySqlAccounts.Stores(mysql.Database));
}

public sealed class MySqlSettingsStoreTests(MySqlFixture mysql) : SettingsStoreContract
{
    protected override ValueTask<AccountStores> StoresAsync() => new(MySqlAccounts.Stores(mysql.Database));
}

public sealed class MySqlChannelStoreTests(MySqlFixture mysql) : ChannelStoreContract
{
    protected override ValueTask<IChannelStore> StoreAsync() => new(new SqlChannelStore(mysql.Database, TimeProvider.System));

    protected override ValueTask<GuildStores> GuildsAsync()
    {
        var guilds = new SqlGuildStore(mysql.Database, TimeProvider.System);
        return new(new GuildStores(
            guilds, new SqlMemberStore(mysql.Database), new SqlBanStore(mysql.Database), new SqlInviteStore(mysql.Database), new SqlAuditLogStore(mysql.Database), guilds));
    }
}

public sealed class MySqlLastSeenStoreTests(MySqlFixture mysql) : LastSeenStoreContract
{
    protected override ValueTask<ILastSeenStore> StoreAsync() => new(new SqlLastSeenStore(mysql.Database));
}

public sealed class MySqlAdminStoreTests(MySqlFixture mysql) : AdminStoreContract
{
    protected override ValueTask<(IAdminStore Store, AccountStores Accounts)> StoresAsync() => new((new SqlAdminStore(mysql.Database), MySqlAccounts.Stores(mysql.Database)));
}
