using Kith.Contracts.Accounts;
using Kith.Contracts.Push;
using Kith.Engine.Push;
using Kith.Storage.Sql;
using Kith.Storage.Sql.Push;
using Kith.Storage.Sql.Unread;

namespace Kith.Cluster.Tests.MySql;

static class MySqlPush
{
    public static PushStores Stores(SqlDatabase database) => new(
        new SqlPushSubscriptionStore(database), new SqlPushNoticeStore(database), new SqlPushAudienceStore(database), new SqlReadStateStore(database), MySqlAccounts.Stores(database));
}

public sealed class MySqlPushSubscriptionStoreTests(MySqlFixture mysql) : PushSubscriptionStoreContract
{
    protected override ValueTask<(IPushSubscriptionStore Store, AccountStores Accounts)> StoresAsync() =>
        new((new SqlPushSubscriptionStore(mysql.Database), MySqlAccounts.Stores(mysql.Database)));
}

public sealed class MySqlPushNoticeStoreTests(MySqlFixture mysql) : PushNoticeStoreContract
{
    protected override ValueTask<PushStores> StoresAsync() => new(MySqlPush.Stores(mysql.Database));
}

public sealed class MySqlPushAudienceStoreTests(MySqlFixture mysql) : PushAudienceStoreContract
{
    protected override ValueTask<PushStores> StoresAsync() => new(MySqlPush.Stores(mysql.Database));
}

public sealed class MySqlPushDigestStoreTests(MySqlFixture mysql) : PushDigestStoreContract
{
    protected override ValueTask<(IPushDigestStore Store, AccountStores Accounts)> StoresAsync() => new((new SqlPushDigestStore(mysql.Database), MySqlAccounts.Stores(mysql.Database)));
}
