using Kith.EndToEnd.Tests.Durability;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Cluster;

/// <summary>Tests that kill parts of one cluster, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class KilledCluster : ICollectionFixture<KilledClusterFixture>
{
    public const string Name = "killed cluster";
}

public sealed class KilledClusterFixture : IAsyncLifetime
{
    KithCluster? cluster;

    public KithCluster Cluster => cluster!;

    public async ValueTask InitializeAsync() => cluster = await KithCluster.StartAsync(new KithClusterSetup
    {
        ZooKeeper = true, Metrics = true,
        Options = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            // Only what is killed is away, however much else the machine has to do.
            ["Kafka:PublishTimeout"] = "30s", ["ZooKeeper:SessionTimeout"] = "30s", ["Redis:Timeout"] = "10s",
            ["Gateway:MaxConcurrency"] = "10000",
        },
    });

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null) await cluster.DisposeAsync();
    }
}

/// <summary>Requests that were not answered are repeated at the other api process, while this one is dead.</summary>
[Collection(KilledCluster.Name)]
public sealed class ApiKillTests(KilledClusterFixture fixture, ITestOutputHelper output) : KillSuite(new RoleOfCluster(fixture.Cluster, "api"), output);

[Collection(KilledCluster.Name)]
public sealed class GatewayKillTests(KilledClusterFixture fixture, ITestOutputHelper output) : KillSuite(new RoleOfCluster(fixture.Cluster, "gateway"), output);

[Collection(KilledCluster.Name)]
public sealed class MariaDbKillTests(KilledClusterFixture fixture, ITestOutputHelper output) : KillSuite(new StoreOfCluster(fixture.Cluster), output);
