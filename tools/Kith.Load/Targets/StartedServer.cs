using Kith.Load.Measures;
using Kith.Load.Workers;

namespace Kith.Load.Targets;

/// <summary>Where the programs are that a run may start.</summary>
/// <param name="Kith">The server's program or .dll.</param>
/// <param name="Baselines">The program or .dll of bench/Kith.Baselines.</param>
internal sealed record Programs(string? Kith, string? Baselines);

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

    /// <param name="coalesce">Of the raw baseline: what waits leaves in one write.</param>
    public static async Task<StartedServer> StartBaseline(Programs programs, TargetKind kind, bool coalesce, int sweepers, CancellationToken cancel)
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

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
