namespace Kith.Testing;

/// <summary>
/// A clock that moves only when a test says so; timers fire inside <see cref="Advance"/>, in order of their due times, on the caller's thread.
/// Stands in for Microsoft.Extensions.TimeProvider.Testing, which package registries in use lack. Safe for any number of threads.
/// </summary>
public sealed class ManualTimeProvider(DateTimeOffset? start = null) : TimeProvider
{
    readonly Lock gate = new();
    readonly List<ManualTimer> timers = [];
    DateTimeOffset now = start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <summary>Timers that are waiting; a test can wait until the code under test has armed its own.</summary>
    public int Armed
    {
        get
        {
            lock (gate) return timers.Count(t => t.Due is not null);
        }
    }

    /// <summary>Ticks of one periodic timer within one <see cref="Advance"/>; more are skipped, as the system skips what a sleeping machine missed: a day has 172,800 half seconds.</summary>
    const int MostTicks = 100;

    /// <summary>Moves on, firing each timer at its time: a periodic one as often as it falls due, up to <see cref="MostTicks"/>.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var end = GetUtcNow() + by;
        Dictionary<ManualTimer, int> ticks = [];
        while (TakeDue(end, ticks) is { } timer)
            timer.Fire();
        lock (gate) now = now > end ? now : end;
    }

    /// <summary>Sets the clock, also backwards, without firing anything.</summary>
    public void Set(DateTimeOffset time)
    {
        lock (gate) now = time;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        lock (gate) timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    ManualTimer? TakeDue(DateTimeOffset end, Dictionary<ManualTimer, int> ticks)
    {
        lock (gate)
        {
            var timer = timers.Where(t => t.Due <= end).MinBy(t => t.Due);
            if (timer is null) return null;
            now = timer.Due!.Value > now ? timer.Due.Value : now;
            var ticked = ticks[timer] = ticks.GetValueOrDefault(timer) + 1;
            // After the most the last tick is at the end, so that what is to be seen then is seen.
            timer.Due = timer.Period <= TimeSpan.Zero ? null : ticked < MostTicks ? timer.Due + timer.Period : ticked == MostTicks && timer.Due < end ? end : end + timer.Period;
            return timer;
        }
    }

    sealed class ManualTimer(ManualTimeProvider clock, Action fire) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool fireNow;
            lock (clock.gate)
            {
                if (!clock.timers.Contains(this)) return false;
                fireNow = dueTime == TimeSpan.Zero;
                Period = period;
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : fireNow ? NextPeriod() : clock.now + dueTime;
            }

            // As the system's: a due time of zero fires at once, on another thread.
            if (fireNow) ThreadPool.QueueUserWorkItem(static timer => timer.Fire(), this, preferLocal: false);
            return true;
        }

        DateTimeOffset? NextPeriod() => Period > TimeSpan.Zero ? clock.now + Period : null;

        public void Dispose()
        {
            lock (clock.gate) clock.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
