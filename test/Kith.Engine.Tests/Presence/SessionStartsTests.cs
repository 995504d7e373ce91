using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Testing;

namespace Kith.Engine.Tests.Presence;

public sealed class SessionStartsTests
{
    static readonly UserId Bot = new(7);

    readonly ManualTimeProvider clock = new();

    [Fact]
    public void A_bots_day_has_so_many_sessions_and_then_a_new_one_begins()
    {
        var starts = new SessionStarts(new GatewayOptions { SessionStartsPerDay = 3, MaxConcurrency = 10 }, clock);
        Assert.Equal(new SessionStartLimit(3, 3, 0, 10), starts.Of(Bot));
        for (var i = 0; i < 3; i++)
            Assert.True(starts.TryStart(Bot, bot: true));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.False(starts.TryStart(Bot, bot: true));
        Assert.Equal(new SessionStartLimit(3, 0, (long)TimeSpan.FromHours(23).TotalMilliseconds, 10), starts.Of(Bot));
        clock.Advance(TimeSpan.FromHours(23));
        Assert.True(starts.TryStart(Bot, bot: true));
        Assert.Equal(2, starts.Of(Bot).Remaining);
    }

    [Fact]
    public void A_person_is_limited_within_seconds_only()
    {
        var starts = new SessionStarts(new GatewayOptions { SessionStartsPerDay = 1, MaxConcurrency = 2 }, clock);
        for (var round = 0; round < 5; round++)
        {
            Assert.True(starts.TryStart(Bot, bot: false));
            Assert.True(starts.TryStart(Bot, bot: false));
            Assert.False(starts.TryStart(Bot, bot: false));
            clock.Advance(TimeSpan.FromSeconds(5));
        }
    }
}
