using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Xunit;

namespace Kith.Testing;

/// <summary>One series of an answer.</summary>
public sealed record Sample(IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>A Prometheus of the test's own, which asks the given addresses each second: its folder, port and process, gone at the end. Needs Debian's prometheus.</summary>
public sealed class PrometheusServer : IAsyncDisposable
{
    static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false });

    readonly TemporaryFolder folder = new();
    readonly int port = FreePort();
    Process? process;

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="targets">Of which it reads /metrics.</param>
    public static async Task<PrometheusServer> StartAsync(IEnumerable<Uri> targets)
    {
        var server = new PrometheusServer();
        var configuration = Path.Combine(server.folder.Path, "prometheus.yml");
        await File.WriteAllTextAsync(
            configuration,
            $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s }
            scrape_configs:
              - job_name: kith
                static_configs: [ { targets: [ {{string.Join(", ", targets.Select(t => $"\"{t.Authority}\""))}} ] } ]
            """);
        server.process = Process.Start(new ProcessStartInfo(
            "prometheus",
            [$"--config.file={configuration}", $"--storage.tsdb.path={server.folder.Path}/data", $"--web.listen-address=127.0.0.1:{server.port}", "--log.level=error"]) { UseShellExecute = false })!;
        await Deadline.Until(server.IsReadyAsync, ready => ready, "Prometheus is ready");
        return server;
    }

    /// <summary>What an expression is now; fails where it is refused.</summary>
    public async Task<IReadOnlyList<Sample>> QueryAsync(string expression)
    {
        using var response = await Http.GetAsync(At($"/api/v1/query?query={Uri.EscapeDataString(expression)}"));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"Prometheus refuses {expression}: {text}");
        return [.. JsonDocument.Parse(text).RootElement.GetProperty("data").Items("result").Select(ToSample)];
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process?.Dispose();
        folder.Dispose();
    }

    static Sample ToSample(JsonElement series) => new(
        series.GetProperty("metric").EnumerateObject().ToDictionary(l => l.Name, l => l.Value.GetString()!, StringComparer.Ordinal),
        double.Parse(series.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture));

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    Uri At(string path) => new($"http://127.0.0.1:{port}{path}");

    async Task<bool> IsReadyAsync()
    {
        if (process!.HasExited) Assert.Fail($"Prometheus did not start: {process.ExitCode}");
        try
        {
            using var response = await Http.GetAsync(At("/-/ready"));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
