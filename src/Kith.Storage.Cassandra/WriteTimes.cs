namespace Kith.Storage.Cassandra;

/// <summary>
/// Times of writes, in microseconds, by which the store decides which of two writes stays. They are given and not left to the driver, so that a write done twice is the same write.
/// </summary>
static class WriteTimes
{
    /// <summary>
    /// Further than clocks of two processes may differ: a deletion must win over every write of what it deletes, one that is still on its way included. Ids are never used again.
    /// </summary>
    static readonly TimeSpan Ahead = TimeSpan.FromHours(1);

    public static long Of(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    public static long Deletion(TimeProvider clock) => Of(clock.GetUtcNow() + Ahead);

    /// <summary>For a change of what was last written then, whichever process's clock wrote it.</summary>
    public static long After(long written, TimeProvider clock) => Math.Max(written + 1, Of(clock.GetUtcNow()));
}
