using Kith.Testing;

namespace Kith.EndToEnd.Tests.Cluster;

/// <summary>
/// A cluster of an older version, whose processes are replaced by today's one after another while people talk, and back. Needs a build of that version: KITH_TEST_OLDER is the path of its kith.dll.
/// </summary>
public sealed class OlderVersionTests(ITestOutputHelper output)
{
    static readonly string? Older = Environment.GetEnvironmentVariable("KITH_TEST_OLDER");

    [Theory]
    [InlineData("gateway gateway delivery delivery notify api api")]
    [InlineData("api api notify delivery delivery gateway gateway")]
    public async Task Every_process_is_replaced_while_people_talk_and_every_one_back(string order)
    {
        Assert.SkipWhen(Older is null, "KITH_TEST_OLDER names no older version.");
        await using var cluster = await KithCluster.StartAsync(new KithClusterSetup { ZooKeeper = true, Program = Older!, Options = UpgradeFixture.Patience });
        await cluster.AddAsync("notify");
        await using var talk = await Conversation.BeginAsync(cluster);
        foreach (var program in (string[])[KithProcess.Program, Older!])
        {
            cluster.Program = program;
            output.WriteLine(await talk.UnderAsync(() => ReplaceAsync(cluster, talk, order.Split(' '))));
        }

        Assert.All(talk.Listeners, l => Assert.Equal(1, l.Connections.Began));
    }

    static async Task ReplaceAsync(KithCluster cluster, Conversation talk, string[] roles)
    {
        foreach (var role in roles)
        {
            await cluster.AddAsync(role);
            await talk.TalkedAsync(20);
            await cluster.StopAsync(cluster.Of(role)[0]);
            await talk.TalkedAsync(20);
        }
    }
}
