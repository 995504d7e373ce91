using Kith.Engine.Push;

namespace Kith.Engine.Tests.Push;

public sealed class BackoffTests
{
    [Fact]
    public void Waits_double_within_jitter_and_end_at_an_hour()
    {
        Assert.Equal(2.5, Seconds(1, 0));
        Assert.InRange(Seconds(1, 0.999), 4.9, 5);
        Assert.Equal(20, Seconds(4, 0));
        Assert.Equal(1800, Seconds(50, 0));
        Assert.True(Seconds(50, 0.999) <= 3600);
    }

    [Fact]
    public void What_a_service_asks_for_is_never_undercut_nor_followed_for_weeks()
    {
        Assert.Equal(120, Backoff.After(1, TimeSpan.FromMinutes(2), 0).TotalSeconds);
        Assert.True(Backoff.After(1, TimeSpan.FromMinutes(2), 0.9) > TimeSpan.FromMinutes(2));
        Assert.Equal(20, Backoff.After(4, TimeSpan.FromSeconds(1), 0).TotalSeconds);
        Assert.Equal(1, Backoff.After(1, TimeSpan.FromDays(100), 0).TotalDays);
        Assert.True(Backoff.After(1, TimeSpan.FromDays(-1), 0) > TimeSpan.Zero);
    }

    static double Seconds(int attempt, double random) => Backoff.After(attempt, null, random).TotalSeconds;
}
