using Kith.Testing;

namespace Kith.EndToEnd.Tests.Cluster;

[Collection(SharedCluster.Name)]
public sealed class TracingTests(ClusterFixture fixture)
{
    [Fact]
    public async Task One_trace_follows_a_message_through_all_processes()
    {
        var (alice, bob) = (await fixture.Cluster.Anonymous().Register(), await fixture.Cluster.Anonymous().Register());
        var guild = await alice.CreateGuild();
        await guild.Admit(bob);
        await using var a = await fixture.Login(alice, gateway: 0);
        await using var b = await fixture.Login(bob, gateway: 1);
        var trace = OtlpReceiver.NewTrace(chosen: true);
        var caller = await OtlpReceiver.Send(alice, guild.General, "traced", trace);
        foreach (var socket in new[] { a, b })
            await socket.Wait("MESSAGE_CREATE", m => m.Str("content") == "traced");
        var spans = await fixture.Collector.MessageTrace(trace, caller);
        Assert.All(spans.Where(s => s.Parent == caller || s.Name is "send" or "store" or "publish"), s => Assert.Equal("api", s.Roles));
        Assert.All(spans.Where(s => s.Name == "deliver"), s => Assert.Equal("delivery", s.Roles));
        Assert.All(spans.Where(s => s.Name == "write"), s => Assert.Equal("gateway", s.Roles));
    }
}
