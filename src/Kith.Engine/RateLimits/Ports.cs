namespace Kith.Engine.RateLimits;

/// <summary>What is counted together. The same in every process: made of ids and stable hashes.</summary>
/// <param name="Scope">What kind of thing is counted, such as one route bucket.</param>
/// <param name="Subject">Who does it: a user, or an address.</param>
/// <param name="Major">Where: the guild, channel or webhook in the path; 0 where there is none.</param>
public readonly record struct RateKey(ulong Scope, ulong Subject, ulong Major = 0);

/// <summary>What the engine itself counts. Route buckets have hashes of their names, far above.</summary>
public enum RateScope
{
    LoginAccount = 1,
    LoginAddress = 2,
    SlowMode = 3,
    SessionsOfDay = 4,
    SessionsAtOnce = 5,
}

/// <summary>At most <paramref name="Limit"/> in each window. A window begins with the first count after the last one ended.</summary>
public readonly record struct RateWindow(int Limit, TimeSpan Length);

/// <param name="Allowed">False where the window was full already; then nothing was counted.</param>
/// <param name="Remaining">How many more this window takes.</param>
/// <param name="ResetAfter">How long until the window ends.</param>
public readonly record struct RateCount(bool Allowed, int Remaining, TimeSpan ResetAfter);

/// <summary>
/// Counts in windows. Adapters: in process; Redis, which shares the counts between processes. A count may be lost when its keeper restarts, and an adapter whose
/// keeper is away counts by itself meanwhile: limits protect, they must not be what stops the service.
/// </summary>
public interface IRateCounters
{
    /// <summary>Counts one; atomic per key.</summary>
    ValueTask<RateCount> CountAsync(RateKey key, RateWindow window, CancellationToken ct);

    /// <summary>Whether one more would be allowed, without counting.</summary>
    ValueTask<RateCount> PeekAsync(RateKey key, RateWindow window, CancellationToken ct);

    /// <summary>Forgets the key's count.</summary>
    ValueTask ResetAsync(RateKey key, CancellationToken ct);
}
