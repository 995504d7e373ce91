using Kith.Testing;

namespace Kith.EndToEnd.Tests.Harness;

public sealed class ManualTimeProviderTests
{
    readonly ManualTimeProvider clock = new();

    [Fact]
    public void Timers_fire_in_the_order_of_their_due_times_and_see_their_own_time()
    {
        var start = clock.GetUtcNow();
        List<(string, TimeSpan)> fired = [];
        using var late = clock.CreateTimer(_ => fired.Add(("late", clock.GetUtcNow() - start)), null, TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);
        using var early = clock.CreateTimer(_ => fired.Add(("early", clock.GetUtcNow() - start)), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        clock.Advance(TimeSpan.FromSeconds(3.5));
        Assert.Equal(
            [("early", TimeSpan.FromSeconds(1)), ("early", TimeSpan.FromSeconds(2)), ("late", TimeSpan.FromSeconds(3)), ("early", TimeSpan.FromSeconds(3))],
            fired);
        Assert.Equal(TimeSpan.FromSeconds(3.5), clock.GetUtcNow() - start);
    }

    [Fact]
    public async Task A_delay_ends_only_when_the_clock_has_passed_it()
    {
        var delay = Task.Delay(TimeSpan.FromMinutes(1), clock);
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.False(delay.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        await Deadline.For(delay.ContinueWith(_ => true, TaskScheduler.Default), () => "the delay");
    }

    [Fact]
    public void A_disposed_timer_does_not_fire()
    {
        var timer = clock.CreateTimer(_ => Assert.Fail("It fired."), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        timer.Dispose();
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, clock.Armed);
    }
}
