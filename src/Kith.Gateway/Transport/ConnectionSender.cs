using Kith.Gateway.Protocol;

namespace Kith.Gateway.Transport;

internal enum SendOutcome
{
    /// <summary>Nothing waits any more.</summary>
    Drained,

    /// <summary>The socket takes no more for now.</summary>
    Blocked,

    /// <summary>More could be sent, but others wait their turn.</summary>
    Unfinished,
    Lost,
}

/// <summary>
/// Sends what a connection has waiting, many frames in one call. A frame that the socket took only in part is composed again at the next
/// flush and its first bytes left out: composing is deterministic, so nothing needs to be kept but the offset.
/// </summary>
internal sealed class ConnectionSender : IDisposable
{
    // One connection's share of a flush, in calls of up to 64 frames.
    const int MaxCalls = 8;
    const int MaxRemainder = 64 * 1024;

    readonly OutboundBatch _batch = new();

    internal long FramesSent { get; private set; }

    internal long BytesSent { get; private set; }

    internal long Calls { get; private set; }

    internal SendOutcome Flush(GatewayConnection connection)
    {
        for (var call = 0; call < MaxCalls; call++)
        {
            Compose(connection, OutboundBatch.MaxFrames);
            if (_batch.Frames == 0)
                return SendOutcome.Drained;
            var skipped = connection.FrameOffset;
            if (skipped > 0 && connection.Ring is { HasLostUnsent: true })
                return SendOutcome.Lost;
            _batch.Skip(skipped);
            Calls++;
            var sent = connection.Link is { } link ? link.Send(_batch) : Send(connection.Fd);
            if (sent < 0)
                return SendOutcome.Lost;
            BytesSent += sent;
            if (sent == 0 || !Complete(connection, skipped + sent))
                return SendOutcome.Blocked;
        }

        return SendOutcome.Unfinished;
    }

    /// <summary>
    /// The connection loses its ring. If an event's frame is half way out, its rest is copied, to be sent before anything else. False where
    /// that cannot be done (the event is gone, or too large for a client that does not read it).
    /// </summary>
    internal bool KeepRemainder(GatewayConnection connection)
    {
        if (connection.FrameOffset == 0 || connection.Controls is { Remainder: not null })
            return true;
        if (connection.Ring!.HasLostUnsent)
            return false;
        if (NextIsControl(connection, connection.Ring.Sent))
            return true;
        Compose(connection, maxFrames: 1);
        var rest = _batch.Length - connection.FrameOffset;
        if (rest > MaxRemainder)
            return false;
        _batch.Skip(connection.FrameOffset);
        var remainder = new byte[rest];
        _batch.CopyTo(remainder);
        _batch.Clear();
        (connection.Controls ??= connection.Loop.RentControls()).Remainder = remainder;
        connection.FrameOffset = 0;
        connection.StreamOpened = true;
        // The client will have it, and may say so when it resumes.
        connection.Ring.OnSent();
        return true;
    }

    // 0 where the socket takes nothing now, -1 where it never will.
    nint Send(int fd)
    {
        while (true)
        {
            var sent = _batch.Send(fd);
            if (sent >= 0)
                return sent;
            switch (Posix.LastError)
            {
                case Errno.Interrupted:
                    continue;
                case Errno.Again:
                // The kernel is short of memory for buffers; it says when the socket is writable again.
                case Errno.NoBuffers or Errno.OutOfMemory:
                    return 0;
                default:
                    return -1;
            }
        }
    }

    static bool NextIsControl(GatewayConnection connection, int sequence)
        => connection.Controls is { Count: > 0 } controls && (connection.Ring is null || controls.First.AfterSequence <= sequence);

    void Compose(GatewayConnection connection, int maxFrames)
    {
        _batch.Clear();
        var opens = !connection.StreamOpened;
        var ring = connection.Ring is { HasLostUnsent: false } held ? held : null;
        var sequence = connection.Ring?.Sent ?? 0;
        if (connection.Controls is { } controls)
        {
            if (controls.Remainder is { } remainder)
                AddRaw(remainder);
            foreach (var entry in controls.Entries)
            {
                if (connection.Ring is not null)
                    AddEvents(connection, ring, ref sequence, entry.AfterSequence, ref opens, maxFrames);
                if (_batch.IsFull || _batch.Frames >= maxFrames)
                    return;
                AddControl(connection, entry, ref opens);
            }
        }

        AddEvents(connection, ring, ref sequence, int.MaxValue, ref opens, maxFrames);
    }

    void AddEvents(GatewayConnection connection, EventRing? ring, ref int sequence, int last, ref bool opens, int maxFrames)
    {
        if (ring is null)
            return;
        last = Math.Min(last, ring.Head);
        while (sequence < last && !_batch.IsFull && _batch.Frames < maxFrames)
        {
            sequence++;
            PayloadFrame.Add(_batch, ring[sequence], sequence, connection.Encoding, opens);
            opens = false;
        }
    }

    void AddControl(GatewayConnection connection, in ControlQueue.Entry entry, ref bool opens)
    {
        if (entry.Payload is null)
        {
            AddRaw(entry.Frame!);
            return;
        }

        PayloadFrame.Add(_batch, entry.Payload, connection.Encoding, opens);
        opens = false;
    }

    void AddRaw(byte[] bytes)
    {
        _batch.Add(bytes);
        _batch.EndFrame();
    }

    /// <summary>Takes out of the queues what has left in full. False where the last frame has not.</summary>
    bool Complete(GatewayConnection connection, long sent)
    {
        var done = 0;
        while (done < _batch.Frames && _batch.EndOf(done) <= sent)
        {
            CompleteOne(connection);
            done++;
        }

        FramesSent += done;
        connection.FrameOffset = (int)(sent - (done == 0 ? 0 : _batch.EndOf(done - 1)));
        var isWhole = done == _batch.Frames;
        _batch.Clear();
        return isWhole;
    }

    static void CompleteOne(GatewayConnection connection)
    {
        if (connection.Controls is { Remainder: not null } begun)
        {
            begun.Remainder = null;
        }
        else if (NextIsControl(connection, connection.Ring?.Sent ?? 0))
        {
            connection.StreamOpened |= connection.Controls!.First.Payload is not null;
            connection.Controls.RemoveFirst();
        }
        else
        {
            connection.StreamOpened = true;
            connection.Ring!.OnSent();
        }

        if (connection.Controls is { IsEmpty: true } empty)
        {
            connection.Controls = null;
            connection.Loop.ReturnControls(empty);
        }
    }

    public void Dispose() => _batch.Dispose();
}
