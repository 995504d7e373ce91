using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Threading.Channels;
using Kith.Cluster.Events;
using Kith.Engine.Delivery;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Kith.Cluster.Redis;

/// <summary>
/// Hands events to nodes: each into the node's stream and, with its number, to the node's subscription, in one step. One writer for each node keeps the order and sends what
/// waits together. While Redis is away it waits; what may have been lost with it is sent again, and the node drops what it has by the writer's own numbers.
/// </summary>
public sealed partial class RedisNodeInbox(RedisLink link, ILogger<RedisNodeInbox> log) : INodeInbox, IAsyncDisposable
{
    /// <summary>Nodes whose writer had nothing to do for so long are forgotten.</summary>
    static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    readonly ConcurrentDictionary<NodeId, NodeWriter> writers = new();
    readonly CancellationTokenSource stopping = new();

    public async ValueTask<string> SendAsync(NodeId node, Event e, CancellationToken ct)
    {
        var entry = new InboxEntry(EventCodec.Encode(e));
        while (!await writers.GetOrAdd(node, Begin).TryAddAsync(entry, ct))
        {
            // It has just been forgotten.
        }

        return await entry.Written.WaitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(writers.Values.Select(w => w.Ended));
        stopping.Dispose();
    }

    NodeWriter Begin(NodeId node) => new(link, node, Idle, writer =>
    {
        writers.TryRemove(KeyValuePair.Create(node, writer));
        LogForgotten(node);
    }, e => LogFailed(e, node), stopping.Token);

    [LoggerMessage(2271, LogLevel.Error, "Redis refuses events for {Node}; they are tried again")]
    partial void LogFailed(Exception e, NodeId node);

    [LoggerMessage(2270, LogLevel.Debug, "Nothing was sent to {Node} for long")]
    partial void LogForgotten(NodeId node);
}

/// <summary>An event on its way to a node. Who waits for it goes on within the writer's loop: little is to be done there, and handing it to another thread would cost more.</summary>
sealed class InboxEntry(byte[] e)
{
    readonly TaskCompletionSource<string> written = new();

    public byte[] Event => e;

    /// <summary>The directory's version when it was written.</summary>
    public Task<string> Written => written.Task;

    public void Done(string version) => written.TrySetResult(version);

    public void Cancelled() => written.TrySetCanceled();
}

/// <summary>The form of an entry: the writer (8 bytes), its own number of the entry (8 bytes, from 1 without gaps), the event.</summary>
static class InboxForm
{
    const int HeadBytes = 16;

    public static byte[] Write(long writer, long sequence, byte[] e)
    {
        var bytes = new byte[HeadBytes + e.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, writer);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(sizeof(long)), sequence);
        e.CopyTo(bytes, HeadBytes);
        return bytes;
    }

    public static (long Writer, long Sequence, byte[] Event) Read(byte[] bytes) =>
        (BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(sizeof(long))), bytes[HeadBytes..]);
}

/// <summary>Writes to one node's inbox, from one loop.</summary>
sealed class NodeWriter
{
    const int Batch = 64;

    /// <summary>Events that may wait; more make those who send wait, and with them the log.</summary>
    const int Capacity = 1024;

    /// <summary>Bytes and events kept to be sent again, should Redis lose what it had taken but not passed on: seconds' worth.</summary>
    const int MaxRecentBytes = 4 << 20;
    const int MaxRecent = 4096;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>An inbox that nobody reads ends by itself.</summary>
    const int LifeSeconds = 3600;

    // Numbers begin at the time in µs, which is above any that was given before Redis was emptied. Adds nothing where it was emptied since the writer last wrote.
    static readonly RedisScript Add = new("""
        local epoch = redis.call('HGET', KEYS[2], 'epoch')
        if not epoch then
          local t = redis.call('TIME')
          epoch = string.format('%.0f', t[1] * 1000000 + t[2])
          redis.call('HSET', KEYS[2], 'epoch', epoch, 'n', epoch)
        end
        if ARGV[4] ~= '' and ARGV[4] ~= epoch then return {epoch, ''} end
        for i = 5, #ARGV do
          local n = string.format('%.0f', redis.call('HINCRBY', KEYS[2], 'n', 1))
          redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], n .. '-0', 'e', ARGV[i])
          redis.call('PUBLISH', ARGV[3], n .. ' ' .. ARGV[i])
        end
        redis.call('EXPIRE', KEYS[1], ARGV[2])
        redis.call('EXPIRE', KEYS[2], ARGV[2])
        return {epoch, redis.call('GET', KEYS[3]) or ''}
        """);

    readonly RedisLink link;
    readonly Action<Exception> failed;
    readonly RedisKey[] keys;
    readonly Channel<InboxEntry> waiting = Channel.CreateBounded<InboxEntry>(new BoundedChannelOptions(Capacity) { SingleReader = true, AllowSynchronousContinuations = true });
    readonly Queue<byte[]> recent = new();
    readonly long id = Random.Shared.NextInt64();
    long sequence;
    long recentBytes;
    string epoch = "";

    public NodeWriter(RedisLink link, NodeId node, TimeSpan idle, Action<NodeWriter> forget, Action<Exception> failed, CancellationToken stopping)
    {
        (this.link, this.failed) = (link, failed);
        keys = [RedisKeys.Inbox(node.Value), RedisKeys.InboxLast(node.Value), RedisKeys.HostingVersion];
        Ended = Task.Run(() => RunAsync(idle, forget, stopping), CancellationToken.None);
    }

    public Task Ended { get; }

    /// <summary>False where the writer has ended.</summary>
    public async ValueTask<bool> TryAddAsync(InboxEntry entry, CancellationToken ct)
    {
        try
        {
            await waiting.Writer.WriteAsync(entry, ct);
            return true;
        }
        catch (ChannelClosedException)
        {
            return false;
        }
    }

    async Task RunAsync(TimeSpan idle, Action<NodeWriter> forget, CancellationToken stopping)
    {
        List<InboxEntry> batch = new(Batch);
        try
        {
            while (await NextAsync(idle, stopping))
            {
                batch.Clear();
                while (batch.Count < Batch && waiting.Reader.TryRead(out var entry))
                    batch.Add(entry);
                var version = await SendAsync([.. batch.Select(entry => InboxForm.Write(id, ++sequence, entry.Event))], stopping);
                foreach (var entry in batch)
                    entry.Done(version);
            }
        }
        catch (OperationCanceledException)
        {
            foreach (var entry in batch)
                entry.Cancelled();
        }

        forget(this);
        waiting.Writer.TryComplete();
        while (waiting.Reader.TryRead(out var left))
            left.Cancelled();
    }

    /// <summary>False after a time without anything to do.</summary>
    async Task<bool> NextAsync(TimeSpan idle, CancellationToken stopping)
    {
        try
        {
            return await waiting.Reader.WaitToReadAsync(stopping).AsTask().WaitAsync(idle, stopping);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Returns when Redis has it, however long that takes.</summary>
    async Task<string> SendAsync(byte[][] batch, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                var (now, version) = await AddAsync(batch, stopping);
                var emptied = epoch.Length > 0 && now != epoch;
                epoch = now;
                if (!emptied)
                {
                    foreach (var entry in batch)
                        Keep(entry);
                    return version;
                }

                foreach (var some in recent.Chunk(Batch))
                    await AddAsync(some, stopping);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                if (e is not UnavailableException) failed(e);
                await Task.Delay(Pause, stopping);
            }
        }
    }

    async Task<(string Epoch, string Version)> AddAsync(byte[][] batch, CancellationToken ct)
    {
        var answer = (string[])await link.RunAsync(Add, keys, [link.Options.InboxCapacity, LifeSeconds, (string)keys[0]!, epoch, .. batch.Select(entry => (RedisValue)entry)], ct);
        return (answer[0], answer[1]);
    }

    void Keep(byte[] entry)
    {
        recent.Enqueue(entry);
        recentBytes += entry.Length;
        while (recent.Count > MaxRecent || recentBytes > MaxRecentBytes)
            recentBytes -= recent.Dequeue().Length;
    }
}
