using System.Net.Sockets;

namespace Kith.Baselines.Raw;

/// <summary>
/// One socket. It derives from the event arguments of its pending receive, so that an idle connection is this object and the socket:
/// the receive has no buffer, and bytes are read into the thread's buffer once there are some. Reads run one at a time; the position in the log
/// belongs to whoever holds the lock.
/// </summary>
internal sealed class RawConnection : SocketAsyncEventArgs
{
    /// <summary>A reader further behind than this is closed: the bound that every server needs.</summary>
    const long MostBytesBehind = 16 << 20;

    [ThreadStatic]
    static byte[]? s_readBuffer;

    readonly Socket _socket;
    readonly RawServer _server;
    readonly Lock _position = new();
    LogChunk? _chunk;
    int _offset;
    int _frameEnd;
    bool _blocked;
    bool _upgraded;
    byte[]? _partial;
    ChannelPart? _part;

    public RawConnection(Socket socket, RawServer server)
    {
        _socket = socket;
        _server = server;
        socket.NoDelay = true;
        socket.Blocking = false;
        SetBuffer(Memory<byte>.Empty);
    }

    /// <summary>Waits for bytes, handles what is there, and waits again, until the socket has nothing more or has ended.</summary>
    public void ReceiveUntilIdle()
    {
        try
        {
            while (!_socket.ReceiveAsync(this))
            {
                if (!TakeAvailable())
                {
                    Close();
                    return;
                }
            }
        }
        catch (ObjectDisposedException)
        {
            Close();
        }
    }

    public void StartAt(LogChunk chunk, int offset, ChannelPart part)
    {
        lock (_position)
        {
            _part = part;
            _chunk = chunk;
            _offset = offset;
        }
    }

    /// <summary>Sends one event, or all that waits. True when more waits and the socket would take it.</summary>
    public bool Advance(bool coalesce)
    {
        SocketError error;
        lock (_position)
        {
            if (_blocked || _chunk is null || !Waiting()) return false;
            var slice = NextSlice(coalesce).Span;
            var sent = _socket.Send(slice, SocketFlags.None, out error);
            if (error == SocketError.Success)
            {
                _offset += sent;
                if (sent == slice.Length) return Waiting();
            }

            if (error is SocketError.Success or SocketError.WouldBlock) _blocked = true;
            else _chunk = null;
        }

        if (error is SocketError.Success or SocketError.WouldBlock) _ = WriteRest(coalesce);
        return false;
    }

    protected override void OnCompleted(SocketAsyncEventArgs e)
    {
        if (SocketError == SocketError.Success && TakeAvailable()) ReceiveUntilIdle();
        else Close();
    }

    bool Waiting()
    {
        if (_offset == _chunk!.Length && _chunk.Next is { } next)
        {
            _chunk = next;
            _offset = 0;
            _frameEnd = 0;
        }

        return _offset < _chunk.Length;
    }

    ReadOnlyMemory<byte> NextSlice(bool coalesce)
    {
        if (coalesce) return _chunk!.Bytes.AsMemory(_offset.._chunk.Length);
        if (_frameEnd <= _offset) _frameEnd = _offset + EventLog.FrameLength(_chunk!.Bytes.AsSpan(_offset));
        return _chunk!.Bytes.AsMemory(_offset.._frameEnd);
    }

    /// <summary>Waits for room in the socket without holding a thread; while it runs the sweeper passes this connection by.</summary>
    async Task WriteRest(bool coalesce)
    {
        try
        {
            while (SliceOrYield(coalesce) is { Length: > 0 } slice)
            {
                var sent = await _socket.SendAsync(slice, SocketFlags.None);
                lock (_position) _offset += sent;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Close();
        }
    }

    /// <summary>What to write next; empty, and the sweeper's turn again, when nothing waits.</summary>
    ReadOnlyMemory<byte> SliceOrYield(bool coalesce)
    {
        lock (_position)
        {
            if (_chunk is not null && Waiting() && _part!.End - (_chunk.Start + _offset) < MostBytesBehind) return NextSlice(coalesce);
            if (_chunk is not null && Waiting()) _socket.Dispose();
            _blocked = false;
            return default;
        }
    }

    bool TakeAvailable()
    {
        var buffer = s_readBuffer ??= new byte[1 << 16];
        var kept = _partial?.Length ?? 0;
        _partial?.CopyTo(buffer, 0);
        _partial = null;
        var read = _socket.Receive(buffer.AsSpan(kept), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock) read = 0;
        else if (error != SocketError.Success || read == 0) return false;
        return Take(buffer.AsSpan(0, kept + read));
    }

    bool Take(ReadOnlySpan<byte> bytes)
    {
        // The load's client sends nothing after the upgrade but its close frame.
        if (_upgraded) return bytes.IsEmpty || (bytes[0] & 0x0f) != 8;
        while (RawRequest.TryRead(bytes, out var request))
        {
            bytes = bytes[request.Length..];
            if (!Answer(request)) return false;
        }

        if (bytes.Length > 0) _partial = bytes.ToArray();
        return bytes.Length < 1 << 16;
    }

    bool Answer(RawRequest request)
    {
        if (request.UpgradeKey is { } key)
        {
            _upgraded = Write(RawResponses.Upgrade(key));
            _server.Channel(request.Channel).Join(this);
            return _upgraded;
        }

        return Write(request.Posted is { } posted ? RawResponses.Ok(_server.Publish(request.Channel, posted)) : RawResponses.NotFound);
    }

    /// <summary>A reply is small and the connection waits for it: a socket without room for it is a broken client's.</summary>
    bool Write(ReadOnlySpan<byte> reply) => _socket.Send(reply, SocketFlags.None, out var error) == reply.Length && error == SocketError.Success;

    void Close()
    {
        lock (_position) _chunk = null;
        _part?.Remove(this);
        _socket.Dispose();
    }
}
