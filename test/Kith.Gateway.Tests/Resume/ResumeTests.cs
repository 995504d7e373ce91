using Kith.Domain;
using Kith.Gateway.Transport;
using Kith.Protocol;
using Kith.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kith.Gateway.Tests.Resume;

public sealed class ResumeTests(KithHost host) : IClassFixture<KithHost>
{
    [Fact]
    public async Task After_a_cut_line_exactly_what_was_missed_is_replayed()
    {
        await using var proxy = new FaultProxy(host.Address);
        var (ann, ben) = (await host.Register(), await host.Register());
        var dm = await ann.OpenDm(ben.Id);
        await using var first = await GatewayProbe.Connect(proxy.Address);
        await first.Identify(ben.Token);
        await first.WaitReady();
        await ann.Send(dm, "before");
        await first.Next("MESSAGE_CREATE");
        var last = first.LastSequence!.Value;

        proxy.Cut();
        await first.Closed();
        for (var i = 0; i < 5; i++)
            await ann.Send(dm, $"missed {i}");
        await using var second = await GatewayProbe.Connect(host.Address);
        await second.Resume(ben.Token, first.SessionId, last);
        await second.Wait("RESUMED");
        await ann.Send(dm, "after");
        await second.Wait("MESSAGE_CREATE", m => m.Str("content") == "after");

        var events = second.Events.Where(e => e.Name is "MESSAGE_CREATE" or "RESUMED").ToArray();
        Assert.Equal(["missed 0", "missed 1", "missed 2", "missed 3", "missed 4", null, "after"], events.Select(e => e.Name == "RESUMED" ? null : e.Data.Str("content")));
        Assert.Equal(Enumerable.Range(1, second.Events.Count()).Select(i => last + i), second.Events.Select(e => e.Sequence!.Value));
        second.AssertNone("READY");
        second.AssertNone("GUILD_CREATE");
    }

    [Fact]
    public async Task Guilds_that_were_sent_are_replayed_too()
    {
        var (ann, ben) = (await host.Register(), await host.Register());
        TestGuild[] guilds = [await ann.CreateGuild("one"), await ann.CreateGuild("two")];
        foreach (var guild in guilds)
            await guild.Admit(ben);
        await using var first = await GatewayProbe.Login(ben);
        var sent = await ann.Send(guilds[0].General, ben.Mention);
        await first.Wait("MESSAGE_CREATE", m => m.Str("id") == sent.Str("id"));
        first.Abort();
        await using var second = await GatewayProbe.Connect(host.Address);
        await second.Resume(ben.Token, first.SessionId, 1);
        await second.Wait("RESUMED");

        var before = first.Events.Where(e => e.Sequence > 1 && e.Name != "PRESENCE_UPDATE").Select(e => (e.Sequence, e.Name, e.Data.Str("id"))).ToArray();
        Assert.Equal(before, second.Events.TakeWhile(e => e.Name != "RESUMED").Where(e => e.Name != "PRESENCE_UPDATE").Select(e => (e.Sequence, e.Name, e.Data.Str("id"))));
        // Each as soon as it could be read.
        Assert.Equal(guilds.Select(g => g.Id.Value), second.Events.Where(e => e.Name == "GUILD_CREATE").Select(e => e.Data.Id<GuildId>().Value).Order());
        // The guild is shown as it is now, with a message that is replayed too: so marks come anew, lest it is not counted.
        var marks = await second.Wait("CHANNEL_UNREAD_UPDATE", u => u.Str("guild_id") == guilds[0].Id.ToString());
        Assert.Equal(1, Assert.Single(marks.Data.Items("channel_unread_updates")).Int("mention_count"));
    }

    [Theory]
    [InlineData(4000, true)]
    [InlineData(4200, true)]
    [InlineData(4901, true)]
    [InlineData(1000, false)]
    [InlineData(1001, false)]
    public async Task Closing_with_1000_or_1001_ends_the_session_and_nothing_else_does(int code, bool resumable)
    {
        var ann = await host.Register();
        await using var first = await GatewayProbe.Login(ann);
        await first.Close(code);
        await first.Closed();
        await using var second = await GatewayProbe.Connect(host.Address);
        await second.Resume(ann.Token, first.SessionId, first.LastSequence!.Value);
        if (resumable) await second.Wait("RESUMED");
        else Assert.False((await second.Wait(GatewayOpcode.InvalidSession)).Data.GetBoolean());
    }

    [Fact]
    public async Task A_session_that_the_server_closed_can_be_resumed()
    {
        var ann = await host.Register();
        await using var first = await GatewayProbe.Login(ann);
        await first.SendText("nonsense");
        await first.Closed();
        await using var second = await GatewayProbe.Connect(host.Address);
        await second.Resume(ann.Token, first.SessionId, first.LastSequence!.Value);
        await second.Wait("RESUMED");
    }

    [Fact]
    public async Task Another_users_session_answers_like_none()
    {
        var (ann, eve) = (await host.Register(), await host.Register());
        await using var first = await GatewayProbe.Login(ann);
        await using var thief = await GatewayProbe.Connect(host.Address);
        await thief.Resume(eve.Token, first.SessionId, first.LastSequence!.Value);
        Assert.False((await thief.Wait(GatewayOpcode.InvalidSession)).Data.GetBoolean());
        // And did no harm.
        await first.Heartbeat();
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("ffffffffffffffffffffffffffffffff")]
    [InlineData("00ffffff0000000000000000000000zz")]
    public async Task A_session_that_never_was_is_invalid(string id)
    {
        var ann = await host.Register();
        await using var probe = await GatewayProbe.Connect(host.Address);
        await probe.Resume(ann.Token, id, 1);
        Assert.False((await probe.Wait(GatewayOpcode.InvalidSession)).Data.GetBoolean());
    }

    [Fact]
    public async Task A_number_that_was_never_sent_closes_with_4007_and_leaves_the_session()
    {
        var ann = await host.Register();
        await using var first = await GatewayProbe.Login(ann);
        var last = first.LastSequence!.Value;
        first.Abort();
        await using var wrong = await GatewayProbe.Connect(host.Address);
        await wrong.Resume(ann.Token, first.SessionId, last + 1000);
        Assert.Equal((int)GatewayCloseCode.InvalidSequence, (await wrong.Closed()).Code);
        await using var right = await GatewayProbe.Connect(host.Address);
        await right.Resume(ann.Token, first.SessionId, last);
        await right.Wait("RESUMED");
    }

    [Fact]
    public async Task What_a_heartbeat_confirmed_cannot_be_asked_for_again()
    {
        var ann = await host.Register();
        await ann.CreateGuild();
        await using var first = await GatewayProbe.Login(ann);
        await first.Heartbeat();
        first.Abort();
        await using var second = await GatewayProbe.Connect(host.Address);
        await second.Resume(ann.Token, first.SessionId, 1);
        Assert.False((await second.Wait(GatewayOpcode.InvalidSession)).Data.GetBoolean());
        // The client then starts anew, on the same socket.
        await second.Identify(ann.Token);
        Assert.Equal(1, (await second.Wait("READY")).Sequence);
    }

    [Fact]
    public async Task A_session_ends_when_its_window_is_over()
    {
        var clock = new ManualTimeProvider();
        await using var still = await KithHost.Start(new KithHostSetup { Clock = clock });
        var ann = await still.Register();
        await using var first = await GatewayProbe.Login(ann);
        await Deadline.Until(() => ann.Api.Get($"/users/{ann.Id}/presence"), p => p.Ok().Str("status") == "online", "ann online");
        await first.Close(4000);
        await GoneAsync();
        clock.Advance(TimeSpan.FromMinutes(4));
        await using (var second = await GatewayProbe.Connect(still.Address))
        {
            await second.Resume(ann.Token, first.SessionId, first.LastSequence!.Value);
            await second.Wait("RESUMED");
            await Deadline.Until(() => ann.Api.Get($"/users/{ann.Id}/presence"), p => p.Ok().Str("status") == "online", "ann online");
            await second.Close(4000);
            await GoneAsync();
        }

        clock.Advance(TimeSpan.FromMinutes(6));
        // After a jump the clock skips ticks: one more.
        clock.Advance(TimeSpan.FromSeconds(1));
        await using var third = await GatewayProbe.Connect(still.Address);
        await third.Resume(ann.Token, first.SessionId, first.LastSequence!.Value);
        await third.Wait(GatewayOpcode.InvalidSession);

        // A client sees its close answered before the server has put the session aside.
        Task GoneAsync() => Deadline.Until(() => ann.Api.Get($"/users/{ann.Id}/presence"), p => p.Ok().Str("status") == "offline", "ann offline");
    }

    [Fact]
    public async Task A_session_moves_to_the_newer_of_two_connections()
    {
        var (ann, ben) = (await host.Register(), await host.Register());
        var dm = await ann.OpenDm(ben.Id);
        await using var first = await GatewayProbe.Login(ben);
        await using var second = await GatewayProbe.Connect(host.Address);
        await second.Resume(ben.Token, first.SessionId, first.LastSequence!.Value);
        await second.Wait("RESUMED");
        Assert.Equal((int)GatewayCloseCode.SessionTimedOut, (await first.Closed()).Code);
        await ann.Send(dm, "hello");
        await second.Wait("MESSAGE_CREATE");
        await second.Heartbeat();
    }

    [Fact]
    public async Task Sessions_are_found_whichever_loop_the_new_connection_came_to()
    {
        // More connections than loops, resumed by as many: some must move.
        await using var wide = await KithHost.Start(new KithHostSetup { Services = s => s.Configure<GatewayTransportOptions>(o => o.Loops = 3) });
        var users = await wide.Register(9);
        var dm = await users[0].OpenDm(users[1].Id);
        var probes = await Task.WhenAll(users.Select(u => GatewayProbe.Login(u)));
        foreach (var probe in probes)
            probe.Abort();
        await users[0].Send(dm, "meanwhile");
        for (var shift = 1; shift < 3; shift++)
        {
            await using var filler = await GatewayProbe.Connect(wide.Address);
            var again = await Task.WhenAll(users.Select(async (user, i) =>
            {
                var probe = await GatewayProbe.Connect(wide.Address);
                await probe.Resume(user.Token, probes[i].SessionId, probes[i].LastSequence!.Value);
                await probe.Wait("RESUMED");
                return probe;
            }));
            Assert.Equal("meanwhile", (await again[1].Wait("MESSAGE_CREATE")).Data.Str("content"));
            foreach (var probe in again)
                await probe.DisposeAsync();
        }

        foreach (var probe in probes)
            await probe.DisposeAsync();
    }

    [Fact]
    public async Task A_slow_reader_is_cut_off_and_can_resume_without_a_loss()
    {
        await using var tight = await KithHost.Start(new KithHostSetup
        {
            Services = s => s.Configure<GatewayTransportOptions>(o =>
            {
                o.SendBuffer = 16 * 1024;
                o.Events = new EventRingLimits(MaxPendingEvents: 64);
            }),
        });
        var (ann, ben) = (await tight.Register(), await tight.Register());
        var guild = await ann.CreateGuild();
        await guild.Admit(ben);
        await using var slow = await RawGateway.Connect(tight.Address);
        await slow.Send(GatewayOpcode.Identify, new { token = ben.Token, properties = new { } });
        var session = (await slow.ReadUntil(p => p.Str("t") == "READY")).GetProperty("d").Str("session_id")!;
        await using var watcher = await GatewayProbe.Login(ann);
        var offline = watcher.Wait("PRESENCE_UPDATE", p => p.GetProperty("user").Id<UserId>() == ben.Id && p.Str("status") == "offline");
        var sent = new List<string>();
        while (!offline.IsCompleted && sent.Count < 3000)
            sent.Add((await ann.Send(guild.General, new string('x', 2000))).Str("id")!);
        await offline;

        await using var again = await GatewayProbe.Connect(tight.Address);
        await again.Resume(ben.Token, session, 1);
        await again.Wait("RESUMED");
        Assert.Equal(sent, again.Events.Where(e => e.Name == "MESSAGE_CREATE").Select(e => e.Data.Str("id")!));
    }
}
