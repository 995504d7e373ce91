using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Kith.Testing;

/// <summary>A ZooKeeper of the test's own: its folder, port and process, gone at the end. Needs Debian's zookeeper.</summary>
public sealed class ZooKeeperServer : IAsyncDisposable
{
    readonly TemporaryFolder folder = new();
    Process? process;

    ZooKeeperServer()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    public static async Task<ZooKeeperServer> StartAsync()
    {
        var server = new ZooKeeperServer();
        await server.StartProcessAsync();
        return server;
    }

    /// <summary>Starts the process, on the data that is there, and waits until it answers.</summary>
    public async Task StartProcessAsync()
    {
        var configuration = Path.Combine(folder.Path, "zoo.cfg");
        await File.WriteAllLinesAsync(configuration,
        [
            // A short tick lets sessions be short.
            "tickTime=500", "maxSessionTimeout=60000", $"dataDir={folder.Path}/data", $"clientPort={Port}", "clientPortAddress=127.0.0.1", "admin.enableServer=false", "4lw.commands.whitelist=srvr,dump", "maxClientCnxns=200",
        ]);
        process = Process.Start(new ProcessStartInfo("java",
            ["-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", "/usr/share/java/zookeeper.jar", "org.apache.zookeeper.server.quorum.QuorumPeerMain", configuration])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var waited = Stopwatch.StartNew();
        while (!await AnswersAsync())
        {
            if (process.HasExited) Assert.Fail($"ZooKeeper did not start: {await output} {await errors}");
            if (waited.Elapsed > Deadline.Default) Assert.Fail("ZooKeeper does not answer.");
        }
    }

    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>What each session has that ends with it: paths by the session's id.</summary>
    public async Task<IReadOnlyDictionary<string, string[]>> EphemeralsAsync()
    {
        var lines = (await AskAsync("dump", CancellationToken.None)).Split('\n').SkipWhile(l => !l.StartsWith("Sessions with Ephemerals", StringComparison.Ordinal)).Skip(1);
        var sessions = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        List<string> paths = [];
        foreach (var line in lines.TakeWhile(l => !l.StartsWith("Connections", StringComparison.Ordinal)))
        {
            if (line.StartsWith("0x", StringComparison.Ordinal)) sessions[line.TrimEnd(':')] = paths = [];
            else if (line.Length > 0) paths.Add(line.Trim());
        }

        return sessions.ToDictionary(s => s.Key, s => s.Value.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false }) await KillAsync();
        process?.Dispose();
        folder.Dispose();
    }

    async Task<bool> AnswersAsync()
    {
        // While it starts it may take a connection and forget it.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            return (await AskAsync("srvr", patience.Token)).StartsWith("Zookeeper version", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            await Task.Delay(50);
            return false;
        }
    }

    /// <summary>One of its words of four letters.</summary>
    async Task<string> AskAsync(string word, CancellationToken ct)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port, ct);
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(word), ct);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync(ct);
    }
}
