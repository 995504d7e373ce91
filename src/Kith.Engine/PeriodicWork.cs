using Microsoft.Extensions.Hosting;

namespace Kith.Engine;

/// <summary>Work that recurs for as long as the process runs. A failure is told and ends nothing: the next time is another try.</summary>
/// <param name="interval">From one beginning to the next; what takes longer is not caught up with.</param>
/// <param name="first">From the start to the first time; the interval, if null.</param>
public abstract class PeriodicWork(TimeSpan interval, TimeProvider clock, TimeSpan? first = null) : BackgroundService
{
    /// <summary>How often the last piece of work is tried, and after what pause.</summary>
    const int LastTries = 5;

    static readonly TimeSpan LastPause = TimeSpan.FromMilliseconds(200);

    protected TimeProvider Clock { get; } = clock;

    /// <summary>What is left is done, if that can be: an orderly end must not fail because a dependency is away.</summary>
    public sealed override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        for (var tried = 1; ; tried++)
        {
            try
            {
                await FinishAsync(cancellationToken);
                return;
            }
            catch (Exception e)
            {
                Failed(e);
                if (tried == LastTries || cancellationToken.IsCancellationRequested) return;
                await Task.Delay(LastPause, Clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(first ?? interval, Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                timer.Period = interval;
                try
                {
                    await RunAsync(stoppingToken);
                }
                catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
                {
                    Failed(e);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    protected abstract Task RunAsync(CancellationToken ct);

    /// <summary>After the last time, when the process ends.</summary>
    protected virtual Task FinishAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>To be logged.</summary>
    protected abstract void Failed(Exception e);
}
