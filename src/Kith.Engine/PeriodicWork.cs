using Microsoft.Extensions.Hosting;

namespace Kith.Engine;

/// <summary>Work that recurs for as long as the process runs. A failure is told and ends nothing: the next time is another try.</summary>
/// <param name="interval">From one beginning to the next; what takes longer is not caught up with.</param>
/// <param name="first">From the start to the first time; the interval, if null.</param>
public abstract class PeriodicWork(TimeSpan interval, TimeProvider clock, TimeSpan? first = null) : BackgroundService
{
    protected TimeProvider Clock { get; } = clock;

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
            // The process ends; what is left is for the next.
        }
    }

    protected abstract Task RunAsync(CancellationToken ct);

    /// <summary>To be logged.</summary>
    protected abstract void Failed(Exception e);
}
