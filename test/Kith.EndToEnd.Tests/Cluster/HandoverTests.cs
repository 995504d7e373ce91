using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Cluster;

/// <summary>Sessions that are resumed at another gateway than theirs.</summary>
[Collection(SharedCluster.Name)]
public sealed class HandoverTests(ClusterFixture fixture)
{
    readonly KithCluster cluster = fixture.Cluster;

    [Fact]
    public async Task A_session_goes_on_where_its_client_resumes_and_back_again()
    {
        var (alice, bob) = (await cluster.Anonymous().Register(), await cluster.Anonymous().Register());
        var guild = await alice.CreateGuild();
        await guild.Admit(bob);
        var dm = await alice.OpenDm(bob.Id);
        var first = await fixture.Login(bob, gateway: 0);
        await alice.Send(guild.General, "1");
        await first.Wait("MESSAGE_CREATE", m => m.Str("content") == "1");
        var (session, seen) = (first.SessionId, first.LastSequence!.Value);
        first.Abort();
        await alice.Send(guild.General, "2");
        await alice.Send(dm, "3");

        await using var second = await Resume(bob, session, seen, gateway: 1);
        await alice.Send(guild.General, "4");
        await second.Wait("MESSAGE_CREATE", m => m.Str("content") == "3");
        await second.Wait("MESSAGE_CREATE", m => m.Str("content") == "4");
        // Messages keep their order within a channel; two channels may be two delivery processes'.
        Assert.Equal(["2", "4"], Texts(second).Where(text => text != "3"));
        Assert.Single(Texts(second), "3");
        Assert.Equal(Enumerable.Range((int)seen + 1, second.Events.Count()).Select(n => (long?)n), second.Events.Select(e => e.Sequence));
        Assert.Equal("online", (await alice.Api.Get($"/users/{bob.Id}/presence")).Ok().Str("status"));

        // It is not at the first any more, and comes back by the same name.
        seen = second.LastSequence!.Value;
        second.Abort();
        await alice.Send(dm, "5");
        await using var third = await Resume(bob, session, seen, gateway: 0);
        await third.Wait("MESSAGE_CREATE", m => m.Str("content") == "5");
        await alice.Send(guild.General, "6");
        await third.Wait("MESSAGE_CREATE", m => m.Str("content") == "6");
        Assert.Equal(["5", "6"], Texts(third));
        await third.Heartbeat();
        await alice.Api.Get("/users/@me");
        // What came before was confirmed when the session was resumed.
        var newest = third.Events.Last(e => e.Name == "MESSAGE_CREATE" && e.Data.Str("content") == "5").Data.Str("id");
        await Deadline.Until(
            async () => (await alice.Api.Get($"/channels/{dm}/receipts")).Ok().Items().Where(r => r.Str("user_id") == bob.Id.ToString()).Select(r => r.Str("delivered_message_id")).FirstOrDefault(),
            delivered => delivered == newest, $"the message in the DM, {newest}, is delivered");
    }

    [Fact]
    public async Task Nobody_else_gets_a_session_and_one_that_is_nowhere_must_begin_anew()
    {
        var (bob, eve) = (await cluster.Anonymous().Register(), await cluster.Anonymous().Register());
        await using var socket = await fixture.Login(bob, gateway: 0);
        foreach (var (user, session) in new[] { (eve, socket.SessionId), (bob, new string('0', 31) + "1") })
        {
            await using var other = await GatewayProbe.Connect(cluster.Of("gateway")[1].Address);
            await other.Resume(user.Token, session, 1);
            Assert.Equal(System.Text.Json.JsonValueKind.False, (await other.Wait(GatewayOpcode.InvalidSession)).Data.ValueKind);
        }

        await socket.Heartbeat();
    }

    [Fact]
    public async Task Events_that_come_while_a_session_moves_come_once_and_in_order()
    {
        var (alice, bob) = (await cluster.Anonymous().Register(), await cluster.Anonymous().Register());
        var guild = await alice.CreateGuild();
        await guild.Admit(bob);
        await using var first = await fixture.Login(bob, gateway: 0);
        using var until = new CancellationTokenSource();
        var sent = 0;
        var talking = Task.Run(async () =>
        {
            while (!until.IsCancellationRequested)
                await alice.Send(guild.General, $"{sent++}");
        });
        var texts = new List<string>();
        var socket = first;
        for (var move = 1; move <= 6; move++)
        {
            var enough = socket.Events.Count(e => e.Name == "MESSAGE_CREATE") + 5;
            await Deadline.Until(() => Task.FromResult(socket.Events.Count(e => e.Name == "MESSAGE_CREATE")), n => n >= enough, "messages come");
            var (last, seen) = (socket, socket.LastSequence!.Value);
            last.Abort();
            texts.AddRange(Texts(last, seen));
            socket = await Resume(bob, first.SessionId, seen, gateway: move % 2);
        }

        await until.CancelAsync();
        await talking;
        await socket.Wait("MESSAGE_CREATE", m => m.Str("content") == $"{sent - 1}");
        texts.AddRange(Texts(socket));
        await socket.DisposeAsync();
        Assert.Equal(Enumerable.Range(0, sent).Select(i => $"{i}"), texts);
    }

    async Task<GatewayProbe> Resume(TestUser user, string session, long sequence, int gateway)
    {
        var socket = await GatewayProbe.Connect(cluster.Of("gateway")[gateway].Address);
        await socket.Resume(user.Token, session, sequence);
        await socket.Wait("RESUMED");
        return socket;
    }

    static string[] Texts(GatewayProbe socket, long through = long.MaxValue) =>
        [.. socket.Events.Where(e => e.Name == "MESSAGE_CREATE" && e.Sequence <= through && e.Data.Int("type") == 0).Select(e => e.Data.Str("content")!)];
}
