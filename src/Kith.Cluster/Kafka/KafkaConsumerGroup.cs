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
    static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(250);

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
                await using var reader = current = new KafkaReader($"kafka {group}", KafkaConfiguration.Group(options, $"{options.Prefix}-{group}"), log);
                await reader.RunAsync(c => c.Subscribe(options.EventsTopic));
                while (!stoppingToken.IsCancellationRequested)
                    await StepAsync(reader, all, stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogReading(e, group);
                await PauseAsync(stoppingToken);
            }
        }
    }

    async Task StepAsync(KafkaReader reader, IEventConsumer[] all, CancellationToken stopping)
    {
        List<ConsumeResult<byte[], byte[]>> read;
        try
        {
            read = await reader.ReadAsync();
        }
        catch (ConsumeException e) when (!e.Error.IsFatal)
        {
            LogRead(group, e.Error.Reason);
            await PauseAsync(stopping);
            return;
        }

        var left = await Task.WhenAll(read.GroupBy(r => r.TopicPartition).Select(p => WorkAsync(reader, all, [.. p], stopping)));
        TopicPartitionOffset[] again = [.. left.OfType<TopicPartitionOffset>()];
        if (again.Length == 0) return;
        await reader.RunAsync(c =>
        {
            foreach (var from in again)
                c.Seek(from);
        });
        await PauseAsync(stopping);
    }

    /// <summary>Where to go on later, null where all is done.</summary>
    async Task<TopicPartitionOffset?> WorkAsync(KafkaReader reader, IEventConsumer[] all, List<ConsumeResult<byte[], byte[]>> records, CancellationToken stopping)
    {
        for (var i = 0; i < records.Count; i++)
        {
            if (stopping.IsCancellationRequested || !await TryWorkAsync(all, records[i], stopping))
            {
                if (i > 0) reader.Note(records[i - 1]);
                return records[i].TopicPartitionOffset;
            }

            reader.Done(records[i]);
        }

        // Once for all: it is sent with the next commit anyway.
        reader.Note(records[^1]);
        return null;
    }

    async Task<bool> TryWorkAsync(IEventConsumer[] all, ConsumeResult<byte[], byte[]> record, CancellationToken stopping)
    {
        try
        {
            var e = EventCodec.Decode(record.Message.Value, new LogPosition(record.Partition, record.Offset));
            foreach (var consumer in all)
                await HandleAsync(consumer, e, stopping);
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
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }

        return true;
    }

    async ValueTask HandleAsync(IEventConsumer consumer, Event e, CancellationToken stopping)
    {
        try
        {
            await consumer.HandleAsync(e, stopping);
        }
        catch (Exception failure) when (failure is not (UnavailableException or OperationCanceledException))
        {
            LogFailed(failure, e.Name, consumer.GetType().Name);
        }
    }

    async Task PauseAsync(CancellationToken stopping) => await Task.Delay(RetryAfter, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(2124, LogLevel.Error, "Reading events for {Group} failed; it begins anew")]
    partial void LogReading(Exception e, string group);

    [LoggerMessage(2125, LogLevel.Warning, "No events for {Group} at the moment: {Reason}")]
    partial void LogRead(string group, string reason);

    [LoggerMessage(2126, LogLevel.Error, "{Consumer} failed on {Name}")]
    partial void LogFailed(Exception failure, string name, string consumer);

    [LoggerMessage(2127, LogLevel.Error, "What is at {Position} is no event and is left out")]
    partial void LogDamaged(Exception e, string position);

    [LoggerMessage(2128, LogLevel.Warning, "{Group} waits at {Position}: {Why}")]
    partial void LogWaits(string group, string position, string why);
}
