namespace Kith.Engine.Push;

/// <summary>When a push that failed is tried again.</summary>
public static class Backoff
{
    static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>More than any service asks for in earnest.</summary>
    static readonly TimeSpan LongestAsked = TimeSpan.FromDays(1);

    /// <param name="attempt">From 1.</param>
    /// <param name="asked">What the service asked for: never sooner than that, and a little later, so that not all come at once.</param>
    /// <param name="random">In [0, 1).</param>
    public static TimeSpan After(int attempt, TimeSpan? asked, double random)
    {
        var exponential = Math.Min(Longest.TotalSeconds, First.TotalSeconds * Math.Pow(2, Math.Min(attempt, 20) - 1)) * (0.5 + (random / 2));
        if (asked is not { } wait) return TimeSpan.FromSeconds(exponential);
        return TimeSpan.FromSeconds(Math.Max(exponential, Math.Clamp(wait.TotalSeconds, 0, LongestAsked.TotalSeconds) * (1 + (random / 10))));
    }
}
