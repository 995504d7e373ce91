using System.Threading.Channels;
using Kith.Engine.Delivery;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kith.Cluster.InProcess;

/// <summary>The event log of a single process: a bounded queue with one reader, so all events keep their order. A full queue makes publishers wait.</summary>
public sealed partial class InProcessEventLog(IEnumerable<IEventConsumer> consumers, ILogger<InProcessEventLog> log) : BackgroundService, IEventLog
{
    /// <summary>About 10 MB of messages, a second's worth at 16,000/s.</summary>
    const int Capacity = 16_384;

    readonly Channel<Event> queue = Channel.CreateBounded<Event>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    readonly IEventConsumer[] consumers = [.. consumers];

    public ValueTask PublishAsync(Event e, CancellationToken ct) => queue.Writer.WriteAsync(e, ct);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // What was published is delivered before the process ends.
        queue.Writer.TryComplete();
        await (ExecuteTask ?? Task.CompletedTask).WaitAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (queue.Reader.TryRead(out var e))
                await ConsumeAsync(e);
        }
    }

    async ValueTask ConsumeAsync(Event e)
    {
        foreach (var consumer in consumers)
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
