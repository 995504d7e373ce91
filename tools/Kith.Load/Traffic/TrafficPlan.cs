using System.Text.Json.Serialization;

namespace Kith.Load.Traffic;

/// <summary>What a worker's traffic loop is told to do.</summary>
[JsonDerivedType(typeof(PacedPlan), "paced")]
[JsonDerivedType(typeof(WindowPlan), "window")]
[JsonDerivedType(typeof(ClosedLoopPlan), "closed")]
[JsonDerivedType(typeof(MixedPlan), "mixed")]
[JsonDerivedType(typeof(ReplayPlan), "replay")]
internal abstract record TrafficPlan
{
    /// <summary>Tokens of the accounts that the plan names by index.</summary>
    public required string[] Tokens { get; init; }

    /// <summary>Their snowflakes, where the plan has mentions.</summary>
    public ulong[] Ids { get; init; } = [];

    /// <summary>HTTP connections kept open.</summary>
    public required int Connections { get; init; }

    /// <summary>Traffic begins here, microseconds of the monotonic clock.</summary>
    public required long From { get; init; }

    /// <summary>Only what is due from here on is measured.</summary>
    public required long Warm { get; init; }

    /// <summary>Traffic ends here.</summary>
    public required long Until { get; init; }

    /// <summary>Bytes of a text, where the plan does not bring its own.</summary>
    public int TextBytes { get; init; } = 100;

    /// <summary>Makes a run repeatable.</summary>
    public int Seed { get; init; } = 1;
}

/// <param name="Rate">Messages per second.</param>
internal sealed record PacedPlan(Lane[] Lanes, double Rate) : TrafficPlan;

/// <param name="Window">Messages under way at once.</param>
/// <param name="Receivers">Sessions that each message reaches.</param>
internal sealed record WindowPlan(Lane[] Lanes, int Window, int Receivers) : TrafficPlan;

internal sealed record ClosedLoopPlan(Lane[] Lanes) : TrafficPlan;

/// <param name="Rate">Messages per second.</param>
/// <param name="ReadsPerMessage">Pages of history read, per message.</param>
internal sealed record MixedPlan(Place[] Places, double Rate, double ReadsPerMessage, double AcksPerMessage) : TrafficPlan;

/// <param name="Folder">Of IRC logs; see <see cref="IrcHistory"/>. Its days are the run's channels, its nicks the accounts, in their order.</param>
/// <param name="Speed">Times the real one.</param>
internal sealed record ReplayPlan(string Folder, int Days, double Speed) : TrafficPlan;
