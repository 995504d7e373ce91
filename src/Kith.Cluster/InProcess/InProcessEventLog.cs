using System.Threading.Channels;
using Kith.Engine.Delivery;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kith.Cluster.InProcess;

/// <summary>The event log of a single process: a bounded queue with one reader, so all events keep their order. A full queue makes publishers wait.</summary>
/// <param name="consumers">Asked for when the log starts: consumers publish as well, so they cannot be there before it.</param>
public sealed partial class InProcessEventLog(Func<IEnumerable<IEventConsumer>> consumers, ILogger<InProcessEventLog> log) : BackgroundService, IEventLog
{
    /// <summary>About 10 MB of messages, a second's worth at 16,000/s.</summary>
    const int Capacity = 16_384;

    readonly Channel<Event> queue = Channel.CreateBounded<Event>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    public ValueTask PublishAsync(Event e, CancellationToken ct) => queue.Writer.WriteAsync(e, ct);

    public void RefuseIfAway()
    {
        // A queue in memory is always there.
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // What was published is delivered before the process ends.
        queue.Writer.TryComplete();
        await (ExecuteTask ?? Task.CompletedTask).WaitAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        IEventConsumer[] all = [.. consumers()];
        while (await queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (queue.Reader.TryRead(out var e))
                await ConsumeAsync(all, e);
        }
    }

    async ValueTask ConsumeAsync(IEventConsumer[] all, Event e)
    {
        foreach (var consumer in all)
        {
            try
            {
                await consumer.HandleAsync(e, CancellationToken.None);
            }
            catch (Exception failure)
            {
                LogFailed(failure, e.Name, consumer.GetType().Name);
            }
        }
    }

    [LoggerMessage(2100, LogLevel.Error, "{Consumer} failed on {Name}")]
    partial void LogFailed(Exception failure, string name, string consumer);
}
