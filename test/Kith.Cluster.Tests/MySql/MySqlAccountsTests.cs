using Kith.Contracts.Accounts;
using Kith.Contracts.Sql;
using Kith.Storage.Sql;

namespace Kith.Cluster.Tests.MySql;

public sealed class MySqlUserStoreTests(MySqlFixture mysql) : SqlUserStoreSuite(mysql.Database);

public sealed class MySqlCredentialStoreTests(MySqlFixture mysql) : SqlCredentialStoreSuite(mysql.Database)
{
    protected override async ValueTask<AccountStores> EmptyStoresAsync()
    {
        await mysql.Server.SqlAsync("CREATE OR REPLACE DATABASE no_accounts CHARACTER SET utf8mb4");
        var empty = new MySqlDatabase(mysql.Server.ConnectionString("no_accounts"));
        await empty.MigrateAsync(default);
        return SqlStores.Accounts(empty);
    }
}

public sealed class MySqlAuthSessionStoreTests(MySqlFixture mysql) : SqlAuthSessionStoreSuite(mysql.Database);

public sealed class MySqlApplicationStoreTests(MySqlFixture mysql) : SqlApplicationStoreSuite(mysql.Database);

public sealed class MySqlRelationshipStoreTests(MySqlFixture mysql) : SqlRelationshipStoreSuite(mysql.Database);

public sealed class MySqlFollowStoreTests(MySqlFixture mysql) : SqlFollowStoreSuite(mysql.Database);

public sealed class MySqlSettingsStoreTests(MySqlFixture mysql) : SqlSettingsStoreSuite(mysql.Database);

public sealed class MySqlChannelStoreTests(MySqlFixture mysql) : SqlChannelStoreSuite(mysql.Database);

public sealed class MySqlLastSeenStoreTests(MySqlFixture mysql) : SqlLastSeenStoreSuite(mysql.Database);

public sealed class MySqlAdminStoreTests(MySqlFixture mysql) : SqlAdminStoreSuite(mysql.Database);
