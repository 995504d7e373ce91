using Kith.EndToEnd.Tests.Clients;
using Kith.EndToEnd.Tests.Unread;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Cluster;

/// <summary>What the suite shows of a single process, shown of a cluster: unmodified client libraries, and the property of unread marks, through one address for all nodes.</summary>
[Collection(SharedCluster.Name)]
public sealed class SuiteTests(ClusterFixture fixture, ITestOutputHelper output)
{
    readonly KithCluster cluster = fixture.Cluster;

    [Theory]
    [InlineData("discordjs-conversation.js")]
    [InlineData("oceanic-smoke.js")]
    public async Task A_bot_lives_through_its_day(string script)
    {
        var scene = await BotScene.Create(cluster.Anonymous());
        await scene.Script(script, scene.Settings(cluster.Address, ("compress", true))).Run();
    }

    [Theory]
    [InlineData(11, 1)]
    [InlineData(12, 4)]
    public async Task Events_applied_to_the_state_from_ready_equal_ready_fetched_afresh(int seed, int atOnce)
    {
        await using var world = await World.Create(cluster.Anonymous(), () => cluster.Redis.CommandAsync("INCR kith:mentions:generation"), people: 4);
        await UnreadPropertyTests.Run(world, seed, rounds: 4, perRound: 12, atOnce, output);
    }
}
