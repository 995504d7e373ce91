using Confluent.Kafka;
using Kith.Cluster.Events;
using Kith.Engine.Delivery;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kith.Cluster.Kafka;

/// <summary>
/// A role's part of the event log: this process's share of the partitions, each worked on in order and all side by side. What was worked on is noted after the work, so after a
/// crash up to a second of it comes again, with its positions. A consumer that throws <see cref="UnavailableException"/> gets the event again until it succeeds, and
/// the partition waits; whatever else it throws is logged and the event counts as done. An event of a newer version waits as well: for a process that knows it.
/// </summary>
/// <param name="group">The role, such as "delivery": its processes share the work.</param>
/// <param name="consumers">Asked for when reading starts: consumers publish as well, so they cannot be there before the log.</param>
public sealed partial class KafkaConsumerGroup(KafkaOptions options, string group, Func<IEnumerable<IEventConsumer>> consumers, TimeProvider clock, ILogger<KafkaConsumerGroup> log)
    : BackgroundService
{
    static readonly TimeSpan FailurePause = TimeSpan.FromMilliseconds(250);

    volatile KafkaReader? current;

    public string Group => group;

    /// <summary>Events of this process's partitions that are not worked on yet.</summary>
    public long Lag => current?.Lag ?? 0;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        IEventConsumer[] all = [.. consumers()];
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var configuration = KafkaConfiguration.Group(options, $"{options.Prefix}-{group}");
                current = new KafkaReader($"kafka {group}", configuration, (record, ct) => TryWorkAsync(all, record, ct), clock, log);
                await current.RunAsync(options.EventsTopic, stoppingToken);
            }
            catch (Exception e)
            {
                LogReading(e, group);
                await Task.Delay(FailurePause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    async Task<bool> TryWorkAsync(IEventConsumer[] all, ConsumeResult<byte[], byte[]> record, CancellationToken ct)
    {
        try
        {
            var e = EventCodec.Decode(record.Message.Value, new LogPosition(record.Partition, record.Offset));
            foreach (var consumer in all)
                await HandleAsync(consumer, e, ct);
        }
        catch (Exception) when (ct.IsCancellationRequested)
        {
            return false;
        }
        catch (EventFormatException e) when (!e.IsNewer)
        {
            LogDamaged(e, record.TopicPartitionOffset.ToString());
        }
        catch (Exception e) when (e is EventFormatException or UnavailableException)
        {
            LogWaits(group, record.TopicPartitionOffset.ToString(), e.Message);
            return false;
        }

        return true;
    }

    async ValueTask HandleAsync(IEventConsumer consumer, Event e, CancellationToken ct)
    {
        try
        {
            await consumer.HandleAsync(e, ct);
        }
        catch (Exception failure) when (failure is not UnavailableException && !ct.IsCancellationRequested)
        {
            LogFailed(failure, e.Name, consumer.GetType().Name);
        }
    }

    [LoggerMessage(2124, LogLevel.Error, "Reading events for {Group} failed; it begins anew")]
    partial void LogReading(Exception e, string group);

    [LoggerMessage(2126, LogLevel.Error, "{Consumer} failed on {Name}")]
    partial void LogFailed(Exception failure, string name, string consumer);

    [LoggerMessage(2127, LogLevel.Error, "What is at {Position} is no event and is left out")]
    partial void LogDamaged(Exception e, string position);

    [LoggerMessage(2128, LogLevel.Warning, "{Group} waits at {Position}: {Why}")]
    partial void LogWaits(string group, string position, string why);
}
