using System.Threading.Channels;
using Kith.Engine.Delivery;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kith.Engine.Push;

/// <summary>
/// Writes down what became of deliveries, all that ended while the last write was under way in one write. What the process cannot write before it dies is sent once more:
/// requests under way and the answers of one write's time.
/// </summary>
public sealed partial class PushResults(IPushNoticeStore store, TimeProvider clock, ILogger<PushResults> log) : BackgroundService
{
    /// <summary>Beyond it deliveries wait.</summary>
    const int Capacity = 1024;

    /// <summary>Results in one write: some milliseconds, which other writers may have to wait.</summary>
    const int MaxBatch = 64;

    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly Channel<PushResult> ended = Channel.CreateBounded<PushResult>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    public ValueTask AddAsync(PushResult result, CancellationToken ct) => ended.Writer.WriteAsync(result, ct);

    /// <summary>No more will come; returns when all is written.</summary>
    public Task FlushAsync()
    {
        ended.Writer.TryComplete();
        return ExecuteTask ?? Task.CompletedTask;
    }

    public override Task StopAsync(CancellationToken cancellationToken) => FlushAsync().WaitAsync(cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<PushResult> batch = new(MaxBatch);
        while (await ended.Reader.WaitToReadAsync(CancellationToken.None))
        {
            batch.Clear();
            while (batch.Count < MaxBatch && ended.Reader.TryRead(out var result))
                batch.Add(result);
            try
            {
                await store.CompleteAsync(batch, clock.GetUtcNow(), CancellationToken.None);
            }
            catch (UnavailableException e)
            {
                // Their leases end, and they are sent once more.
                LogUnwritten(e, batch.Count);
                await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(1623, LogLevel.Warning, "What became of {Pushes} pushes could not be written; they are sent again")]
    partial void LogUnwritten(Exception e, int pushes);
}
