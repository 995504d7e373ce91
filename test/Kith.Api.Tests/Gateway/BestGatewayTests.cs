using Kith.Engine.Delivery;
using Kith.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kith.Api.Tests.Gateway;

public sealed class BestGatewayTests
{
    static readonly GatewayServer Full = new("full", "wss://full.example.org", "eu", Capacity: 10, Load: 10);
    static readonly GatewayServer Busy = new("busy", "wss://busy.example.org", "eu", Capacity: 100, Load: 97);
    static readonly GatewayServer Idle = new("idle", "wss://idle.example.org/", "us", Capacity: 100, Load: 0);

    readonly Servers servers = new();

    [Fact]
    public async Task A_lone_server_recommends_itself()
    {
        await using var host = await StartAsync();
        Assert.Equal($"ws://{host.Address.Authority}", await AskAsync(host, "/gateway"));
        Assert.Equal($"ws://{host.Address.Authority}", await AskAsync(host, "/gateway?region=eu"));
    }

    [Fact]
    public async Task The_region_that_is_asked_for_comes_first_then_that_of_the_address_then_free_capacity()
    {
        servers.Live = [Full, Busy, Idle];
        await using var host = await StartAsync();
        Assert.Equal("wss://busy.example.org", await AskAsync(host, "/gateway?region=eu"));
        Assert.Equal("wss://idle.example.org", await AskAsync(host, "/gateway?region=us"));
        Assert.Equal("wss://idle.example.org", await AskAsync(host, "/gateway"));
        Assert.Equal("wss://idle.example.org", await AskAsync(host, "/gateway?region=nowhere"));

        await using var home = await StartAsync(regions: new(StringComparer.Ordinal) { ["127.0.0.0/8"] = "eu", ["0.0.0.0/0"] = "us" });
        Assert.Equal("wss://busy.example.org", await AskAsync(home, "/gateway"));
        Assert.Equal("wss://idle.example.org", await AskAsync(home, "/gateway?region=us"));
        var bot = await home.Register();
        Assert.Equal("wss://busy.example.org", (await bot.Api.Get("/gateway/bot")).Ok().Str("url"));
    }

    [Fact]
    public async Task Whom_it_has_sent_somewhere_counts_until_the_load_is_told_anew()
    {
        servers.Live = [Busy, Idle with { Region = "eu", Load = 98 }];
        await using var host = await StartAsync();
        List<string?> first = [];
        for (var n = 0; n < 5; n++)
            first.Add(await AskAsync(host, "/gateway?region=eu"));
        Assert.Equal(3, first.Count(u => u!.Contains("busy", StringComparison.Ordinal)));
        Assert.Equal(2, first.Count(u => u!.Contains("idle", StringComparison.Ordinal)));
        servers.Live = [Busy, Idle with { Region = "eu", Load = 98 }];
        Assert.Equal("wss://busy.example.org", await AskAsync(host, "/gateway?region=eu"));
    }

    Task<KithHost> StartAsync(Dictionary<string, string>? regions = null) => KithHost.Start(new KithHostSetup
    {
        Options = options => options with { Gateway = options.Gateway with { Regions = regions ?? [] } },
        Services = services => services.AddSingleton<IGatewayServers>(servers),
    });

    static async Task<string?> AskAsync(KithHost host, string path) => (await host.Anonymous().Get(path)).Ok(200).Str("url");

    sealed class Servers : IGatewayServers
    {
        public IReadOnlyList<GatewayServer> Live { get; set; } = [];
    }
}
