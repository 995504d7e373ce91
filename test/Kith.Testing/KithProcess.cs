using System.Diagnostics;
using System.Text;
using Xunit;

namespace Kith.Testing;

/// <summary>The server as its own process, for what a process alone can show: being killed, signals, exit codes, start-up.</summary>
public sealed class KithProcess : IAsyncDisposable
{
    const int SigTerm = 15;
    const int SigStop = 19;
    const int SigContinue = 18;
    const string ReadyLine = "Kith is ready at ";

    /// <summary>Several may start at once on a machine with few processors.</summary>
    static readonly TimeSpan StartWithin = TimeSpan.FromMinutes(2);

    /// <summary>Twice what a server takes at most (ShutdownTimeout).</summary>
    static readonly TimeSpan EndWithin = TimeSpan.FromMinutes(1);

    /// <summary>The server's assembly: it lies beside the tests, which reference it.</summary>
    public static readonly string Program = Path.Combine(AppContext.BaseDirectory, "kith.dll");

    readonly Process process;
    readonly StringBuilder output = new();

    readonly TaskCompletionSource<Uri> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    KithProcess(Process process) => this.process = process;

    public Uri Address { get; private set; } = null!;

    public int Id => process.Id;

    public string Output
    {
        get
        {
            lock (output) return output.ToString();
        }
    }

    /// <summary>Starts <c>kith serve</c> on the folder and waits until it says that it is ready.</summary>
    public static Task<KithProcess> Serve(string data, IReadOnlyDictionary<string, string>? environment = null, params string[] arguments) => ServeBy(Program, data, environment, arguments);

    /// <param name="program">The assembly of a server that may be of another version.</param>
    public static async Task<KithProcess> ServeBy(string program, string data, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var server = new KithProcess(Start(program, ["serve", "--urls", "http://127.0.0.1:0", "--data", data, .. arguments], environment));
        var complaining = server.Collect(server.process.StandardError);
        _ = server.Collect(server.process.StandardOutput, complaining);
        try
        {
            server.Address = await Deadline.For(server.ready.Task, () => $"\"{ReadyLine}\"; the server said:\n{server.Output}", StartWithin);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a command to its end.</summary>
    public static Task<(int ExitCode, string Output, string Error)> Run(params string[] arguments) => RunBy(Program, arguments);

    /// <param name="program">As above.</param>
    public static async Task<(int ExitCode, string Output, string Error)> RunBy(string program, params string[] arguments)
    {
        using var command = Start(program, arguments, environment: null);
        var (written, complaints) = (command.StandardOutput.ReadToEndAsync(), command.StandardError.ReadToEndAsync());
        await command.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        return (command.ExitCode, await written, await complaints);
    }

    /// <summary>Runs a command and kills it (kill -9) at a moment, which must come before its end.</summary>
    public static async Task KillAtAsync(Func<Task> moment, params string[] arguments)
    {
        using var command = Start(Program, arguments, environment: null);
        var (written, complaints) = (command.StandardOutput.ReadToEndAsync(), command.StandardError.ReadToEndAsync());
        await moment();
        Assert.False(command.HasExited, "It had ended already.");
        command.Kill();
        await command.WaitForExitAsync();
        await Task.WhenAll(written, complaints);
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
        await SignalAsync(SigTerm);
        await Deadline.For(process.WaitForExitAsync(), () => $"its end; the server said:\n{Output}", EndWithin);
        return process.ExitCode;
    }

    /// <summary>It stands still: no thread of it runs, its connections stay.</summary>
    public Task HangAsync() => SignalAsync(SigStop);

    public Task GoOnAsync() => SignalAsync(SigContinue);

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await Kill();
        process.Dispose();
    }

    async Task SignalAsync(int signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }

    static Process Start(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", program, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        start.Environment["KITH__RateLimits__Enabled"] = "false";
        start.Environment["KITH__Accounts__PasswordIterations"] = "1000";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException("The server did not start.");
    }

    /// <param name="complaining">What it says beside this, which belongs to why it ended.</param>
    Task Collect(StreamReader reader, Task? complaining = null) => Task.Run(async () =>
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (output) output.AppendLine(line);
            if (line.StartsWith(ReadyLine, StringComparison.Ordinal)) ready.TrySetResult(new Uri(line[ReadyLine.Length..]));
        }

        if (complaining is null) return;
        await complaining;
        ready.TrySetException(new InvalidOperationException($"The server ended before it was ready:\n{Output}"));
    });
}
