using Kith.Contracts.Accounts;
using Kith.Contracts.Push;
using Kith.Engine.Push;
using Kith.Storage.Sql;
using Kith.Storage.Sql.Push;
using Kith.Storage.Sql.Unread;

namespace Kith.Engine.Tests.Sqlite;

static class SqlitePush
{
    public static PushStores Stores(SqlDatabase database) => new(
        new SqlPushSubscriptionStore(database), new SqlPushNoticeStore(database), new SqlPushAudienceStore(database), new SqlReadStateStore(database), SqliteAccounts.Stores(database));
}

public sealed class SqlitePushSubscriptionStoreTests(SqliteFixture sqlite) : PushSubscriptionStoreContract
{
    protected override ValueTask<(IPushSubscriptionStore Store, AccountStores Accounts)> StoresAsync() =>
        new((new SqlPushSubscriptionStore(sqlite.Database), SqliteAccounts.Stores(sqlite.Database)));
}

public sealed class SqlitePushNoticeStoreTests(SqliteFixture sqlite) : PushNoticeStoreContract
{
    protected override ValueTask<PushStores> StoresAsync() => new(SqlitePush.Stores(sqlite.Database));
}

public sealed class SqlitePushAudienceStoreTests(SqliteFixture sqlite) : PushAudienceStoreContract
{
    protected override ValueTask<PushStores> StoresAsync() => new(SqlitePush.Stores(sqlite.Database));
}

public sealed class SqlitePushDigestStoreTests(SqliteFixture sqlite) : PushDigestStoreContract
{
    protected override ValueTask<(IPushDigestStore Store, AccountStores Accounts)> StoresAsync() => new((new SqlPushDigestStore(sqlite.Database), SqliteAccounts.Stores(sqlite.Database)));
}
