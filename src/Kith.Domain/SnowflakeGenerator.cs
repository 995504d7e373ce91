namespace Kith.Domain;

/// <summary>
/// Mints ids for one worker, strictly increasing. A clock that goes backwards by up to <see cref="Tolerance"/> is waited out in place by
/// minting from the last known millisecond on; beyond that <see cref="Next"/> throws rather than repeat or step back. Safe for any number of threads.
/// </summary>
public sealed class SnowflakeGenerator(int worker, TimeProvider clock)
{
    /// <summary>How far ids may run ahead of the clock: a step back, or more than 4,096 ids in a millisecond.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(10);

    // Milliseconds and increment in one number, worker excluded, so that one compare-and-swap moves both.
    long last;

    readonly long workerBits = worker is >= 0 and <= Snowflake.MaxWorker
        ? (long)worker << Snowflake.WorkerShift
        : throw new ArgumentOutOfRangeException(nameof(worker), worker, "A worker id is 0 to 1023.");

    /// <exception cref="ClockWentBackException">The clock is behind the last id by more than <see cref="Tolerance"/>.</exception>
    public long Next()
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds() - Snowflake.EpochMilliseconds;
        while (true)
        {
            var seen = Volatile.Read(ref last);
            var next = Math.Max(seen + 1, now << 12);
            if ((next >> 12) - now > (long)Tolerance.TotalMilliseconds)
                throw new ClockWentBackException(TimeSpan.FromMilliseconds((next >> 12) - now));
            if (Interlocked.CompareExchange(ref last, next, seen) == seen)
                return ((next >> 12) << Snowflake.TimestampShift) | workerBits | (next & Snowflake.MaxIncrement);
        }
    }

    /// <summary>Never mint an id at or below this one: called at start with the newest id in the store.</summary>
    public void StartAfter(long id)
    {
        var floor = (id >> Snowflake.TimestampShift << 12) | (id & Snowflake.MaxIncrement);
        while (true)
        {
            var seen = Volatile.Read(ref last);
            if (seen >= floor || Interlocked.CompareExchange(ref last, floor, seen) == seen)
                return;
        }
    }
}

public sealed class ClockWentBackException(TimeSpan by)
    : InvalidOperationException($"The clock is {by.TotalSeconds:0.0} s behind the last id; no id is minted until it has caught up.");
