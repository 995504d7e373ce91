using Kith.Contracts.Accounts;
using Kith.Contracts.Push;
using Kith.Engine.Push;
using Kith.Storage.Sql.Push;

namespace Kith.Engine.Tests.Sqlite;

public sealed class SqlitePushSubscriptionStoreTests(SqliteFixture sqlite) : PushSubscriptionStoreContract
{
    protected override ValueTask<(IPushSubscriptionStore Store, AccountStores Accounts)> StoresAsync() =>
        new((new SqlPushSubscriptionStore(sqlite.Database), SqliteAccounts.Stores(sqlite.Database)));
}
