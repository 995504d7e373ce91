namespace Kith.Client;

/// <summary>What one answer said about its bucket.</summary>
readonly record struct RateLimitState(int Limit, int Remaining, TimeSpan ResetAfter);

/// <summary>
/// The allowance of routes that share one. Until the first answer has told its size, requests pass one at a time; then as many as remain, less those under way.
/// Where answers carry no limits, all pass. Safe for any number of threads.
/// </summary>
sealed class RateLimitBucket(TimeProvider clock)
{
    readonly Lock gate = new();
    TaskCompletionSource changed = NewSignal();
    RateLimitState? state;
    long resetAt;
    bool unlimited;
    int allowed = 1;
    int underWay;

    /// <summary>Waits until a request may go out. Each must be followed by <see cref="Leave"/>.</summary>
    public async Task Enter(CancellationToken ct)
    {
        while (true)
        {
            Task signal;
            TimeSpan wait;
            lock (gate)
            {
                Refill();
                if (unlimited || allowed > 0)
                {
                    allowed--;
                    underWay++;
                    return;
                }

                signal = changed.Task;
                wait = resetAt > clock.GetTimestamp() ? clock.GetElapsedTime(clock.GetTimestamp(), resetAt) : Timeout.InfiniteTimeSpan;
            }

            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(ct);
            await Task.WhenAny(signal, Task.Delay(wait, clock, waiting.Token));
            await waiting.CancelAsync();
            ct.ThrowIfCancellationRequested();
        }
    }

    /// <param name="told">What the answer said; null where it said nothing or none came.</param>
    /// <param name="answered">False where the request got no answer.</param>
    public void Leave(RateLimitState? told, bool answered)
    {
        lock (gate)
        {
            underWay--;
            if (told is { } limits) Learn(limits);
            else if (state is null) (unlimited, allowed) = (unlimited || answered, 1);
            Wake();
        }
    }

    /// <summary>A request that entered by another bucket turned out to count here.</summary>
    public void Observe(RateLimitState told)
    {
        lock (gate)
        {
            Learn(told);
            Wake();
        }
    }

    void Learn(RateLimitState limits)
    {
        state = limits;
        unlimited = false;
        allowed = limits.Remaining - underWay;
        resetAt = clock.GetTimestamp() + (long)(limits.ResetAfter.TotalSeconds * clock.TimestampFrequency);
    }

    void Wake()
    {
        changed.TrySetResult();
        changed = NewSignal();
    }

    void Refill()
    {
        if (state is not { } limits || resetAt == 0 || clock.GetTimestamp() < resetAt) return;
        allowed = limits.Limit - underWay;
        // The next answer tells when the new window ends.
        resetAt = 0;
    }

    static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
