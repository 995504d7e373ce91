using Kith.Cluster.InProcess;
using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Testing;

namespace Kith.Engine.Tests.Presence;

public sealed class SessionStartsTests
{
    static readonly UserId Bot = new(7);

    readonly ManualTimeProvider clock = new();

    [Fact]
    public async Task A_bots_day_has_so_many_sessions_and_then_a_new_one_begins()
    {
        var starts = new SessionStarts(new GatewayOptions { SessionStartsPerDay = 3, MaxConcurrency = 10 }, new InProcessRateCounters(clock));
        Assert.Equal(new SessionStartLimit(3, 3, 0, 10), await starts.OfAsync(Bot, default));
        for (var i = 0; i < 3; i++)
            Assert.True(await starts.TryStartAsync(Bot, bot: true, default));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.False(await starts.TryStartAsync(Bot, bot: true, default));
        Assert.Equal(new SessionStartLimit(3, 0, (long)TimeSpan.FromHours(23).TotalMilliseconds, 10), await starts.OfAsync(Bot, default));
        clock.Advance(TimeSpan.FromHours(23));
        Assert.True(await starts.TryStartAsync(Bot, bot: true, default));
        Assert.Equal(2, (await starts.OfAsync(Bot, default)).Remaining);
    }

    [Fact]
    public async Task A_person_is_limited_within_seconds_only()
    {
        var starts = new SessionStarts(new GatewayOptions { SessionStartsPerDay = 1, MaxConcurrency = 2 }, new InProcessRateCounters(clock));
        for (var round = 0; round < 5; round++)
        {
            Assert.True(await starts.TryStartAsync(Bot, bot: false, default));
            Assert.True(await starts.TryStartAsync(Bot, bot: false, default));
            Assert.False(await starts.TryStartAsync(Bot, bot: false, default));
            clock.Advance(TimeSpan.FromSeconds(5));
        }
    }
}
