using Kith.EndToEnd.Tests.BadInput;
using Kith.EndToEnd.Tests.Client;
using Kith.EndToEnd.Tests.Clients;
using Kith.EndToEnd.Tests.Unread;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Cluster;

/// <summary>The property of unread marks, with people whose requests and sockets are with any of the processes.</summary>
[Collection(SharedCluster.Name)]
public sealed class UnreadInClusterTests(ClusterFixture fixture, ITestOutputHelper output)
{
    readonly KithCluster cluster = fixture.Cluster;

    [Theory]
    [InlineData(11, 1)]
    [InlineData(12, 4)]
    public async Task Events_applied_to_the_state_from_ready_equal_ready_fetched_afresh(int seed, int atOnce)
    {
        await using var world = await World.Create(cluster.Anonymous(), () => cluster.Redis.CommandAsync("INCR kith:mentions:generation"), people: 4);
        await UnreadPropertyTests.Run(world, seed, rounds: 4, perRound: 12, atOnce, output);
    }
}

[Collection(SharedCluster.Name)]
public sealed class DiscordJsInClusterTests(ClusterFixture fixture) : DiscordJsSuite(fixture.Cluster);

[Collection(SharedCluster.Name)]
public sealed class KithClientInClusterTests(ClusterFixture fixture) : KithClientSuite(fixture.Cluster);

[Collection(SharedCluster.Name)]
public sealed class FramesInClusterTests(ClusterFixture fixture) : FrameSuite(fixture.Cluster);

[Collection(SharedCluster.Name)]
public sealed class BodiesInClusterTests(ClusterFixture fixture) : BodySuite(fixture.Cluster);

[Collection(SharedCluster.Name)]
public sealed class OtherLibrariesInClusterTests(ClusterFixture fixture) : OtherLibrariesSuite(fixture.Cluster)
{
    /// <summary>eris makes requests over HTTPS only; to its gateway it goes where it is sent.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Eris_goes_once_around(bool compress)
    {
        using var certificate = new TemporaryCertificate();
        await using var door = new TlsDoor(fixture.Cluster.Address, certificate);
        var scene = await BotScene.Create(fixture.Cluster);
        await scene.Script("eris-smoke.js", scene.Settings(door.Address, ("compress", compress))).Run();
    }
}
