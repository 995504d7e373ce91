using Kith.Contracts.Accounts;
using Kith.Contracts.Push;
using Kith.Engine.Push;
using Kith.Storage.Sql;
using Kith.Storage.Sql.Push;
using Kith.Storage.Sql.Unread;

namespace Kith.Contracts.Sql;

public abstract class SqlPushSubscriptionStoreSuite(SqlDatabase database) : PushSubscriptionStoreContract
{
    protected override ValueTask<(IPushSubscriptionStore Store, AccountStores Accounts)> StoresAsync() =>
        new((new SqlPushSubscriptionStore(database), SqlStores.Accounts(database)));
}

public abstract class SqlPushNoticeStoreSuite(SqlDatabase database) : PushNoticeStoreContract
{
    protected override ValueTask<PushStores> StoresAsync() => new(SqlStores.Push(database));
}

public abstract class SqlPushAudienceStoreSuite(SqlDatabase database) : PushAudienceStoreContract
{
    protected override ValueTask<PushStores> StoresAsync() => new(SqlStores.Push(database));
}

public abstract class SqlPushDigestStoreSuite(SqlDatabase database) : PushDigestStoreContract
{
    protected override ValueTask<(IPushDigestStore Store, AccountStores Accounts)> StoresAsync() => new((new SqlPushDigestStore(database), SqlStores.Accounts(database)));
}
