namespace Kith.Domain;

/// <summary>
/// Mints ids for one worker, strictly increasing. A clock that goes backwards by up to <see cref="Tolerance"/> is waited out in place by
/// minting from the last known millisecond on; beyond that <see cref="Next"/> throws rather than repeat or step back. Safe for any number of threads.
/// </summary>
public sealed class SnowflakeGenerator(TimeProvider clock)
{
    /// <summary>How far ids may run ahead of the clock: a step back, or more than 4,096 ids in a millisecond.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(10);

    readonly Lock gate = new();

    /// <summary>Milliseconds since the epoch and increment of the last id, in one number.</summary>
    long last;

    WorkerLease? lease;

    /// <summary>For a worker that nobody else is, for good.</summary>
    public SnowflakeGenerator(int worker, TimeProvider clock)
        : this(clock) => Use(new WorkerLease(worker, DateTimeOffset.MaxValue, long.MaxValue));

    /// <summary>The time of the last id.</summary>
    public DateTimeOffset LastTime
    {
        get
        {
            lock (gate) return DateTimeOffset.FromUnixTimeMilliseconds((last >> 12) + Snowflake.EpochMilliseconds);
        }
    }

    /// <exception cref="IdsUnavailableException">The clock is behind the last id by more than <see cref="Tolerance"/>, or there is no lease, or it has run out.</exception>
    public long Next()
    {
        lock (gate)
        {
            if (lease is null || clock.GetTimestamp() >= lease.ValidUntil)
                throw new IdsUnavailableException("This process has no worker id at the moment; no id is minted until it has.");
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds() - Snowflake.EpochMilliseconds;
            var next = Math.Max(last + 1, now << 12);
            if ((next >> 12) - now > (long)Tolerance.TotalMilliseconds)
                throw new IdsUnavailableException($"The clock is {TimeSpan.FromMilliseconds((next >> 12) - now).TotalSeconds:0.0} s behind the last id; no id is minted until it has caught up.");
            if ((next >> 12) > lease.Ceiling.ToUnixTimeMilliseconds() - Snowflake.EpochMilliseconds)
                throw new IdsUnavailableException("The worker id is leased for earlier ids only; none is minted until that is renewed.");
            last = next;
            return ((next >> 12) << Snowflake.TimestampShift) | ((long)lease.Worker << Snowflake.WorkerShift) | (next & Snowflake.MaxIncrement);
        }
    }

    /// <summary>Never mint an id at or below this one: called at start with the newest id in the store.</summary>
    public void StartAfter(long id)
    {
        lock (gate) last = Math.Max(last, (id >> Snowflake.TimestampShift << 12) | (id & Snowflake.MaxIncrement));
    }

    /// <summary>Mints for this worker from now on. Another one than before begins with the next millisecond, since within one its ids may be the smaller ones.</summary>
    public void Use(WorkerLease next)
    {
        lock (gate)
        {
            if (lease is not null && lease.Worker != next.Worker) last |= Snowflake.MaxIncrement;
            lease = next;
        }
    }
}

/// <summary>A worker id that is this process's for a while.</summary>
/// <param name="Ceiling">No id is of a later time, whatever the clock says: who has the worker next begins there.</param>
/// <param name="ValidUntil">A timestamp of the process's clock, which no one sets: afterwards the worker may be another's.</param>
public sealed record WorkerLease(int Worker, DateTimeOffset Ceiling, long ValidUntil)
{
    public int Worker { get; } = Worker is >= 0 and <= Snowflake.MaxWorker ? Worker : throw new ArgumentOutOfRangeException(nameof(Worker), Worker, "A worker id is 0 to 1023.");
}

/// <summary>No id can be minted now; nothing was done.</summary>
public sealed class IdsUnavailableException(string message) : InvalidOperationException(message);
