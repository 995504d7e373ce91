using Kith.Engine.Delivery;
using Kith.Testing;

namespace Kith.Engine.Tests;

public sealed class PeriodicWorkTests
{
    readonly ManualTimeProvider clock = new();

    [Fact]
    public async Task What_is_left_at_the_end_is_tried_until_it_succeeds()
    {
        using var work = new Last(clock, failures: 2);
        await StartAndStopAsync(work);
        Assert.Equal((3, 2), (work.Tries, work.Failures));
    }

    [Fact]
    public async Task An_end_succeeds_though_what_is_left_cannot_be_done()
    {
        using var work = new Last(clock, failures: int.MaxValue);
        await StartAndStopAsync(work);
        Assert.Equal(work.Tries, work.Failures);
        Assert.InRange(work.Tries, 2, 10);
    }

    async Task StartAndStopAsync(Last work)
    {
        await work.StartAsync(default);
        var stopping = work.StopAsync(default);
        while (!stopping.IsCompleted)
        {
            await Deadline.Until(() => Task.FromResult(clock.Armed), n => n > 0 || stopping.IsCompleted, "it pauses or has ended");
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        await stopping;
    }

    sealed class Last(TimeProvider clock, int failures) : PeriodicWork(TimeSpan.FromHours(1), clock)
    {
        public int Tries { get; private set; }

        public int Failures { get; private set; }

        protected override Task RunAsync(CancellationToken ct) => Task.CompletedTask;

        protected override Task FinishAsync(CancellationToken ct) =>
            Tries++ < failures ? throw new UnavailableException("It") : Task.CompletedTask;

        protected override void Failed(Exception e) => Failures++;
    }
}
