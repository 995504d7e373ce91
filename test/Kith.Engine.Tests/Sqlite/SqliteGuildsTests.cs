using Dapper;
using Kith.Contracts.Guilds;
using Kith.Domain;
using Kith.Storage.Sql;
using Kith.Storage.Sql.Guilds;

namespace Kith.Engine.Tests.Sqlite;

public sealed class SqliteGuildStoreTests(SqliteFixture sqlite) : GuildStoreContract
{
    protected override ValueTask<GuildStores> StoresAsync() => new(SqliteGuilds.Stores(sqlite));
}

public sealed class SqliteMemberStoreTests(SqliteFixture sqlite) : MemberStoreContract
{
    protected override ValueTask<GuildStores> StoresAsync() => new(SqliteGuilds.Stores(sqlite));

    protected override Task CreateUserAsync(UserId id, string name) => sqlite.Database.WriteAsync(db => db.ExecuteAsync(
        "INSERT INTO users (id, username, username_key, locale, bot, admin, mfa_enabled) VALUES (@id, @name, @name, 'en-US', 0, 0, 0)", new { id, name }), default);
}

public sealed class SqliteBanStoreTests(SqliteFixture sqlite) : BanStoreContract
{
    protected override ValueTask<GuildStores> StoresAsync() => new(SqliteGuilds.Stores(sqlite));
}

public sealed class SqliteAuditLogStoreTests(SqliteFixture sqlite) : AuditLogStoreContract
{
    protected override ValueTask<GuildStores> StoresAsync() => new(SqliteGuilds.Stores(sqlite));
}

public sealed class SqliteInviteStoreTests(SqliteFixture sqlite) : InviteStoreContract
{
    protected override ValueTask<GuildStores> StoresAsync() => new(SqliteGuilds.Stores(sqlite));
}

static class SqliteGuilds
{
    public static GuildStores Stores(SqliteFixture sqlite)
    {
        var guilds = new SqlGuildStore(sqlite.Database, TimeProvider.System);
        return new GuildStores(guilds, new SqlMemberStore(sqlite.Database), new SqlBanStore(sqlite.Database), new SqlInviteStore(sqlite.Database),
            new SqlAuditLogStore(sqlite.Database), guilds);
    }
}
