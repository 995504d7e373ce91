using Kith.Cassandra.Tests;
using Kith.Storage.Cassandra;
using Kith.Storage.Cassandra.Messages;
using Kith.Storage.Sql;
using Kith.Storage.Sql.Messages;
using Kith.Storage.Sql.Unread;
using Kith.Testing;
using Microsoft.Extensions.Logging.Abstractions;

[assembly: AssemblyFixture(typeof(CassandraFixture))]

namespace Kith.Cassandra.Tests;

/// <summary>
/// A keyspace of the run's own on the node that KITH_TEST_CASSANDRA names (host:port/datacenter/protocol, the last two optional), and a MariaDB beside it.
/// Without such a node the tests that need one are skipped.
/// </summary>
public sealed class CassandraFixture : IAsyncLifetime
{
    readonly string[] node = (Environment.GetEnvironmentVariable("KITH_TEST_CASSANDRA") ?? "").Split(':', '/');
    MariaDb? server;
    MySqlDatabase? mySql;
    CassandraDatabase? database;

    /// <summary>Skips the test that asks, where there is no node.</summary>
    public CassandraOptions Options
    {
        get
        {
            Assert.SkipWhen(node[0].Length == 0, "No Cassandra: KITH_TEST_CASSANDRA is not set.");
            return new CassandraOptions
            {
                ContactPoints = node[0], Port = int.Parse(node[1]), LocalDatacenter = node.Length > 2 ? node[2] : "datacenter1", Protocol = node.Length > 3 ? int.Parse(node[3]) : 4, Keyspace = Keyspace, Replication = 1, Timeout = TimeSpan.FromSeconds(20),
            };
        }
    }

    public string Keyspace { get; } = $"kith_test_{Guid.NewGuid():N}"[..24];

    public CassandraDatabase Database => Of(database);

    public MySqlDatabase MySql => Of(mySql);

    public SqlMessageLedger Ledger => new(MySql);

    public CassandraMessageStore Messages => new(Database, Ledger, TimeProvider.System, NullLogger<CassandraMessageStore>.Instance);

    public CassandraMentionStore Mentions => new(Database, new SqlMentionStore(MySql), new SqlReadStateStore(MySql));

    public async ValueTask InitializeAsync()
    {
        if (node[0].Length == 0) return;
        server = await MariaDb.StartAsync("kith");
        // A suite sends a hundred messages at once, beside others.
        mySql = new MySqlDatabase($"{server.ConnectionString("kith")};Maximum Pool Size=300");
        await mySql.MigrateAsync(CancellationToken.None);
        database = new CassandraDatabase(Options);
        await database.MigrateAsync(new MySqlLocks(mySql), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (database is not null)
        {
            await Cql.RunAsync(Options, $"DROP KEYSPACE {Keyspace}");
            await database.DisposeAsync();
        }

        if (mySql is not null) await mySql.DisposeAsync();
        if (server is not null) await server.DisposeAsync();
    }

    T Of<T>(T? made)
        where T : class
    {
        _ = Options;
        return made!;
    }
}
