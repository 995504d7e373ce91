using Dapper;
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
        foreach (var beside in (string[])["9999", "NULL"])
        {
            await mysql.Server.SqlAsync($"REPLACE INTO newer.kith_migrations VALUES (9999, 1, {beside})");
            var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() => database.MigrateAsync(default));
            Assert.Contains("newer kith", refused.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<DatabaseRefusedException>(() => database.CheckSchemaAsync(default));
        }
    }

    [Fact]
    public async Task A_newer_schema_beside_which_this_program_may_run_is_left_as_it_is()
    {
        await mysql.Server.SqlAsync("CREATE DATABASE adds CHARACTER SET utf8mb4");
        var database = new MySqlDatabase(mysql.Server.ConnectionString("adds"));
        await database.MigrateAsync(default);
        await mysql.Server.SqlAsync($"INSERT INTO adds.kith_migrations VALUES (9998, 1, 0), (9999, 1, {Migration.NewestFor(new MySqlDialect())})");
        await database.MigrateAsync((pending, _) => throw new InvalidOperationException($"{pending.Count} migrations are to run."), default);
        await database.CheckSchemaAsync(default);
    }

    [Fact]
    public async Task A_database_that_knows_nothing_of_other_processes_is_upgraded_once_nobody_objects()
    {
        await mysql.Server.SqlAsync("CREATE DATABASE earlier CHARACTER SET utf8mb4");
        var database = new MySqlDatabase(mysql.Server.ConnectionString("earlier"));
        await database.MigrateAsync(default);
        await SetBackAsync("earlier");
        var asked = new List<(string, int)>();
        await Assert.ThrowsAsync<DatabaseRefusedException>(() => database.MigrateAsync((pending, _) => throw new DatabaseRefusedException("not now"), default));
        // Nothing has happened to it.
        await mysql.Server.SqlAsync("SELECT * FROM earlier.message_nonces");
        Assert.Empty(await EntriesAsync());
        await database.MigrateAsync(async (pending, _) =>
        {
            asked.AddRange(pending.Select(m => (m.Name, m.Beside)));
            // From here on no process of before gets in, though nothing has changed yet.
            Assert.Equal([(0, 81)], await EntriesAsync());
        }, default);
        Assert.Equal([("0081_nonces", 81)], asked);
        await mysql.Server.SqlAsync("SELECT * FROM earlier.sent_nonces");
        Assert.Equal([(4, 81)], await EntriesAsync());

        Task<IEnumerable<(int Statements, int? Beside)>> EntriesAsync() =>
            database.ReadAsync(c => c.QueryAsync<(int, int?)>("SELECT statements, beside FROM kith_migrations WHERE number = 81"), default);
    }

    [Fact]
    public async Task A_migration_that_only_adds_lets_others_pass_while_it_waits_for_who_uses_its_table()
    {
        await mysql.Server.SqlAsync("CREATE DATABASE busy CHARACTER SET utf8mb4");
        var database = new MySqlDatabase(mysql.Server.ConnectionString("busy"));
        await database.MigrateAsync(default);
        await mysql.Server.SqlAsync("DELETE FROM busy.kith_migrations WHERE number = 53; ALTER TABLE busy.users DROP COLUMN disabled");
        var (begun, holding) = (new TaskCompletionSource(), new TaskCompletionSource());
        var held = database.WriteAsync(async connection =>
        {
            await connection.QueryAsync("SELECT id FROM users");
            begun.SetResult();
            await holding.Task;
        }, default);
        await begun.Task;
        var migrating = database.MigrateAsync(default);
        // It cannot come to its end as long as the table is used; who comes after it does.
        for (var n = 0; n < 3; n++)
            await database.WriteAsync(c => c.ExecuteAsync("UPDATE users SET username = username"), default);
        Assert.False(migrating.IsCompleted);
        holding.SetResult();
        await held;
        await migrating;
        await database.ReadAsync(c => c.QueryAsync("SELECT disabled FROM users"), default);
    }

    /// <summary>To what it was before the migration 81, as a program wrote it that knew nothing of who may run beside one.</summary>
    Task SetBackAsync(string name) => mysql.Server.SqlAsync(
        $"USE {name}; ALTER TABLE kith_migrations DROP COLUMN beside; DELETE FROM kith_migrations WHERE number = 81; DROP TABLE sent_nonces; "
        + "CREATE TABLE message_nonces (nonce VARCHAR(32) NOT NULL, channel_id BIGINT NOT NULL, author_id BIGINT NOT NULL, message_id BIGINT NOT NULL, PRIMARY KEY (channel_id, author_id, nonce))");
}
