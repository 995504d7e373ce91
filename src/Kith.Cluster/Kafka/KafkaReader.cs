using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Kith.Cluster.Kafka;

/// <summary>
/// What of a topic this process reads: a consumer on a thread of its own, which goes on reading while its partitions are worked on. Partitions come and go only within its calls of the consumer;
/// one that goes is left when its work under way has ended.
/// </summary>
/// <param name="tryWork">See <see cref="PartitionWork"/>. Begun on the reader's thread: it must not block.</param>
sealed partial class KafkaReader(string name, ConsumerConfig configuration, Func<ConsumeResult<byte[], byte[]>, CancellationToken, Task<bool>> tryWork, TimeProvider clock, ILogger log)
{
    /// <summary>How long one call waits for something to read, and how often what was worked on is noted for the next commit.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    static readonly TimeSpan FailurePause = TimeSpan.FromMilliseconds(250);

    readonly ConcurrentDictionary<TopicPartition, PartitionWork> partitions = new();

    // Of the thread.
    readonly HashSet<TopicPartition> paused = [];
    readonly Dictionary<TopicPartition, long> noted = [];
    long notedAt;

    volatile IConsumer<byte[], byte[]>? reading;

    /// <summary>Records that this reader knows of and that are not worked on. Any thread may ask.</summary>
    public long Lag
    {
        get
        {
            try
            {
                return reading is { } consumer ? partitions.Sum(p => Math.Max(0, consumer.GetWatermarkOffsets(p.Key).High.Value - p.Value.Next)) : 0;
            }
            catch (Exception e) when (e is ObjectDisposedException or KafkaException)
            {
                return 0;
            }
        }
    }

    /// <summary>Reads until it is stopped, or fails.</summary>
    public async Task RunAsync(string topic, CancellationToken stopping)
    {
        using var thread = new BlockingCalls(name);
        await thread.RunAsync(() =>
        {
            Run(topic, stopping);
            return true;
        });
    }

    void Run(string topic, CancellationToken stopping)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(configuration)
            .SetErrorHandler((_, error) => LogError(error.Code.ToString(), error.Reason))
            .SetLogHandler((_, line) => LogLibrary(line.Message))
            .SetPartitionsAssignedHandler((_, given) => LogAssigned(name, given.Count))
            .SetPartitionsRevokedHandler((c, gone) => Revoked(c, gone, isOurs: true))
            .SetPartitionsLostHandler((c, gone) => Revoked(c, gone, isOurs: false))
            .Build();
        reading = consumer;
        try
        {
            consumer.Subscribe(topic);
            while (!stopping.IsCancellationRequested)
                Step(consumer, stopping);
        }
        finally
        {
            reading = null;
            // Leaves what is worked on, sends what is noted, and leaves the group, so that others take over at once.
            Leave(consumer, [.. partitions.Keys], isOurs: true);
            consumer.Close();
        }
    }

    void Step(IConsumer<byte[], byte[]> consumer, CancellationToken stopping)
    {
        try
        {
            if (consumer.Consume(Patience) is { } record) Take(consumer, record);
        }
        catch (ConsumeException e) when (!e.Error.IsFatal)
        {
            LogRead(name, e.Error.Reason);
            stopping.WaitHandle.WaitOne(FailurePause);
        }

        if (clock.GetElapsedTime(notedAt) < Patience) return;
        notedAt = clock.GetTimestamp();
        foreach (var (partition, work) in partitions)
            Note(consumer, partition, work);
        Resume(consumer);
    }

    void Take(IConsumer<byte[], byte[]> consumer, ConsumeResult<byte[], byte[]> record)
    {
        if (!partitions.TryGetValue(record.TopicPartition, out var work)) partitions[record.TopicPartition] = work = new PartitionWork(tryWork, clock);
        work.Add(record);
        if (!work.IsFull) return;
        consumer.Pause([record.TopicPartition]);
        paused.Add(record.TopicPartition);
    }

    void Note(IConsumer<byte[], byte[]> consumer, TopicPartition partition, PartitionWork work)
    {
        var next = work.Next;
        if (noted.TryGetValue(partition, out var before) && before == next) return;
        consumer.StoreOffset(new TopicPartitionOffset(partition, next));
        noted[partition] = next;
    }

    void Resume(IConsumer<byte[], byte[]> consumer)
    {
        if (paused.Count == 0) return;
        TopicPartition[] ready = [.. paused.Where(p => partitions[p].HasRoom)];
        consumer.Resume(ready);
        paused.ExceptWith(ready);
    }

    void Revoked(IConsumer<byte[], byte[]> consumer, List<TopicPartitionOffset> gone, bool isOurs)
    {
        LogRevoked(name, gone.Count);
        Leave(consumer, gone.ConvertAll(g => g.TopicPartition), isOurs);
    }

    /// <summary>Whoever has these partitions now reads from what was noted: what waits here is theirs.</summary>
    void Leave(IConsumer<byte[], byte[]> consumer, List<TopicPartition> gone, bool isOurs)
    {
        foreach (var partition in gone)
        {
            // All at once, so that the time they have is the same.
            if (partitions.TryGetValue(partition, out var work)) work.End();
        }

        foreach (var partition in gone)
        {
            if (!partitions.TryRemove(partition, out var work)) continue;
            work.Dispose();
            if (isOurs) Note(consumer, partition, work);
            noted.Remove(partition);
            // Else it would be paused still, should it come back.
            if (paused.Remove(partition)) consumer.Resume([partition]);
        }
    }

    [LoggerMessage(2120, LogLevel.Information, "{Name}: {Count} more partitions to read")]
    partial void LogAssigned(string name, int count);

    [LoggerMessage(2121, LogLevel.Information, "{Name}: {Count} partitions given away")]
    partial void LogRevoked(string name, int count);

    [LoggerMessage(2122, LogLevel.Debug, "Kafka: {Code}: {Reason}")]
    partial void LogError(string code, string reason);

    [LoggerMessage(2123, LogLevel.Debug, "Kafka: {Line}")]
    partial void LogLibrary(string line);

    [LoggerMessage(2125, LogLevel.Warning, "{Name}: no events at the moment: {Reason}")]
    partial void LogRead(string name, string reason);
}
