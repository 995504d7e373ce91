using Kith.Storage.Sql;

namespace Kith.Cluster.Tests.MySql;

public sealed class MySqlMigrationTests(MySqlFixture mysql)
{
    [Fact]
    public async Task Ten_nodes_that_start_at_once_migrate_once()
    {
        await mysql.Server.SqlAsync("CREATE DATABASE ten CHARACTER SET utf8mb4");
        var nodes = Enumerable.Range(0, 10).Select(_ => new MySqlDatabase(mysql.Server.ConnectionString("ten"))).ToArray();
        await Task.WhenAll(nodes.Select(n => n.MigrateAsync(default)));
        await nodes[0].MigrateAsync(default);
    }

    [Fact]
    public async Task A_newer_schema_is_refused()
    {
        await mysql.Server.SqlAsync("CREATE DATABASE newer CHARACTER SET utf8mb4");
        var database = new MySqlDatabase(mysql.Server.ConnectionString("newer"));
        await database.MigrateAsync(default);
        await mysql.Server.SqlAsync("INSERT INTO newer.kith_migrations VALUES (9999, 1)");
        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() => database.MigrateAsync(default));
        Assert.Contains("newer kith", refused.Message, StringComparison.Ordinal);
    }
}
