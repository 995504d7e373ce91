using System.Diagnostics;
using System.Net.Sockets;
using Kith.Load.Sockets;

namespace Kith.Load.Targets;

/// <summary>A server that this run started, and ends.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    readonly Process _process;
    readonly Queue<string> _lastLines = new();

    ServerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Starts a program and waits until its port answers.</summary>
    /// <param name="command">Program and arguments; a .dll is run by dotnet.</param>
    public static async Task<ServerProcess> Start(string[] command, string url, IReadOnlyDictionary<string, string> environment, CancellationToken cancel)
    {
        var server = new ServerProcess(Run(command, environment));
        server._process.OutputDataReceived += server.Remember;
        server._process.ErrorDataReceived += server.Remember;
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        try
        {
            await server.Answers(url, cancel);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a program to its end; its output is the result.</summary>
    public static async Task<string> RunToEnd(string[] command, CancellationToken cancel)
    {
        using var process = Run(command, new Dictionary<string, string>(StringComparer.Ordinal));
        var error = process.StandardError.ReadToEndAsync(cancel);
        var output = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"'{string.Join(' ', command)}' ended with {process.ExitCode}: {await error}");
    }

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        return ((System.Net.IPEndPoint)listener.LocalEndPoint!).Port;
    }

    /// <summary>Asks the server to end (SIGTERM), and kills it when it does not within ten seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Libc.Kill(_process.Id, Libc.Terminate);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }

        _process.Dispose();
    }

    static Process Run(string[] command, IReadOnlyDictionary<string, string> environment)
    {
        var program = command[0].EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", .. command] : command;
        var start = new ProcessStartInfo(program[0], program.Skip(1)) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"'{program[0]}' did not start.");
    }

    void Remember(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not { } text) return;
        lock (_lastLines)
        {
            _lastLines.Enqueue(text);
            if (_lastLines.Count > 20) _lastLines.Dequeue();
        }
    }

    async Task Answers(string url, CancellationToken cancel)
    {
        var endpoint = LoopbackTarget.Parse(url);
        using var glance = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var deadline = Measures.Clock.Now + (60 * Measures.Clock.Second);
        while (Measures.Clock.Now < deadline)
        {
            if (_process.HasExited) throw new InvalidOperationException($"The server ended at once:\n{Said()}");
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(endpoint, cancel);
                return;
            }
            catch (SocketException)
            {
                await glance.WaitForNextTickAsync(cancel);
            }
        }

        throw new InvalidOperationException($"The server does not listen on {url}:\n{Said()}");
    }

    string Said()
    {
        lock (_lastLines) return string.Join('\n', _lastLines);
    }
}
