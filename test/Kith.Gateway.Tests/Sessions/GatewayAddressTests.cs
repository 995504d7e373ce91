using Kith.Protocol;
using Kith.Testing;

namespace Kith.Gateway.Tests.Sessions;

public sealed class GatewayAddressTests(KithHost host) : IClassFixture<KithHost>
{
    [Fact]
    public async Task Anyone_may_ask_where_the_gateway_is() =>
        Assert.Equal($"ws://{host.Address.Authority}", (await host.Anonymous().Get("/gateway?region=anywhere")).Ok().Str("url"));

    [Fact]
    public async Task A_bot_learns_how_many_sessions_it_may_start()
    {
        var bot = await (await host.Register()).CreateBot();
        var before = (await bot.Api.Get("/gateway/bot")).Ok();
        Assert.Equal($"ws://{host.Address.Authority}", before.Str("url"));
        Assert.Equal(1, before.Int("shards"));
        var limit = before.GetProperty("session_start_limit");
        Assert.Equal((1000, 1000, 16), (limit.Int("total"), limit.Int("remaining"), limit.Int("max_concurrency")));

        await using var probe = await GatewayProbe.Login(bot, Intents.Guilds);
        limit = (await bot.Api.Get("/gateway/bot")).Ok().GetProperty("session_start_limit");
        Assert.Equal(999, limit.Int("remaining"));
        Assert.InRange(limit.Int("reset_after"), 1, 86_400_000);
        (await host.Anonymous().Get("/gateway/bot")).Refused(ErrorCode.Unauthorized);
    }

    [Fact]
    public async Task A_configured_address_goes_before_the_one_that_was_asked()
    {
        await using var named = await KithHost.Start(new KithHostSetup { Options = o => o with { Gateway = o.Gateway with { Url = "wss://chat.example.org/" } } });
        Assert.Equal("wss://chat.example.org", (await named.Anonymous().Get("/gateway")).Ok().Str("url"));
        await using var probe = await GatewayProbe.Login(await named.Register());
        Assert.Equal("wss://chat.example.org", probe.Ready.Str("resume_gateway_url"));
    }

    [Fact]
    public async Task When_the_server_stops_clients_are_told_to_reconnect()
    {
        var data = Directory.CreateTempSubdirectory().FullName;
        await using var server = await KithProcess.Serve(data);
        var ann = await server.Anonymous().Register();
        await using var probe = await GatewayProbe.Login(ann);
        var ended = server.Terminate();
        await probe.Wait(GatewayOpcode.Reconnect);
        await probe.Close(4000);
        Assert.Equal(0, await ended);
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task Who_stays_when_the_server_stops_is_closed()
    {
        var data = Directory.CreateTempSubdirectory().FullName;
        await using var server = await KithProcess.Serve(data);
        await using var probe = await GatewayProbe.Login(await server.Anonymous().Register());
        var ended = server.Terminate();
        Assert.Equal((int)GatewayCloseCode.UnknownError, (await probe.Closed()).Code);
        Assert.Equal(0, await ended);
        Directory.Delete(data, recursive: true);
    }
}
