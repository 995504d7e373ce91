using Kith.Contracts.Accounts;
using Kith.Contracts.Push;
using Kith.Engine.Push;
using Kith.Storage.Sql.Push;

namespace Kith.Cluster.Tests.MySql;

public sealed class MySqlPushSubscriptionStoreTests(MySqlFixture mysql) : PushSubscriptionStoreContract
{
    protected override ValueTask<(IPushSubscriptionStore Store, AccountStores Accounts)> StoresAsync() =>
        new((new SqlPushSubscriptionStore(mysql.Database), MySqlAccounts.Stores(mysql.Database)));
}
