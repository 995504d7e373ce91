using Kith.Testing;

namespace Kith.EndToEnd.Tests.Cluster;

/// <summary>Tests that share a cluster which nothing happens to.</summary>
[CollectionDefinition(Name)]
public sealed class SharedCluster : ICollectionFixture<ClusterFixture>
{
    public const string Name = "cluster";
}

/// <summary>A cluster; a person may be put on any of its nodes.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    KithCluster? cluster;

    public KithCluster Cluster => cluster!;

    /// <summary>Where all processes send what they trace, of which requests next to nothing is chosen.</summary>
    public OtlpReceiver Collector { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Collector = await OtlpReceiver.Start();
        cluster = await KithCluster.StartAsync(new KithClusterSetup
        {
            ZooKeeper = true, Metrics = true, HasLine = true,
            Options = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                // Nothing is away here, however much else the machine has to do.
                ["Kafka:PublishTimeout"] = "30s", ["ZooKeeper:SessionTimeout"] = "30s", ["Redis:Timeout"] = "10s",
                ["Gateway:MaxConcurrency"] = "10000", ["Telemetry:Endpoint"] = Collector.Address.ToString(), ["Telemetry:SampleRatio"] = "0.000001",
            },
        });
    }

    /// <summary>The user, whose requests go to this api node.</summary>
    public TestUser On(TestUser user, int api) => user with { Api = new ApiClient(Cluster.Of("api")[api].Address, user.Token) };

    /// <summary>A socket at this gateway.</summary>
    public Task<GatewayProbe> Login(TestUser user, int gateway) => GatewayProbe.Login(user with { Api = new ApiClient(Cluster.Of("gateway")[gateway].Address, user.Token) });

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null) await cluster.DisposeAsync();
        await Collector.DisposeAsync();
    }
}
