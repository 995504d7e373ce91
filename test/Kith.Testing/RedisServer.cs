using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Kith.Testing;

/// <summary>A Redis of the test's own, which keeps nothing on disk: its port and process, gone at the end. Needs Debian's redis-server.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    const int SigStop = 19;
    const int SigContinue = 18;

    readonly TemporaryFolder folder = new();
    Process? process;

    public int Port { get; } = FreePort();

    public string Address => $"127.0.0.1:{Port}";

    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer();
        await server.StartProcessAsync();
        return server;
    }

    /// <summary>Starts the process and waits until it answers.</summary>
    public async Task StartProcessAsync()
    {
        process = Process.Start(new ProcessStartInfo(
            "redis-server", $"--port {Port} --bind 127.0.0.1 --save \"\" --appendonly no --dir {folder.Path} --logfile {folder.Path}/log --loglevel warning") { UseShellExecute = false })!;
        var deadline = Stopwatch.StartNew();
        while (!await AnswersAsync())
        {
            if (process.HasExited || deadline.Elapsed > Deadline.Default) Assert.Fail($"Redis did not start: {await File.ReadAllTextAsync(Path.Combine(folder.Path, "log"))}");
        }
    }

    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>It goes on accepting connections, and never answers.</summary>
    public Task HangAsync() => SignalAsync(SigStop);

    public Task GoOnAsync() => SignalAsync(SigContinue);

    /// <summary>Sends one command and returns the first line of the answer.</summary>
    public async Task<string> CommandAsync(string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        using var reader = new StreamReader(client.GetStream());
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(command + "\r\n"));
        return await reader.ReadLineAsync() ?? "";
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false }) await KillAsync();
        process?.Dispose();
        folder.Dispose();
    }

    async Task<bool> AnswersAsync()
    {
        try
        {
            return await CommandAsync("PING") == "+PONG";
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20));
            return false;
        }
    }

    async Task SignalAsync(int signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process!.Id}"]);
        await kill.WaitForExitAsync();
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
