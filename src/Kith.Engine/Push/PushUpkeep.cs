using Microsoft.Extensions.Logging;

namespace Kith.Engine.Push;

/// <summary>What recurs in the notify role: reads that were missed are looked for every minute, what is forgotten dropped every ten.</summary>
public sealed partial class PushUpkeep(PushQueue queue, IPushNoticeStore notices, TimeProvider clock, ILogger<PushUpkeep> log) : PeriodicWork(Tick, clock)
{
    static readonly TimeSpan Tick = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Withdraw = TimeSpan.FromMinutes(1);
    static readonly TimeSpan Forget = TimeSpan.FromMinutes(10);

    long withdrawn = clock.GetTimestamp(), forgotten = clock.GetTimestamp();

    protected override async Task RunAsync(CancellationToken ct)
    {
        if (Passed(ref withdrawn, Withdraw)) await queue.WithdrawReadAsync(ct);
        if (Passed(ref forgotten, Forget)) await notices.ForgetAsync(Clock.GetUtcNow(), ct);
    }

    protected override void Failed(Exception e) => LogFailed(e);

    bool Passed(ref long since, TimeSpan length)
    {
        if (Clock.GetElapsedTime(since) < length) return false;
        since = Clock.GetTimestamp();
        return true;
    }

    [LoggerMessage(1605, LogLevel.Error, "Upkeep of pushes failed; it is tried again")]
    partial void LogFailed(Exception e);
}
