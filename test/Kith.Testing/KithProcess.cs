using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kith.Testing;

/// <summary>The server as its own process, for what a process alone can show: being killed, signals, exit codes, start-up.</summary>
public sealed class KithProcess : IAsyncDisposable
{
    const int SigTerm = 15;

    readonly Process process;
    readonly StringBuilder output = new();

    KithProcess(Process process, Uri address) => (this.process, Address) = (process, address);

    public Uri Address { get; }

    public int Id => process.Id;

    public string Output
    {
        get
        {
            lock (output) return output.ToString();
        }
    }

    /// <summary>Starts <c>kith serve</c> on the folder and waits until it answers.</summary>
    public static async Task<KithProcess> Serve(string data, IReadOnlyDictionary<string, string>? environment = null, params string[] arguments)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var server = new KithProcess(Start(["serve", "--urls", address.ToString(), "--data", data, .. arguments], environment), address);
        server.Collect(server.process.StandardOutput);
        server.Collect(server.process.StandardError);
        await server.WaitUntilReady();
        return server;
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> Run(params string[] arguments)
    {
        using var command = Start(arguments, environment: null);
        var (written, complaints) = (command.StandardOutput.ReadToEndAsync(), command.StandardError.ReadToEndAsync());
        await command.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        return (command.ExitCode, await written, await complaints);
    }

    public ApiClient Anonymous() => new(Address, token: null);

    public ApiClient As(string token) => new(Address, token);

    /// <summary>kill -9: nothing is flushed, nothing is said.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asks for an orderly end and returns the exit code.</summary>
    public async Task<int> Terminate()
    {
        using var kill = Process.Start("kill", [$"-{SigTerm}", $"{process.Id}"]);
        await kill.WaitForExitAsync();
        await process.WaitForExitAsync().WaitAsync(Deadline.Default);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await Kill();
        process.Dispose();
    }

    static Process Start(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        // The server's assembly lies beside the tests, which reference it.
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "kith.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        start.Environment["KITH__RateLimits__Enabled"] = "false";
        start.Environment["KITH__Accounts__PasswordIterations"] = "1000";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException("The server did not start.");
    }

    void Collect(StreamReader reader) => _ = Task.Run(async () =>
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (output) output.AppendLine(line);
        }
    });

    async Task WaitUntilReady()
    {
        await Deadline.Until(
            async () => process.HasExited || await Answers(),
            ready => ready,
            "the server answers");
        if (process.HasExited) throw new InvalidOperationException($"The server ended with {process.ExitCode}:\n{Output}");
    }

    async Task<bool> Answers()
    {
        try
        {
            return (await Anonymous().Get("/gateway")).Status == 200;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Free when asked; the next to ask gets another. Taken by someone else in between, the start fails with a clear message.</summary>
    static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
