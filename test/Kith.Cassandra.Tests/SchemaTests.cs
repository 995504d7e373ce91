using Kith.Storage.Cassandra;
using Kith.Storage.Sql;

namespace Kith.Cassandra.Tests;

public sealed class SchemaTests(CassandraFixture cassandra)
{
    [Fact]
    public async Task Ten_processes_that_start_at_once_make_the_tables_once()
    {
        var options = cassandra.Options with { Keyspace = cassandra.Keyspace + "_ten" };
        try
        {
            await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => MigrateAsync(options))));
            Assert.Equal(1, Assert.Single(await Cql.RunAsync(options, $"SELECT version FROM {options.Keyspace}.schema_versions")).GetValue<int>(0));
            await using var database = new CassandraDatabase(options);
            await database.CheckAsync(default);
        }
        finally
        {
            await Cql.RunAsync(options, $"DROP KEYSPACE IF EXISTS {options.Keyspace}");
        }
    }

    [Fact]
    public async Task A_newer_schema_is_refused_in_one_line()
    {
        var options = cassandra.Options with { Keyspace = cassandra.Keyspace + "_new" };
        try
        {
            await MigrateAsync(options);
            await Cql.RunAsync(options, $"INSERT INTO {options.Keyspace}.schema_versions (name, version) VALUES ('kith', 99)");
            var refusal = await Assert.ThrowsAsync<DatabaseRefusedException>(() => MigrateAsync(options));
            Assert.Equal($"Cassandra's keyspace {options.Keyspace} has schema 99; this program knows 1 at most. Use a newer kith.", refusal.Message);
        }
        finally
        {
            await Cql.RunAsync(options, $"DROP KEYSPACE IF EXISTS {options.Keyspace}");
        }
    }

    [Fact]
    public async Task Another_datacenter_is_refused_in_one_line()
    {
        var refusal = await Assert.ThrowsAsync<DatabaseRefusedException>(() => MigrateAsync(cassandra.Options with { LocalDatacenter = "elsewhere" }));
        Assert.Contains("datacenter elsewhere", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public async Task Where_nobody_listens_one_line_says_where_that_is()
    {
        var refusal = await Assert.ThrowsAsync<DatabaseRefusedException>(() => MigrateAsync(cassandra.Options with { ContactPoints = "127.0.0.1", Port = 1 }));
        Assert.StartsWith("Cassandra cannot be reached at 127.0.0.1, port 1 (datacenter ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    async Task MigrateAsync(CassandraOptions options)
    {
        await using var database = new CassandraDatabase(options);
        await database.MigrateAsync(new MySqlLocks(cassandra.MySql), default);
    }
}
