using Dapper;
using Kith.Contracts.Guilds;
using Kith.Domain;
using Kith.Storage.Sql;

namespace Kith.Contracts.Sql;

public abstract class SqlGuildStoreSuite(SqlDatabase database) : GuildStoreContract
{
    protected override ValueTask<GuildStores> StoresAsync() => new(SqlStores.Guilds(database));
}

public abstract class SqlMemberStoreSuite(SqlDatabase database) : MemberStoreContract
{
    protected override ValueTask<GuildStores> StoresAsync() => new(SqlStores.Guilds(database));

    protected override Task CreateUserAsync(UserId id, string name) => database.WriteAsync(db => db.ExecuteAsync(
        "INSERT INTO users (id, username, username_key, locale, bot, admin, mfa_enabled) VALUES (@id, @name, @name, 'en-US', 0, 0, 0)", new { id, name }), default);
}

public abstract class SqlBanStoreSuite(SqlDatabase database) : BanStoreContract
{
    protected override ValueTask<GuildStores> StoresAsync() => new(SqlStores.Guilds(database));
}

public abstract class SqlAuditLogStoreSuite(SqlDatabase database) : AuditLogStoreContract
{
    protected override ValueTask<GuildStores> StoresAsync() => new(SqlStores.Guilds(database));
}

public abstract class SqlInviteStoreSuite(SqlDatabase database) : InviteStoreContract
{
    protected override ValueTask<GuildStores> StoresAsync() => new(SqlStores.Guilds(database));
}
