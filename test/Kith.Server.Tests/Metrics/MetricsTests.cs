using System.Globalization;
using Kith.Testing;

namespace Kith.Server.Tests.Metrics;

public sealed class MetricsTests
{
    [Fact]
    public async Task What_happens_is_counted_and_told_at_an_address_of_its_own()
    {
        var address = $"http://127.0.0.1:{FreePort()}";
        await using var host = await KithHost.Start(new KithHostSetup { Options = o => o with { Metrics = new() { Address = address } } });
        using var http = new HttpClient();
        var before = Parse(await http.GetStringAsync(address + "/metrics"));
        var alice = await host.Register();
        var guild = await alice.CreateGuild();
        await using var socket = await GatewayProbe.Login(alice);
        for (var n = 0; n < 3; n++)
            await alice.Send(guild.General, $"{n}");
        await socket.Wait("MESSAGE_CREATE", m => m.Str("content") == "2");

        var after = Parse(await http.GetStringAsync(address + "/metrics"));
        Assert.True(Grown("kith_messages_sends_total") >= 3);
        Assert.True(Grown("kith_messages_send_seconds_count") >= 3);
        Assert.True(Grown("kith_messages_commit_seconds_count") >= 1);
        Assert.True(Grown("kith_delivery_events_total{event=\"MESSAGE_CREATE\"}") >= 3);
        Assert.True(after["kith_gateway_connections"] >= 1);
        Assert.Equal(after["kith_messages_send_seconds_count"], after["kith_messages_send_seconds_bucket{le=\"+Inf\"}"]);
        Assert.Equal("text/plain", (await http.GetAsync(address + "/metrics")).Content.Headers.ContentType!.MediaType);
        Assert.NotEqual(200, (await host.Anonymous().Get("/metrics")).Status);
        double Grown(string name) => after[name] - before.GetValueOrDefault(name);
    }

    /// <summary>Every line is of Prometheus' form, each series is there once, and buckets only grow.</summary>
    static Dictionary<string, double> Parse(string text)
    {
        Dictionary<string, double> values = new(StringComparer.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !l.StartsWith('#')))
        {
            Assert.Matches("""^[a-z_]+(\{[a-z_]+="([^"\\]|\\.)*"(,[a-z_]+="([^"\\]|\\.)*")*\})? [-0-9.eE+]+$""", line);
            var end = line.LastIndexOf(' ');
            values.Add(line[..end], double.Parse(line[end..], CultureInfo.InvariantCulture));
        }

        foreach (var histogram in values.Keys.Where(k => k.Contains("_bucket", StringComparison.Ordinal)).GroupBy(k => k[..k.IndexOf('{', StringComparison.Ordinal)]))
            Assert.Equal(histogram.Select(k => values[k]).Order(), histogram.Select(k => values[k]));
        return values;
    }

    static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
