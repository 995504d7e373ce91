using Kith.Engine.RateLimits;
using Xunit;

namespace Kith.Contracts.RateLimits;

/// <summary>What all counters count, whoever asks.</summary>
public abstract class RateCountersContract
{
    static readonly RateWindow Five = new(5, TimeSpan.FromMinutes(10));

    /// <summary>Two processes' counters over one state; the same where there is one process.</summary>
    protected abstract ValueTask<(IRateCounters One, IRateCounters Other)> CountersAsync();

    [Fact]
    public async Task A_window_allows_its_limit_and_no_more()
    {
        var (one, other) = await CountersAsync();
        var key = NewKey();
        for (var left = 4; left >= 0; left--)
        {
            var count = await (left % 2 == 0 ? one : other).CountAsync(key, Five, default);
            Assert.Equal((true, left), (count.Allowed, count.Remaining));
            Assert.InRange(count.ResetAfter, TimeSpan.FromMinutes(9), Five.Length);
        }

        var refused = await other.CountAsync(key, Five, default);
        Assert.Equal((false, 0), (refused.Allowed, refused.Remaining));
        Assert.InRange(refused.ResetAfter, TimeSpan.FromMinutes(9), Five.Length);
    }

    [Fact]
    public async Task Peeking_counts_nothing()
    {
        var (one, other) = await CountersAsync();
        var key = NewKey();
        Assert.Equal(new RateCount(true, 5, TimeSpan.Zero), await one.PeekAsync(key, Five, default));
        await one.CountAsync(key, Five, default);
        for (var i = 0; i < 3; i++)
            Assert.Equal(4, (await other.PeekAsync(key, Five, default)).Remaining);
    }

    [Fact]
    public async Task A_reset_begins_anew_and_leaves_other_keys_alone()
    {
        var (one, other) = await CountersAsync();
        var (key, near) = (NewKey(), NewKey());
        var single = new RateWindow(1, Five.Length);
        foreach (var used in (RateKey[])[key, near])
            Assert.True((await one.CountAsync(used, single, default)).Allowed);
        await other.ResetAsync(key, default);
        Assert.True((await one.CountAsync(key, single, default)).Allowed);
        Assert.False((await one.CountAsync(near, single, default)).Allowed);
    }

    [Fact]
    public async Task Of_many_at_once_exactly_the_limit_are_allowed()
    {
        var (one, other) = await CountersAsync();
        var key = NewKey();
        var counts = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => (i % 2 == 0 ? one : other).CountAsync(key, new RateWindow(77, Five.Length), default).AsTask()));
        Assert.Equal(77, counts.Count(c => c.Allowed));
    }

    static RateKey NewKey() => new(1, (ulong)TestIds.Next(), 3);
}
