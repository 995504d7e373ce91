using Kith.Load.Measures;
using Kith.Load.Reports;
using Kith.Load.Targets;

namespace Kith.Load.Scenarios;

/// <summary>A piece of work that is done to one server.</summary>
internal abstract record Scenario
{
    public abstract string Name { get; }

    /// <summary>Traffic before anything is measured.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(3);

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Quiet before memory is read.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Handshakes at once.</summary>
    public int Pending { get; init; } = 256;

    public int TextBytes { get; init; } = 100;

    public abstract Task<RunReport> Run(TargetServer server, CancellationToken cancel);
}

internal static class Memory
{
    /// <summary>Whether memory comes back once a burst has passed, without being asked to.</summary>
    public static async Task AfterTraffic(RunReport report, TargetServer server, ServerSample idle, TimeSpan settle, CancellationToken cancel)
    {
        if (!server.Probe.Watching) return;
        var burst = server.Probe.Sample();
        await Task.Delay(settle, cancel);
        var after = server.Probe.Sample();
        report.Add("RSS before traffic", idle.Rss / 1024.0, "MB");
        report.Add("RSS at its end", burst.Rss / 1024.0, "MB");
        report.Add("RSS after traffic", after.Rss / 1024.0, "MB");
        report.Add("RSS after over before", (double)after.Rss / idle.Rss, "×");
    }
}
