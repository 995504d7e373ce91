using Kith.Load.Measures;
using Kith.Load.Workers;

namespace Kith.Load.Targets;

/// <summary>Where the programs are that a run may start.</summary>
/// <param name="Kith">The server's program or .dll.</param>
/// <param name="Baselines">The program or .dll of bench/Kith.Baselines.</param>
/// <param name="DataFolder">Where Kith's store is made: on a real disk, or syncs cost nothing.</param>
internal sealed record Programs(string? Kith, string? Baselines, string? DataFolder);

/// <summary>A server of one kind, started for one run with an empty store, and gone after it.</summary>
internal sealed class StartedServer : IAsyncDisposable
{
    readonly ServerProcess _process;

    StartedServer(ServerProcess process, TargetServer server)
    {
        _process = process;
        Server = server;
    }

    public TargetServer Server { get; }

    public static Task<StartedServer> Start(Programs programs, TargetKind kind, bool coalesce, int sweepers, CancellationToken cancel) =>
        kind == TargetKind.Kith ? StartKith(programs, cancel) : StartBaseline(programs, kind, coalesce, sweepers, cancel);

    /// <summary>Kith with an empty store. Its limits per user are lifted: they are there to stop exactly this.</summary>
    static async Task<StartedServer> StartKith(Programs programs, CancellationToken cancel)
    {
        var program = programs.Kith ?? throw new ArgumentException("--kith is needed: the path of kith.", nameof(programs));
        var data = Path.Combine(programs.DataFolder ?? Path.GetTempPath(), $"kith-load-{Environment.ProcessId}-{Clock.Now:x}");
        var url = $"http://127.0.0.1:{ServerProcess.FreePort()}";
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["KITH__RateLimits__Enabled"] = "false",
            // Logs that are said again are full of links.
            ["KITH__Media__LinkPreviews"] = "false",
            ["KITH__Accounts__PasswordIterations"] = "1000",
            ["KITH__Logging__Level"] = "Warning",
        };
        var process = await ServerProcess.Start([program, "serve", "--urls", url, "--data", data], url, environment, cancel);
        return new(process, new(new(url, TargetKind.Kith), new KithWorldBuilder(url, instance: new(program, data)), new ServerProbe([process.Id]))) { Data = data };
    }

    /// <param name="coalesce">Of the raw baseline: what waits leaves in one write.</param>
    static async Task<StartedServer> StartBaseline(Programs programs, TargetKind kind, bool coalesce, int sweepers, CancellationToken cancel)
    {
        var program = programs.Baselines ?? throw new ArgumentException("--baselines is needed: the path of kith-baselines.", nameof(programs));
        var port = ServerProcess.FreePort();
        var url = $"http://127.0.0.1:{port}";
        string[] command = kind == TargetKind.Raw
            ? [program, "raw", "--port", $"{port}", "--until-stdin-closes", "--sweepers", $"{sweepers}", .. coalesce ? ["--coalesce"] : Array.Empty<string>()]
            : [program, "signalr", "--port", $"{port}", "--until-stdin-closes"];
        var process = await ServerProcess.Start(command, url, new Dictionary<string, string>(StringComparer.Ordinal), cancel);
        return new(process, new(new(url, kind), new BaselineWorldBuilder(), new ServerProbe([process.Id])));
    }

    /// <summary>The server's folder, deleted with it.</summary>
    string? Data { get; init; }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        if (Data is not null) Directory.Delete(Data, recursive: true);
    }
}
