using Kith.Load.Measures;
using Kith.Load.Sessions;

namespace Kith.Load.Tests;

public sealed class TimerWheelTests
{
    readonly long _start = Clock.Now;
    readonly TimerWheel _wheel = new();

    public TimerWheelTests() => _wheel.Grow(100);

    [Fact]
    public void Timers_fire_once_when_due_and_not_before()
    {
        _wheel.Set(3, _start + (10 * Clock.Second));
        Assert.Empty(Collect(9));
        Assert.Equal([3], Collect(11));
        Assert.Empty(Collect(600));
    }

    [Fact]
    public void A_timer_further_away_than_the_wheel_is_long_keeps_its_time()
    {
        _wheel.Set(1, _start + (500 * Clock.Second));
        Assert.Empty(Collect(499));
        Assert.Equal([1], Collect(501));
    }

    [Fact]
    public void Setting_again_replaces_and_cancelling_removes()
    {
        for (var i = 0; i < 10; i++) _wheel.Set(i, _start + (5 * Clock.Second));
        _wheel.Set(4, _start + (20 * Clock.Second));
        _wheel.Cancel(0);
        _wheel.Cancel(9);
        _wheel.Cancel(5);
        Assert.Equal([1, 2, 3, 6, 7, 8], Collect(6).Order());
        Assert.Equal([4], Collect(21));
    }

    List<int> Collect(int seconds)
    {
        List<int> due = [];
        _wheel.Collect(_start + (seconds * Clock.Second), due);
        return due;
    }
}
