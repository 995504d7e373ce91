using Kith.Engine.Delivery;
using Kith.Testing;

namespace Kith.Gateway.Tests.Resume;

/// <summary>A session that goes to another node, while delivery begins anew: what that repeats is told once, and what it brings late is told.</summary>
public sealed class HandoverTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_session_was_told_on_the_node_before_it_is_not_told_again(bool isOnItsWay)
    {
        await using var nodes = await TwoNodes.Start();
        await using var first = await nodes.LoginAtFirst();
        foreach (var e in (Event[])[nodes.Guild(1, at: 10), nodes.Typing(at: 11), nodes.Guild(2, at: 12), nodes.Private(1, at: 5), nodes.Private(2, at: 6)])
            await nodes.First.Deliver(e);
        await first.Wait("MESSAGE_CREATE", m => m.Str("content") == "private 2");
        // What is confirmed is in the session's ring no longer.
        await first.Heartbeat();
        await nodes.First.Deliver(nodes.Guild(3, at: 13));
        await first.Wait("MESSAGE_CREATE", m => m.Str("content") == "guild 3");
        first.Abort();

        // First from the store, which knows no places in the log.
        Event[] again =
        [
            nodes.Guild(1), nodes.Guild(2), nodes.Guild(3), nodes.Typing(at: 11), nodes.Guild(2, at: 12), nodes.Private(1), nodes.Private(2, at: 6),
            // The log lost these two with the process that sent them. The first is older than what was told in other channels.
            nodes.Private(3), nodes.Guild(4), nodes.Guild(3, at: 13), nodes.Guild(5, at: 14), nodes.Private(4, at: 7), nodes.Typing(at: 15),
        ];
        if (isOnItsWay) nodes.Second.Peers.BeforeGiving = AgainAsync;
        await using var second = await nodes.ResumeAtSecond(first);
        if (!isOnItsWay) await AgainAsync();

        await second.Wait("TYPING_START");
        Assert.Equal(["guild 4", "guild 5"], Texts(second, "guild"));
        Assert.Equal(["private 3", "private 4"], Texts(second, "private"));
        Assert.Single(second.Events, e => e.Name == "TYPING_START");

        async Task AgainAsync()
        {
            foreach (var e in again)
                await nodes.Second.Deliver(e);
        }
    }

    [Fact]
    public async Task Who_was_there_before_is_told_what_the_newcomer_knows()
    {
        await using var nodes = await TwoNodes.Start();
        await using var there = await GatewayProbe.Login(nodes.Ann with { Api = nodes.Second.Host.As(nodes.Ann.Token) });
        await using var first = await nodes.LoginAtFirst();
        await nodes.First.Deliver(nodes.Guild(1, at: 10));
        await first.Wait("MESSAGE_CREATE", m => m.Str("content") == "guild 1");
        first.Abort();
        await using var second = await nodes.ResumeAtSecond(first);
        await nodes.Second.Deliver(nodes.Guild(1, at: 10));
        await nodes.Second.Deliver(nodes.Guild(2, at: 11));
        await there.Wait("MESSAGE_CREATE", m => m.Str("content") == "guild 2");
        await second.Wait("MESSAGE_CREATE", m => m.Str("content") == "guild 2");
        Assert.Equal(["guild 1", "guild 2"], Texts(there, "guild"));
        Assert.Equal(["guild 2"], Texts(second, "guild"));
    }

    static IEnumerable<string> Texts(GatewayProbe socket, string channel) =>
        socket.Events.Where(e => e.Name == "MESSAGE_CREATE").Select(e => e.Data.Str("content")!).Where(text => text.StartsWith(channel, StringComparison.Ordinal));
}
