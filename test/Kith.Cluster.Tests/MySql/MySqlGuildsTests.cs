using Dapper;
using Kith.Contracts.Guilds;
using Kith.Domain;
using Kith.Storage.Sql.Guilds;

namespace Kith.Cluster.Tests.MySql;

public sealed class MySqlGuildStoreTests(MySqlFixture mysql) : GuildStoreContract
{
    protected override ValueTask<GuildStores> StoresAsync() => new(MySqlGuilds.Stores(mysql));
}

public sealed class MySqlMemberStoreTests(MySqlFixture mysql) : MemberStoreContract
{
    protected override ValueTask<GuildStores> StoresAsync() => new(MySqlGuilds.Stores(mysql));

    protected override Task CreateUserAsync(UserId id, string name) => mysql.Database.WriteAsync(db => db.ExecuteAsync(
        "INSERT INTO users (id, username, username_key, locale, bot, admin, mfa_enabled) VALUES (@id, @name, @name, 'en-US', 0, 0, 0)", new { id, name }), default);
}

public sealed class MySqlBanStoreTests(MySqlFixture mysql) : BanStoreContract
{
    protected override ValueTask<GuildStores> StoresAsync() => new(MySqlGuilds.Stores(mysql));
}

public sealed class MySqlAuditLogStoreTests(MySqlFixture mysql) : AuditLogStoreContract
{
    protected override ValueTask<GuildStores> StoresAsync() => new(MySqlGuilds.Stores(mysql));
}

public sealed class MySqlInviteStoreTests(MySqlFixture mysql) : InviteStoreContract
{
    protected override ValueTask<GuildStores> StoresAsync() => new(MySqlGuilds.Stores(mysql));
}

static class MySqlGuilds
{
    public static GuildStores Stores(MySqlFixture mysql)
    {
        var guilds = new SqlGuildStore(mysql.Database, TimeProvider.System);
        return new GuildStores(guilds, new SqlMemberStore(mysql.Database), new SqlBanStore(mysql.Database), new SqlInviteStore(mysql.Database),
            new SqlAuditLogStore(mysql.Database), guilds);
    }
}
