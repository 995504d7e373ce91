using Confluent.Kafka;

namespace Kith.Cluster.Kafka;

/// <summary>
/// One partition's records, worked on one after the other while the reader goes on reading. Records come and the work ends from the reader's thread; any other may ask how far it is.
/// </summary>
/// <param name="tryWork">False where the record must be tried again. It never throws.</param>
sealed class PartitionWork(Func<ConsumeResult<byte[], byte[]>, CancellationToken, Task<bool>> tryWork, TimeProvider clock) : IDisposable
{
    /// <summary>Records that wait, at most: the reader then leaves the rest at the broker until half of them are done.</summary>
    const int Capacity = 256;

    static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(250);

    /// <summary>Work that is under way may end in that time. After it, it is given up and is the next owner's.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    readonly Lock gate = new();
    readonly Queue<ConsumeResult<byte[], byte[]>> waiting = new();
    readonly CancellationTokenSource ending = new();
    readonly ManualResetEventSlim idle = new(true);
    bool isEnding;
    long next = Offset.Unset;

    /// <summary>The offset of the record that is to be worked on next: all before it is done. Unset before the first.</summary>
    public long Next => Volatile.Read(ref next);

    public bool IsFull
    {
        get
        {
            lock (gate) return waiting.Count >= Capacity;
        }
    }

    public bool HasRoom
    {
        get
        {
            lock (gate) return waiting.Count <= Capacity / 2;
        }
    }

    /// <summary>Begins with it at once, on this thread, where none is before it: up to where the work has to wait for something.</summary>
    public void Add(ConsumeResult<byte[], byte[]> record)
    {
        lock (gate)
        {
            if (Next == Offset.Unset) next = record.Offset;
            waiting.Enqueue(record);
            if (!idle.IsSet) return;
            idle.Reset();
        }

        _ = RunAsync();
    }

    /// <summary>Begins no more of them.</summary>
    public void End()
    {
        lock (gate) isEnding = true;
        ending.CancelAfter(Grace);
    }

    /// <summary>Waits for the one that is under way, on the reader's own thread: no work goes on there meanwhile.</summary>
    public void Dispose()
    {
        idle.Wait();
        // Under the lock, so that who has set it has left it as well.
        lock (gate) idle.Dispose();
        ending.Dispose();
    }

    async Task RunAsync()
    {
        while (Peek() is { } record)
        {
            if (await tryWork(record, ending.Token)) Done(record);
            else await Task.Delay(RetryAfter, clock, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What is to be done next; where there is nothing, the work rests.</summary>
    ConsumeResult<byte[], byte[]>? Peek()
    {
        lock (gate)
        {
            if (!isEnding && waiting.TryPeek(out var record)) return record;
            idle.Set();
            return null;
        }
    }

    void Done(ConsumeResult<byte[], byte[]> record)
    {
        lock (gate) waiting.Dequeue();
        Volatile.Write(ref next, record.Offset + 1);
    }
}
