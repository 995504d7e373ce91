using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Kith.Cluster.Kafka;

/// <summary>What of a topic this process reads: a consumer on a thread of its own. Nothing is polled between calls, so partitions come and go only within <see cref="ReadAsync"/>.</summary>
sealed partial class KafkaReader : IAsyncDisposable
{
    /// <summary>Records at once: bounds what is worked on again after a crash, and how long a partition that moves is waited for.</summary>
    const int MaxBatch = 500;

    /// <summary>How long one call waits for something to read.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    readonly ILogger log;
    readonly BlockingCalls thread;
    readonly IConsumer<byte[], byte[]> consumer;

    /// <summary>For each partition of which something was read: the offset that is to be worked on next.</summary>
    readonly ConcurrentDictionary<TopicPartition, long> next = [];

    /// <summary>Records of which all up to them is worked on, and not yet noted for the next commit.</summary>
    readonly ConcurrentQueue<ConsumeResult<byte[], byte[]>> worked = [];

    /// <summary>What the call under way has read. Owned by the thread.</summary>
    List<ConsumeResult<byte[], byte[]>> batch = [];

    public KafkaReader(string name, ConsumerConfig configuration, ILogger log)
    {
        this.log = log;
        thread = new BlockingCalls(name);
        consumer = new ConsumerBuilder<byte[], byte[]>(configuration)
            .SetErrorHandler((_, error) => LogError(error.Code.ToString(), error.Reason))
            .SetLogHandler((_, line) => LogLibrary(line.Message))
            .SetPartitionsAssignedHandler((_, given) => LogAssigned(name, given.Count))
            .SetPartitionsRevokedHandler((_, gone) => Forget(name, gone))
            .SetPartitionsLostHandler((_, gone) => Forget(name, gone))
            .Build();
    }

    /// <summary>Records that this reader knows of and that are not worked on. Any thread may ask.</summary>
    public long Lag
    {
        get
        {
            try
            {
                return next.Sum(p => Math.Max(0, consumer.GetWatermarkOffsets(p.Key).High.Value - p.Value));
            }
            catch (Exception e) when (e is ObjectDisposedException or KafkaException)
            {
                return 0;
            }
        }
    }

    /// <summary>Runs on the consumer's thread.</summary>
    public Task RunAsync(Action<IConsumer<byte[], byte[]>> call) => thread.RunAsync(() =>
    {
        NoteWorked();
        call(consumer);
        return true;
    });

    /// <summary>What there is to read, in order by partition; empty after half a second without anything.</summary>
    /// <exception cref="ConsumeException">Some kinds of failure, see the caller.</exception>
    public Task<List<ConsumeResult<byte[], byte[]>>> ReadAsync() => thread.RunAsync(() =>
    {
        NoteWorked();
        batch = [];
        var record = consumer.Consume(Patience);
        while (record is not null)
        {
            batch.Add(record);
            next.TryAdd(record.TopicPartition, record.Offset.Value);
            record = batch.Count < MaxBatch ? consumer.Consume(TimeSpan.Zero) : null;
        }

        return batch;
    });

    /// <summary>All of its partition up to this record is worked on. Noted by the next call, before partitions can go: a call for it alone would only delay the next read.</summary>
    public void Note(ConsumeResult<byte[], byte[]> record) => worked.Enqueue(record);

    /// <summary>The record is worked on. Noting it for the next commit is another matter.</summary>
    public void Done(ConsumeResult<byte[], byte[]> record) => next[record.TopicPartition] = record.Offset.Value + 1;

    public async ValueTask DisposeAsync()
    {
        await RunAsync(c =>
        {
            // Sends what is noted as done and leaves the group, so that others take over at once.
            c.Close();
            c.Dispose();
        });
        thread.Dispose();
    }

    void NoteWorked()
    {
        while (worked.TryDequeue(out var record))
            consumer.StoreOffset(record);
    }

    /// <summary>Whoever has these partitions now reads from what was noted as done: what was read of them just now is theirs.</summary>
    void Forget(string name, List<TopicPartitionOffset> gone)
    {
        LogRevoked(name, gone.Count);
        foreach (var partition in gone)
            next.TryRemove(partition.TopicPartition, out _);
        batch.RemoveAll(r => gone.Exists(g => g.TopicPartition == r.TopicPartition));
    }

    [LoggerMessage(2120, LogLevel.Information, "{Name}: {Count} more partitions to read")]
    partial void LogAssigned(string name, int count);

    [LoggerMessage(2121, LogLevel.Information, "{Name}: {Count} partitions given away")]
    partial void LogRevoked(string name, int count);

    [LoggerMessage(2122, LogLevel.Debug, "Kafka: {Code}: {Reason}")]
    partial void LogError(string code, string reason);

    [LoggerMessage(2123, LogLevel.Debug, "Kafka: {Line}")]
    partial void LogLibrary(string line);
}
