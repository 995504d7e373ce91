using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kith.Engine.Push;

/// <summary>What recurs in the notify role: reads that were missed are looked for every minute, what is forgotten dropped every ten.</summary>
public sealed partial class PushUpkeep(PushQueue queue, IPushNoticeStore notices, TimeProvider clock, ILogger<PushUpkeep> log) : BackgroundService
{
    static readonly TimeSpan Tick = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Withdraw = TimeSpan.FromMinutes(1);
    static readonly TimeSpan Forget = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, clock);
        var (withdrawn, forgotten) = (clock.GetTimestamp(), clock.GetTimestamp());
        while (await NextAsync(timer, stoppingToken))
        {
            try
            {
                if (Passed(ref withdrawn, Withdraw)) await queue.WithdrawReadAsync(stoppingToken);
                if (Passed(ref forgotten, Forget)) await notices.ForgetAsync(clock.GetUtcNow(), stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFailed(e);
            }
        }
    }

    static async ValueTask<bool> NextAsync(PeriodicTimer timer, CancellationToken ct)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    bool Passed(ref long since, TimeSpan length)
    {
        if (clock.GetElapsedTime(since) < length) return false;
        since = clock.GetTimestamp();
        return true;
    }

    [LoggerMessage(1605, LogLevel.Error, "Upkeep of pushes failed; it is tried again")]
    partial void LogFailed(Exception e);
}
