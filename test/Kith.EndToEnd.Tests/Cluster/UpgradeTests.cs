using Kith.Cluster.ZooKeeper;
using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kith.EndToEnd.Tests.Cluster;

/// <summary>The same where nothing is away, however much else the machine has to do.</summary>
public sealed class UpgradeFixture : FaultFixture
{
    internal static readonly IReadOnlyDictionary<string, string> Patience = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Kafka:PublishTimeout"] = "30s", ["ZooKeeper:SessionTimeout"] = "30s", ["Redis:Timeout"] = "10s",
    };

    private protected override IReadOnlyDictionary<string, string> Options => Patience;
}

/// <summary>
/// Processes of two versions over one database. The processes are all of today's program; what is older or newer is made of what they see of others: rows of the database's record of migrations, and what a
/// process says of itself in ZooKeeper. <see cref="OlderVersionTests"/> has the same with a program that is older.
/// </summary>
public sealed class UpgradeTests(UpgradeFixture fixture, ITestOutputHelper output) : IClassFixture<UpgradeFixture>
{
    readonly KithCluster cluster = fixture.Cluster;

    [Fact]
    public async Task A_migration_that_only_adds_runs_under_load_beside_an_older_process()
    {
        await SqlAsync("DROP INDEX messages_by_id ON messages; DELETE FROM kith_migrations WHERE number = 51");
        using var older = await OlderAsync(schema: 50);
        await Under(async () =>
        {
            var newer = await cluster.AddAsync("api");
            Assert.Contains("The schema gets 0051_push; processes of older versions go on beside them", newer.Process.Output, StringComparison.Ordinal);
            await cluster.StopAsync(cluster.Of("api")[0]);
        });
        // It is there again: twice would be refused.
        await SqlAsync("ALTER TABLE messages DROP INDEX messages_by_id, ADD INDEX messages_by_id (id)");
        await older.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_migration_that_breaks_older_processes_is_refused_until_they_are_gone()
    {
        await SqlAsync("CREATE TABLE message_nonces (nonce VARCHAR(32), channel_id BIGINT, author_id BIGINT, message_id BIGINT); DELETE FROM kith_migrations WHERE number = 81");
        using var older = await OlderAsync(schema: 71);
        await Under(() => RefusedAsync("kith: Migration 0081_nonces would break processes of an older version, and 1 of them run: older. Stop them, then start this one. Nothing has been changed."));
        // Neither done nor begun.
        await SqlAsync("SELECT * FROM message_nonces; INSERT INTO kith_migrations (number, statements) VALUES (81, 4); DELETE FROM kith_migrations WHERE number = 81");
        await older.StopAsync(CancellationToken.None);
        // Those that know the migration go on.
        await Under(async () =>
        {
            var newer = await cluster.AddAsync("api");
            Assert.Contains("The schema gets 0081_nonces; no process runs that it would break", newer.Process.Output, StringComparison.Ordinal);
            await cluster.StopAsync(cluster.Of("api")[0]);
        });
    }

    [Fact]
    public async Task Older_processes_come_back_on_a_newer_schema_that_only_adds_and_on_no_other()
    {
        await Under(async () =>
        {
            await SqlAsync("ALTER TABLE users ADD COLUMN later INT, LOCK=NONE; CREATE TABLE later (id BIGINT PRIMARY KEY); INSERT INTO kith_migrations VALUES (9998, 2, 0)");
            foreach (var role in (string[])["gateway", "delivery", "api"])
            {
                await cluster.StopAsync(cluster.Of(role)[0]);
                await cluster.AddAsync(role);
            }
        });
        await SqlAsync("INSERT INTO kith_migrations VALUES (9999, 1, 9999)");
        await RefusedAsync("kith: The database has schema 9999; this program knows 81, and that does not go together. Use a newer kith.");
        await SqlAsync("DELETE FROM kith_migrations WHERE number = 9999");
    }

    async Task Under(Func<Task> change) => output.WriteLine(await fixture.Talk.UnderAsync(change));

    Task SqlAsync(string statements) => cluster.MariaDb.SqlAsync($"USE kith; {statements}");

    async Task RefusedAsync(string why)
    {
        var (code, _, error) = await cluster.RefusedAsync("api", ("ZooKeeper:SessionTimeout", "5s"));
        Assert.Equal(why, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.StartsWith("kith: ", StringComparison.Ordinal)));
        Assert.NotEqual(0, code);
    }

    /// <summary>What ZooKeeper knows of a process: that it lives, and the newest schema that it knows.</summary>
    async Task<ZooKeeperMembership> OlderAsync(int schema)
    {
        var older = new ZooKeeperMembership(
            new ZooKeeperOptions { Servers = cluster.ZooKeeper!.Address, SessionTimeout = TimeSpan.FromSeconds(30) }, new NodeAnnouncement(new NodeId("older"), "", "", 0, () => 0, schema), worker: null,
            new SnowflakeGenerator(TimeProvider.System), TimeProvider.System, NullLogger<ZooKeeperMembership>.Instance);
        await older.StartAsync(CancellationToken.None);
        return older;
    }
}
