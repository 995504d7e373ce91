using Kith.Cluster.InProcess;
using Kith.Engine.RateLimits;
using Kith.Testing;

namespace Kith.Server.Tests.RateLimiting;

public sealed class InProcessRateCountersTests
{
    static readonly RateWindow Five = new(5, TimeSpan.FromSeconds(10));

    readonly ManualTimeProvider clock = new();

    [Fact]
    public async Task A_window_allows_its_limit_and_no_more_until_it_ends()
    {
        var counters = new InProcessRateCounters(clock);
        for (var left = 4; left >= 0; left--)
            Assert.Equal(new RateCount(true, left, TimeSpan.FromSeconds(10)), await Count(counters, 1));
        clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(new RateCount(false, 0, TimeSpan.FromSeconds(6)), await Count(counters, 1));
        clock.Advance(TimeSpan.FromSeconds(6) - TimeSpan.FromTicks(1));
        Assert.False((await Count(counters, 1)).Allowed);
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(new RateCount(true, 4, TimeSpan.FromSeconds(10)), await Count(counters, 1));
    }

    [Fact]
    public async Task Keys_that_differ_in_any_part_do_not_share_a_count()
    {
        var counters = new InProcessRateCounters(clock);
        foreach (var key in new RateKey[] { new(1, 1, 1), new(2, 1, 1), new(1, 2, 1), new(1, 1, 2) })
            Assert.Equal(4, (await counters.CountAsync(key, Five, CancellationToken.None)).Remaining);
    }

    [Fact]
    public async Task Peeking_counts_nothing_and_keeps_nothing()
    {
        var counters = new InProcessRateCounters(clock);
        for (var i = 0; i < 10; i++)
            Assert.Equal(new RateCount(true, 5, TimeSpan.Zero), await counters.PeekAsync(new RateKey(1, 1), Five, CancellationToken.None));
        Assert.Equal(0, counters.Kept);
        await Count(counters, 1);
        Assert.Equal(4, (await counters.PeekAsync(new RateKey(1, 1), Five, CancellationToken.None)).Remaining);
    }

    [Fact]
    public async Task Of_many_at_once_exactly_the_limit_are_allowed()
    {
        var counters = new InProcessRateCounters(clock);
        var allowed = 0;
        await Parallel.ForAsync(0, 10_000, async (_, ct) =>
        {
            if ((await counters.CountAsync(new RateKey(1, 1), new RateWindow(777, TimeSpan.FromMinutes(1)), ct)).Allowed) Interlocked.Increment(ref allowed);
        });
        Assert.Equal(777, allowed);
    }

    [Fact]
    public async Task Memory_is_bounded_and_the_windows_that_last_longest_are_kept()
    {
        var counters = new InProcessRateCounters(clock, capacity: 6_400);
        var abuser = new RateKey(9, 9);
        var tenMinutes = new RateWindow(1, TimeSpan.FromMinutes(10));
        Assert.True((await counters.CountAsync(abuser, tenMinutes, CancellationToken.None)).Allowed);
        for (var subject = 0UL; subject < 50_000; subject++)
            await Count(counters, subject);

        Assert.InRange(counters.Kept, 1, 6_400);
        Assert.False((await counters.CountAsync(abuser, tenMinutes, CancellationToken.None)).Allowed);
    }

    [Fact]
    public async Task Counting_allocates_nothing()
    {
        var counters = new InProcessRateCounters(clock);
        await Count(counters, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            await counters.CountAsync(new RateKey(1, 1), Five, CancellationToken.None);
        // The test's own state machine may allocate once; a thousand counts must not.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
    }

    static ValueTask<RateCount> Count(InProcessRateCounters counters, ulong subject) => counters.CountAsync(new RateKey(1, subject), Five, CancellationToken.None);
}
