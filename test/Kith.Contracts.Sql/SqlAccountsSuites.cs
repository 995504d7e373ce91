using Kith.Contracts.Accounts;
using Kith.Contracts.Channels;
using Kith.Contracts.Guilds;
using Kith.Contracts.People;
using Kith.Contracts.Presence;
using Kith.Engine.Admin;
using Kith.Engine.Channels;
using Kith.Engine.Presence;
using Kith.Storage.Sql;
using Kith.Storage.Sql.Admin;
using Kith.Storage.Sql.Channels;
using Kith.Storage.Sql.Presence;

namespace Kith.Contracts.Sql;

public abstract class SqlUserStoreSuite(SqlDatabase database) : UserStoreContract
{
    protected override ValueTask<AccountStores> StoresAsync() => new(SqlStores.Accounts(database));
}

public abstract class SqlCredentialStoreSuite(SqlDatabase database) : CredentialStoreContract
{
    protected override ValueTask<AccountStores> StoresAsync() => new(SqlStores.Accounts(database));
}

public abstract class SqlAuthSessionStoreSuite(SqlDatabase database) : AuthSessionStoreContract
{
    protected override ValueTask<AccountStores> StoresAsync() => new(SqlStores.Accounts(database));
}

public abstract class SqlApplicationStoreSuite(SqlDatabase database) : ApplicationStoreContract
{
    protected override ValueTask<AccountStores> StoresAsync() => new(SqlStores.Accounts(database));
}

public abstract class SqlRelationshipStoreSuite(SqlDatabase database) : RelationshipStoreContract
{
    protected override ValueTask<AccountStores> StoresAsync() => new(SqlStores.Accounts(database));
}

public abstract class SqlFollowStoreSuite(SqlDatabase database) : FollowStoreContract
{
    protected override ValueTask<AccountStores> StoresAsync() => new(SqlStores.Accounts(database));
}

public abstract class SqlSettingsStoreSuite(SqlDatabase database) : SettingsStoreContract
{
    protected override ValueTask<AccountStores> StoresAsync() => new(SqlStores.Accounts(database));
}

public abstract class SqlChannelStoreSuite(SqlDatabase database) : ChannelStoreContract
{
    protected override ValueTask<IChannelStore> StoreAsync() => new(new SqlChannelStore(database, TimeProvider.System));

    protected override ValueTask<GuildStores> GuildsAsync() => new(SqlStores.Guilds(database));
}

public abstract class SqlLastSeenStoreSuite(SqlDatabase database) : LastSeenStoreContract
{
    protected override ValueTask<ILastSeenStore> StoreAsync() => new(new SqlLastSeenStore(database));
}

public abstract class SqlAdminStoreSuite(SqlDatabase database) : AdminStoreContract
{
    protected override ValueTask<(IAdminStore Store, AccountStores Accounts)> StoresAsync() => new((new SqlAdminStore(database), SqlStores.Accounts(database)));
}
