using Kith.Load.Workers;

namespace Kith.Load.Traffic;

/// <summary>From a plan to its source.</summary>
internal static class Sources
{
    /// <summary>Distinct texts; enough that none is met twice in a second.</summary>
    const int Texts = 512;

    /// <summary>Characters that a message may have.</summary>
    const int LongestText = 2000;

    public static TrafficSource Create(TrafficPlan plan, Prepare prepared, SharedCounters counters)
    {
        var random = new Random(plan.Seed);
        return plan switch
        {
            PacedPlan paced => new PacedSource(paced, MessageTexts.OfLength(plan.TextBytes, Texts, random)),
            WindowPlan window => new WindowSource(window, MessageTexts.OfLength(plan.TextBytes, Texts, random), counters),
            ClosedLoopPlan closed => new ClosedLoopSource(closed, MessageTexts.OfLength(plan.TextBytes, Texts, random)),
            MixedPlan mixed => new MixedSource(mixed, MessageTexts.LikeChat(LongestText, Texts, random)),
            ReplayPlan replay => new ReplaySource(replay),
            _ => throw new ArgumentException($"No source for {plan.GetType().Name}.", nameof(plan)),
        };
    }
}
