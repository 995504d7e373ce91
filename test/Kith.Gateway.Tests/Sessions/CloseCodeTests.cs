using Kith.Protocol;
using Kith.Testing;

namespace Kith.Gateway.Tests.Sessions;

public sealed class CloseCodeTests(KithHost host) : IClassFixture<KithHost>
{
    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"op":"1"}""")]
    [InlineData("""{"op":1.5}""")]
    [InlineData("""{"op":1,"op":2}""")]
    [InlineData("""{"op":1,"d":null} more""")]
    [InlineData("""{"op":1,"d":"five"}""")]
    [InlineData("""{"op":1,"d":-1}""")]
    [InlineData("""{"op":2,"d":null}""")]
    [InlineData("""{"op":2,"d":{}}""")]
    [InlineData("""{"op":2,"d":{"token":7}}""")]
    [InlineData("""{"op":2,"d":{"token":null}}""")]
    [InlineData("""{"op":2,"d":{"token":"a","token":"b"}}""")]
    [InlineData("""{"op":2,"d":{"token":"\ud800"}}""")]
    [InlineData("""{"op":6,"d":{"token":"a","session_id":"b"}}""")]
    [InlineData("""{"op":6,"d":{"token":"a","session_id":"b","seq":"x"}}""")]
    [InlineData("""{"op":1,"d":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}""")]
    public async Task What_is_no_payload_closes_with_4002(string text) => await Closes(GatewayCloseCode.DecodeError, p => p.SendText(text));

    [Fact]
    public async Task More_than_4096_bytes_close_with_4002() => await Closes(GatewayCloseCode.DecodeError, p => p.Send(GatewayOpcode.Heartbeat, new string('x', 4096)));

    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(99)]
    [InlineData(-1)]
    public async Task An_unknown_opcode_closes_with_4001(int op) => await Closes(GatewayCloseCode.UnknownOpcode, p => p.Send((GatewayOpcode)op, new { }));

    [Theory]
    [InlineData(GatewayOpcode.PresenceUpdate)]
    [InlineData(GatewayOpcode.VoiceStateUpdate)]
    [InlineData(GatewayOpcode.RequestGuildMembers)]
    public async Task What_needs_a_session_closes_with_4003_before_identify(GatewayOpcode op) => await Closes(GatewayCloseCode.NotAuthenticated, p => p.Send(op, new { }));

    [Theory]
    [InlineData("")]
    [InlineData("a.b.c")]
    [InlineData("Bot nonsense")]
    public async Task A_wrong_token_closes_with_4004(string token) => await Closes(GatewayCloseCode.AuthenticationFailed, p => p.Identify(token));

    [Fact]
    public async Task A_wrong_token_closes_with_4004_in_resume_too() => await Closes(GatewayCloseCode.AuthenticationFailed, p => p.Resume("a.b.c", new string('0', 32), 1));

    [Theory]
    [InlineData(GatewayOpcode.Identify)]
    [InlineData(GatewayOpcode.Resume)]
    public async Task A_second_identify_or_resume_closes_with_4005(GatewayOpcode op)
    {
        await using var probe = await GatewayProbe.Login(await host.Register());
        await probe.Send(op, new { token = "a.b.c", session_id = "x", seq = 1 });
        Assert.Equal((int)GatewayCloseCode.AlreadyAuthenticated, (await probe.Closed()).Code);
    }

    [Fact]
    public async Task More_than_120_payloads_a_minute_close_with_4008()
    {
        await using var probe = await GatewayProbe.Login(await host.Register());
        for (var i = 0; i < 121; i++)
            await probe.Send(GatewayOpcode.Heartbeat, 1);
        Assert.Equal((int)GatewayCloseCode.RateLimited, (await probe.Closed()).Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(-1, 2)]
    [InlineData(0, 1, 2)]
    [InlineData(0, 70_000)]
    public async Task An_impossible_shard_closes_with_4010(params int[] shard)
    {
        var bot = await (await host.Register()).CreateBot();
        await Closes(GatewayCloseCode.InvalidShard, p => p.Identify(bot.Token, Intents.Guilds, shard));
    }

    [Fact]
    public async Task A_bot_in_too_many_guilds_for_one_session_is_closed_with_4011()
    {
        await using var small = await KithHost.Start(new KithHostSetup { Options = o => o with { Gateway = o.Gateway with { GuildsPerShard = 1 } } });
        var ann = await small.Register();
        var bot = await ann.CreateBot();
        foreach (var guild in (TestGuild[])[await ann.CreateGuild(), await ann.CreateGuild()])
            await guild.AddBot(bot.Id);
        await using var probe = await GatewayProbe.Connect(small.Address);
        await probe.Identify(bot.Token, Intents.Guilds);
        Assert.Equal((int)GatewayCloseCode.ShardingRequired, (await probe.Closed()).Code);
    }

    [Theory]
    [InlineData("v=5&encoding=json")]
    [InlineData("v=ten")]
    [InlineData("v=10&encoding=etf")]
    public async Task Another_version_or_encoding_closes_with_4012(string query)
    {
        await using var probe = await GatewayProbe.Connect(host.Address, query);
        Assert.Equal((int)GatewayCloseCode.InvalidVersion, (await probe.Closed()).Code);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1L << 17)]
    [InlineData(-1L)]
    [InlineData(1L << 40)]
    public async Task A_bot_with_intents_that_there_are_none_of_is_closed_with_4013(long? intents)
    {
        var bot = await (await host.Register()).CreateBot();
        await Closes(GatewayCloseCode.InvalidIntents, p => p.Send(GatewayOpcode.Identify, new { token = bot.Token, properties = new { }, intents }));
    }

    [Fact]
    public async Task A_bot_without_privileges_is_closed_with_4014_where_it_asks_for_them()
    {
        var bots = new List<string>();
        await using var strict = await KithHost.Start(new KithHostSetup { Options = o => o with { Gateway = o.Gateway with { UnprivilegedBots = bots } } });
        var bot = await (await strict.Register()).CreateBot();
        bots.Add(bot.Id.ToString());
        await using var refused = await GatewayProbe.Connect(strict.Address);
        await refused.Identify(bot.Token, Intents.Guilds | Intents.GuildMembers);
        Assert.Equal((int)GatewayCloseCode.DisallowedIntents, (await refused.Closed()).Code);

        await using var modest = await GatewayProbe.Connect(strict.Address);
        await modest.Identify(bot.Token, Intents.Guilds | Intents.GuildMessages);
        await modest.WaitReady();
    }

    [Fact]
    public async Task A_presence_that_there_is_none_of_closes_with_4002()
    {
        var ann = await host.Register();
        await Closes(GatewayCloseCode.DecodeError, p => p.Identify(ann.Token, presence: new { status = "away", activities = Array.Empty<object>(), afk = false }));
        await using var probe = await GatewayProbe.Login(ann);
        await probe.Send(GatewayOpcode.PresenceUpdate, new { status = "busy" });
        Assert.Equal((int)GatewayCloseCode.DecodeError, (await probe.Closed()).Code);
    }

    [Fact]
    public async Task Clients_that_fall_silent_are_closed_with_4009()
    {
        var clock = new ManualTimeProvider();
        await using var still = await KithHost.Start(new KithHostSetup { Clock = clock });
        await using var visitor = await GatewayProbe.Connect(still.Address);
        await using var silent = await GatewayProbe.Login(await still.Register());
        await using var alive = await GatewayProbe.Login(await still.Register());

        clock.Advance(TimeSpan.FromSeconds(41));
        await alive.Heartbeat();
        clock.Advance(TimeSpan.FromSeconds(41));
        // After a jump the clock skips ticks: one more.
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((int)GatewayCloseCode.SessionTimedOut, (await visitor.Closed()).Code);
        Assert.Equal((int)GatewayCloseCode.SessionTimedOut, (await silent.Closed()).Code);
        await alive.Heartbeat();
    }

    [Fact]
    public async Task Voice_is_ignored_politely()
    {
        await using var probe = await GatewayProbe.Login(await host.Register());
        await probe.Send(GatewayOpcode.VoiceStateUpdate, new { guild_id = "1", channel_id = (string?)null, self_mute = false, self_deaf = false });
        await probe.Heartbeat();
    }

    [Fact]
    public async Task Too_many_sessions_within_seconds_make_an_invalid_session()
    {
        await using var strict = await KithHost.Start(new KithHostSetup { Options = o => o with { Gateway = o.Gateway with { MaxConcurrency = 1 } } });
        var ann = await strict.Register();
        await using var first = await GatewayProbe.Login(ann);
        await using var second = await GatewayProbe.Connect(strict.Address);
        await second.Identify(ann.Token);
        Assert.False((await second.Wait(GatewayOpcode.InvalidSession)).Data.GetBoolean());
    }

    async Task Closes(GatewayCloseCode code, Func<GatewayProbe, Task> send)
    {
        await using var probe = await GatewayProbe.Connect(host.Address);
        await send(probe);
        Assert.Equal((int)code, (await probe.Closed()).Code);
    }
}
