using Kith.Gateway.Protocol;

namespace Kith.Gateway.Transport;

/// <summary>
/// What one connection has to send outside its session's sequence: control payloads, pongs, the close frame, and the rest of a frame whose
/// event is no longer the connection's. Exists only while there is some.
/// </summary>
internal sealed class ControlQueue
{
    /// <summary>A client that lets more than this wait (it sends heartbeats or pings but does not read) is overflowing.</summary>
    internal const int Limit = 64;

    readonly Queue<Entry> _entries = new(4);

    /// <summary>The rest of a frame that has partly left; goes before all else.</summary>
    internal byte[]? Remainder { get; set; }

    internal int Count => _entries.Count;

    internal bool IsEmpty => Remainder is null && _entries.Count == 0;

    internal void Add(ControlPayload payload, int afterSequence) => _entries.Enqueue(new Entry(payload, null, afterSequence));

    /// <param name="frame">A frame with its header.</param>
    /// <param name="afterSequence">The event that goes before.</param>
    internal void Add(byte[] frame, int afterSequence) => _entries.Enqueue(new Entry(null, frame, afterSequence));

    internal Queue<Entry> Entries => _entries;

    internal Entry First => _entries.Peek();

    internal void RemoveFirst() => _entries.Dequeue();

    /// <summary>The events that entries were to follow are gone.</summary>
    internal void ForgetOrder()
    {
        for (var left = _entries.Count; left > 0; left--)
            _entries.Enqueue(_entries.Dequeue() with { AfterSequence = 0 });
    }

    internal readonly record struct Entry(ControlPayload? Payload, byte[]? Frame, int AfterSequence);
}
