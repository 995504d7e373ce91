using Kith.Testing;

namespace Kith.EndToEnd.Tests.Cluster;

/// <summary>What a message costs between processes, by what they count.</summary>
[Collection(SharedCluster.Name)]
public sealed class CopiesTests(ClusterFixture fixture, ITestOutputHelper output)
{
    const int MembersEach = 50;
    const int Messages = 20;

    readonly KithCluster cluster = fixture.Cluster;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_message_goes_once_to_each_node_that_hosts_members_however_many(int nodes)
    {
        var owner = await cluster.Anonymous().Register();
        var guild = await owner.CreateGuild();
        var members = await cluster.AddMembersAsync(guild.Id, MembersEach * nodes);
        var sockets = await Task.WhenAll(members.Select((member, i) => fixture.Login(member, gateway: i % nodes)));
        await TypeAsync(guild, sockets);
        var before = await CountAsync();
        for (var n = 1; n <= Messages; n++)
            await owner.Send(guild.General, $"{n}");
        await TypeAsync(guild, sockets);
        var copies = (await CountAsync()).Zip(before).Select(c => c.First - c.Second).ToArray();
        Assert.All(sockets, s => Assert.Equal(Messages, s.Events.Count(e => e.Name == "MESSAGE_CREATE" && e.Data.Int("type") == 0)));
        output.WriteLine($"{Messages} messages to {members.Length} members on {nodes} nodes: {copies[0]} copies handed over, taken by each node: {string.Join(", ", copies[1..])}");
        Assert.Equal([Messages * nodes, Messages, nodes == 2 ? Messages : 0], copies);
        foreach (var socket in sockets)
            await socket.DisposeAsync();
    }

    /// <summary>Once all have been told of it, all messages before have been handed over and counted.</summary>
    static async Task TypeAsync(TestGuild guild, GatewayProbe[] sockets)
    {
        var from = sockets.Select(s => s.Count).ToArray();
        (await guild.Owner.Api.Post($"/channels/{guild.General}/typing")).Ok(204);
        foreach (var (socket, at) in sockets.Zip(from))
            await socket.Wait("TYPING_START", from: at);
    }

    /// <summary>Copies of messages: as the delivery processes count what they hand over, then as each gateway counts what it takes.</summary>
    async Task<long[]> CountAsync()
    {
        var handed = await Task.WhenAll(cluster.Of("delivery").Select(d => d.CountAsync("kith_delivery_copies_total{event=\"MESSAGE_CREATE\"}")));
        return [handed.Sum(), .. await Task.WhenAll(cluster.Of("gateway").Select(g => g.CountAsync("kith_gateway_events_total{event=\"MESSAGE_CREATE\"}")))];
    }
}
