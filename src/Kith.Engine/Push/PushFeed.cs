using System.Threading.Channels;
using Kith.Domain;
using Kith.Engine.Delivery;

namespace Kith.Engine.Push;

/// <summary>
/// What of the event log pushes are about, put aside at once: the log's other consumers, and so whoever sends, do not wait for pushes.
/// </summary>
/// <param name="mayLeaveOut">Where too much waits, what comes is left out: messages are then read from the store, as after a crash, and acks are found by comparing marks. Else the log waits.</param>
public sealed class PushFeed(bool mayLeaveOut) : IEventConsumer
{
    /// <summary>About a kilobyte each.</summary>
    const int Capacity = 32_768;

    readonly Channel<Event> waiting = Channel.CreateBounded<Event>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    int missed;

    public ChannelReader<Event> Waiting => waiting.Reader;

    public ValueTask HandleAsync(Event e, CancellationToken ct)
    {
        if (!IsOfInterest(e) || waiting.Writer.TryWrite(e)) return default;
        if (!mayLeaveOut) return waiting.Writer.WriteAsync(e, ct);
        Volatile.Write(ref missed, 1);
        return default;
    }

    /// <summary>Whether something was left out since this was last asked.</summary>
    public bool HasMissed() => Interlocked.Exchange(ref missed, 0) == 1;

    static bool IsOfInterest(Event e) => e.Name is "MESSAGE_CREATE" or "MESSAGE_ACK" or "PRESENCE_UPDATE" || PushAudience.Concerns(e);
}
