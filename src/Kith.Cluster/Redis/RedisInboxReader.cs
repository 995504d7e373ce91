using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Kith.Cluster.Events;
using Kith.Engine.Delivery;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Kith.Cluster.Redis;

/// <summary>
/// Takes this node's events, in order and each once. They come by subscription; where a number is missing, or something was published that did not come, the rest is read from
/// the stream. What the stream no longer holds is found by the writers' own numbers: then the node's sessions must begin anew. An event of a newer version is not passed over: the node waits at it until
/// its process is replaced, and its sessions begin anew elsewhere.
/// </summary>
public sealed partial class RedisInboxReader(RedisLink link, NodeId node, Func<IEventSink> sink, TimeProvider clock, ILogger<RedisInboxReader> log) : BackgroundService
{
    /// <summary>Events that were published and wait here, at most; what comes beyond is read from the stream later.</summary>
    const int Capacity = 4096;

    const int Page = 256;

    /// <summary>How long a writer that is silent is remembered: longer than it exists without anything to do.</summary>
    static readonly TimeSpan WriterLife = TimeSpan.FromHours(1);

    static readonly TimeSpan Check = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan PauseAtNewer = TimeSpan.FromSeconds(1);
    static readonly TimeSpan CatchUpPause = TimeSpan.FromMilliseconds(5);
    static readonly TimeSpan CatchUpPatience = TimeSpan.FromSeconds(5);

    readonly Channel<byte[]> published = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });
    readonly ConcurrentDictionary<long, WriterState> writers = new();
    long last;

    /// <summary>The entry of a newer version at which this node waits, and has said so.</summary>
    long newer;

    /// <summary>Opens the inbox: what is sent from now on is taken.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Retried by the client for as long as it takes.
        await link.Subscriber.SubscribeAsync(RedisKeys.Inbox(node.Value), (_, message) => published.Writer.TryWrite(message));
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Returns once all that was in the inbox before the call has been taken.</summary>
    /// <exception cref="UnavailableException">Redis is away, or it takes too long.</exception>
    public async Task CatchUpAsync(CancellationToken ct)
    {
        var newest = (long?)await link.RunAsync(db => db.HashGetAsync(RedisKeys.InboxLast(node.Value), "n"), ct) ?? 0;
        var began = clock.GetTimestamp();
        while (Volatile.Read(ref last) < newest)
        {
            if (clock.GetElapsedTime(began) > CatchUpPatience) throw new UnavailableException("Redis");
            await Task.Delay(CatchUpPause, clock, ct);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await WaitAsync(stoppingToken)) await TakePublishedAsync(stoppingToken);
                else await ReadMissingAsync(stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (EventFormatException)
            {
                await Task.WhenAny(Task.Delay(PauseAtNewer, clock, stoppingToken));
            }
            catch (Exception e)
            {
                if (e is not UnavailableException) LogFailed(e);
                await Task.WhenAny(Task.Delay(Pause, clock, stoppingToken));
            }
        }
    }

    /// <summary>False where nothing came for a while.</summary>
    async Task<bool> WaitAsync(CancellationToken ct)
    {
        if (published.Reader.TryPeek(out _)) return true;
        try
        {
            return await published.Reader.WaitToReadAsync(ct).AsTask().WaitAsync(Check, clock, ct);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    async Task TakePublishedAsync(CancellationToken ct)
    {
        while (published.Reader.TryRead(out var message))
        {
            var space = Array.IndexOf(message, (byte)' ');
            var number = long.Parse(Encoding.ASCII.GetString(message, 0, space), CultureInfo.InvariantCulture);
            if (number <= last) continue;
            if (number == last + 1) await TakeAsync(number, message[(space + 1)..], ct);
            else await ReadMissingAsync(ct);
        }
    }

    /// <summary>All that the stream has beyond what was taken.</summary>
    async Task ReadMissingAsync(CancellationToken ct)
    {
        while (true)
        {
            var page = (RedisResult[])await link.RunAsync(
                db => db.ExecuteAsync("XRANGE", RedisKeys.Inbox(node.Value), $"({last}-0", "+", "COUNT", Page), ct);
            foreach (var entry in page)
            {
                var parts = (RedisResult[])entry;
                var id = (string)parts[0];
                await TakeAsync(long.Parse(id[..id.IndexOf('-', StringComparison.Ordinal)], CultureInfo.InvariantCulture), (byte[])((RedisResult[])parts[1])[1], ct);
            }

            if (page.Length < Page) return;
        }
    }

    async Task TakeAsync(long number, byte[] entry, CancellationToken ct)
    {
        var (writer, sequence, bytes) = InboxForm.Read(entry);
        var state = writers.GetOrAdd(writer, static _ => new WriterState());
        if (sequence > state.Last)
        {
            if (sequence > state.Last + 1) await LostAsync(sequence - state.Last - 1, ct);
            if (Decode(number, bytes) is { } e) await sink().DeliverAsync(e, ct);
            state.Last = sequence;
        }

        state.At = clock.GetTimestamp();
        // Only now: what failed before is read again.
        Volatile.Write(ref last, number);
        if (writers.Count > 64) Forget();
    }

    /// <exception cref="EventFormatException">It is of a newer version.</exception>
    Event? Decode(long number, byte[] bytes)
    {
        try
        {
            return EventCodec.Decode(bytes);
        }
        catch (EventFormatException e) when (e.IsNewer)
        {
            if (newer != number) LogNewer(e.Message);
            newer = number;
            throw;
        }
        catch (EventFormatException e)
        {
            LogUnreadable(e);
            return null;
        }
    }

    async ValueTask LostAsync(long events, CancellationToken ct)
    {
        LogLost(events);
        await sink().LostAsync(ct);
    }

    void Forget()
    {
        foreach (var writer in writers)
        {
            if (clock.GetElapsedTime(writer.Value.At) > WriterLife) writers.TryRemove(writer);
        }
    }

    sealed class WriterState
    {
        public long Last;
        public long At;
    }

    [LoggerMessage(2280, LogLevel.Error, "{Events} events for this node were lost while it was cut off: its clients begin anew")]
    partial void LogLost(long events);

    [LoggerMessage(2281, LogLevel.Error, "What is in the inbox is no event and is left out")]
    partial void LogUnreadable(Exception e);

    [LoggerMessage(2283, LogLevel.Error, "This node takes no more events and must be replaced. {Why}")]
    partial void LogNewer(string why);

    [LoggerMessage(2282, LogLevel.Error, "This node's inbox could not be read; it is tried again")]
    partial void LogFailed(Exception e);
}
