using System.Text.Json.Serialization;

namespace Kith.Load.Traffic;

/// <summary>What a worker's traffic loop is told to do.</summary>
[JsonDerivedType(typeof(PacedPlan), "paced")]
[JsonDerivedType(typeof(WindowPlan), "window")]
[JsonDerivedType(typeof(ClosedLoopPlan), "closed")]
internal abstract record TrafficPlan
{
    /// <summary>Tokens of the accounts that the plan names by index.</summary>
    public required string[] Tokens { get; init; }

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
