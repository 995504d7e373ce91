using System.Text;
using Kith.Gateway.Protocol;

namespace Kith.Gateway.Transport;

/// <summary>
/// One client's WebSocket, after the HTTP handshake. Belongs to the thread of <see cref="Loop"/>: every member but <see cref="Loop"/> may be
/// used there only; <see cref="GatewayLoop.Post(ILoopWork)"/> leads there. Idle, it holds no buffer, no timer and no task: this object is
/// all there is (about 100 bytes).
/// </summary>
public sealed class GatewayConnection : IFrameSink
{
    internal EventRing? Ring;
    internal ControlQueue? Controls;
    internal StreamLink? Link;

    // Set from MoveTo until the move is made.
    internal GatewayLoop? Departure;
    internal int Fd;
    internal int Slot = -1;

    // Bytes of the first unsent frame that have left.
    internal int FrameOffset;
    internal ConnectionPhase Phase;

    // Whether the zlib stream's two bytes of header have left.
    internal bool StreamOpened;

    // In the loop's list of connections to flush.
    internal bool IsDirty;

    // The socket took no more; the loop is told when it does.
    internal bool IsBlocked;
    internal bool IsMoving;

    // A frame has been begun that cannot be finished: nothing more may be sent.
    internal bool IsDoomed;
    GatewayLoop _loop;
    bool _feeding;
    bool _closeReceived;

    // A close has begun: what the last flush before it finds must not begin another.
    bool _leaving;
    bool _notifies;
    bool _unreadable;
    InboundAssembly? _assembly;

    internal GatewayConnection(GatewayLoop loop, IGatewayConnectionHandler handler, PayloadEncoding encoding, int fd, StreamLink? link)
    {
        _loop = loop;
        Handler = handler;
        Encoding = encoding;
        Fd = fd;
        Link = link;
    }

    /// <summary>The loop whose thread the connection belongs to.</summary>
    public GatewayLoop Loop
    {
        get => _loop;
        internal set => Volatile.Write(ref _loop, value);
    }

    public IGatewayConnectionHandler Handler { get; set; }

    /// <summary>Settled at the handshake; only from <see cref="PayloadEncoding.Json"/> to <see cref="PayloadEncoding.ZlibPayloads"/> may it change later.</summary>
    public PayloadEncoding Encoding { get; private set; }

    /// <summary>False once it is closing or closed: sends are ignored and nothing is received.</summary>
    public bool IsOpen => Phase == ConnectionPhase.Open;

    /// <summary>The ring whose events leave here: see <see cref="EventRing.Attach"/>.</summary>
    public EventRing? Events => Ring;

    /// <summary>Whether something waits that the kernel has not taken.</summary>
    public bool HasPending => Controls is not null || Ring is { PendingEvents: > 0 };

    /// <summary>
    /// Set to have <see cref="IGatewayConnectionHandler.OnFlushed"/> called once, when the kernel has taken everything that waits: at the end of
    /// this pass, or when the client has read enough. For sending much in portions.
    /// </summary>
    public bool NotifyWhenFlushed
    {
        get => _notifies;
        set
        {
            _notifies = value;
            if (value && IsOpen)
                Loop.MarkDirty(this);
        }
    }

    /// <summary>The client asked in IDENTIFY for large payloads to be compressed one by one; without effect on a zlib stream.</summary>
    public void CompressPayloads()
    {
        if (Encoding == PayloadEncoding.Json)
            Encoding = PayloadEncoding.ZlibPayloads;
    }

    /// <summary>Sends a payload outside the sequence, after the events that have been appended so far.</summary>
    public void Send(ControlPayload payload)
    {
        if (!IsOpen)
            return;
        (Controls ??= Loop.RentControls()).Add(payload, Ring?.Head ?? 0);
        Loop.MarkDirty(this);
    }

    /// <summary>
    /// <see cref="IGatewayConnectionHandler.OnDeadline"/> is called when this time has passed, to within a quarter of a second, unless another
    /// deadline has been set by then. There is one per connection.
    /// </summary>
    public void SetDeadline(TimeSpan after)
    {
        if (IsOpen)
            Loop.SetDeadline(this, after);
    }

    public void ClearDeadline()
    {
        if (IsOpen)
            Loop.ClearDeadline(this);
    }

    /// <summary>
    /// Sends what waits if the socket takes it now, then a close frame, and waits for the client's for a bounded time. Never blocks.
    /// Does nothing on a connection that is not open.
    /// </summary>
    /// <param name="code">A close code; 4000 and up are the gateway's.</param>
    /// <param name="reason">At most 123 bytes of UTF-8; longer ones are cut.</param>
    public void Close(int code, string reason = "")
    {
        if (IsOpen)
            BeginClosing(new ConnectionClose(ConnectionEnd.Server, code), CloseFrame.Of(code, reason), sendsPending: true);
    }

    /// <summary>Ends the connection at once, without a close frame.</summary>
    public void Abort()
    {
        if (Phase != ConnectionPhase.Closed)
            End(new ConnectionClose(ConnectionEnd.Server, CloseCodes.Abnormal));
    }

    /// <summary>
    /// Hands the connection to another loop, whose thread calls <paramref name="arrival"/>'s <see cref="IGatewayConnectionHandler.OnOpened"/>.
    /// For a client that resumes a session that lives there. No ring may be attached; nothing may be done to the connection here
    /// afterwards. What the client has sent after the current payload is read there.
    /// </summary>
    public void MoveTo(GatewayLoop target, IGatewayConnectionHandler arrival)
    {
        if (!IsOpen || IsMoving)
            return;
        if (Ring is not null)
            throw new InvalidOperationException("A session's events belong to its loop: detach them before the connection moves.");
        Handler = arrival;
        IsMoving = true;
        Departure = target;
        if (!_feeding)
            Loop.Depart(this, []);
    }

    internal void OnEventsPending()
    {
        if (!IsDirty && (!IsBlocked || Ring!.IsOverflowing || Ring.HasLostUnsent))
            Loop.MarkDirty(this);
    }

    internal void TakeEvents(EventRing ring)
    {
        if (!IsOpen || IsMoving)
            throw new InvalidOperationException("The connection is not open.");
        if (Ring is not null)
            throw new InvalidOperationException("Another session's events already leave here.");
        Ring = ring;
    }

    internal void ReleaseEvents()
    {
        if (Ring is null)
            return;
        if (Phase != ConnectionPhase.Closed && !Loop.Sender.KeepRemainder(this))
        {
            IsDoomed = true;
            Loop.MarkDirty(this);
        }

        Ring = null;
        Controls?.ForgetOrder();
    }

    /// <summary>
    /// Whether the connection is still this loop's to touch: a handler may have closed it or sent it away. To be asked on the loop's thread
    /// after anything that calls a handler.
    /// </summary>
    internal bool IsAt(GatewayLoop loop) => Volatile.Read(ref _loop) == loop && !IsMoving && Phase != ConnectionPhase.Closed;

    /// <summary>Takes bytes as they came from the network.</summary>
    internal void Feed(Span<byte> data)
    {
        var used = 0;
        _feeding = true;
        try
        {
            used = InboundFrames.Feed(data, ref _assembly, this);
        }
        finally
        {
            _feeding = false;
            if (Phase == ConnectionPhase.Closed)
                ReleaseAssembly();
        }

        if (IsMoving && Phase != ConnectionPhase.Closed)
            Loop.Depart(this, data[used..]);
    }

    /// <summary>The client's side of the connection has ended.</summary>
    internal void OnEndOfStream() => End(new ConnectionClose(ConnectionEnd.Lost, CloseCodes.Abnormal));

    internal void OnDeadline()
    {
        if (IsOpen)
            Handler.OnDeadline(this);
        else
            Loop.Release(this);
    }

    /// <summary>The socket takes no more; too much may wait now.</summary>
    internal void CheckOverflow()
    {
        if (!IsOpen || _leaving || !(Ring is { IsOverflowing: true } or { HasLostUnsent: true } || Controls is { Count: > ControlQueue.Limit }))
            return;
        var loop = Loop;
        Handler.OnOverflow(this);
        if (IsAt(loop) && IsOpen)
            Close(CloseCodes.UnknownError);
    }

    /// <summary>All that waited has left, a close frame included.</summary>
    internal void OnFlushed()
    {
        if (IsOpen)
        {
            if (!_notifies || _leaving)
                return;
            _notifies = false;
            Handler.OnFlushed(this);
            return;
        }

        if (_closeReceived)
            Loop.Release(this);
        else if (_unreadable)
            GatewayLoop.ShutdownWrite(this);
    }

    /// <summary>The end of a connection in any phase; tells the handler unless it knows.</summary>
    internal void End(ConnectionClose close)
    {
        var wasOpen = IsOpen;
        if (Phase == ConnectionPhase.Closed)
            return;
        Loop.Release(this);
        if (!wasOpen)
            return;
        DetachEvents();
        Handler.OnClosed(this, close);
    }

    internal void OnReleased()
    {
        Phase = ConnectionPhase.Closed;
        if (!_feeding)
            ReleaseAssembly();
    }

    bool IFrameSink.WantsFrames => !IsMoving && (IsOpen || Phase == ConnectionPhase.Closing && !_closeReceived && !_unreadable);

    void IFrameSink.OnMessage(ReadOnlySpan<byte> payload)
    {
        if (!IsOpen)
            return;
        Loop.CountReceived();
        Handler.OnPayload(this, payload);
    }

    void IFrameSink.OnPing(ReadOnlySpan<byte> payload)
    {
        if (!IsOpen)
            return;
        var frame = new byte[2 + payload.Length];
        FrameHeader.Write(frame, FrameOpcode.Pong, payload.Length);
        payload.CopyTo(frame.AsSpan(2));
        (Controls ??= Loop.RentControls()).Add(frame, Ring?.Head ?? 0);
        Loop.MarkDirty(this);
    }

    void IFrameSink.OnPong()
    {
        // An answer to nothing: the gateway's heartbeats are payloads.
    }

    void IFrameSink.OnClose(int code)
    {
        _closeReceived = true;
        if (IsOpen)
            BeginClosing(new ConnectionClose(ConnectionEnd.Client, code), CloseFrame.Echo(code), sendsPending: false);
        else if (Controls is null)
            Loop.Release(this);
    }

    void IFrameSink.OnViolation(int closeCode)
    {
        _unreadable = true;
        if (IsOpen)
            BeginClosing(new ConnectionClose(ConnectionEnd.Violation, closeCode), CloseFrame.Of(closeCode, ""), sendsPending: false);
    }

    void BeginClosing(ConnectionClose close, byte[] frame, bool sendsPending)
    {
        if (_leaving)
            return;
        _leaving = true;
        if (sendsPending && HasPending && !IsBlocked)
            Loop.Flush(this);
        if (!IsOpen)
            return;
        Phase = ConnectionPhase.Closing;
        DetachEvents();
        if (IsDoomed)
        {
            Loop.Release(this);
        }
        else
        {
            (Controls ??= Loop.RentControls()).Add(frame, 0);
            Loop.SetDeadline(this, Loop.Options.CloseTimeout);
            Loop.Flush(this);
        }

        Handler.OnClosed(this, close);
    }

    void DetachEvents() => Ring?.Detach();

    void ReleaseAssembly()
    {
        _assembly?.Dispose();
        _assembly = null;
    }
}

internal enum ConnectionPhase : byte
{
    Open,

    /// <summary>The close frame is queued or sent; waits for the client's, for a bounded time.</summary>
    Closing,
    Closed,
}

/// <summary>Close frames with their header.</summary>
internal static class CloseFrame
{
    internal static byte[] Of(int code, string reason)
    {
        Span<byte> text = stackalloc byte[FrameHeader.MaxControlPayload - 2];
        Encoding.UTF8.GetEncoder().Convert(reason, text, flush: true, out _, out var length, out _);
        var frame = new byte[4 + length];
        frame[0] = 0x80 | (byte)FrameOpcode.Close;
        frame[1] = (byte)(2 + length);
        frame[2] = (byte)(code >> 8);
        frame[3] = (byte)code;
        text[..length].CopyTo(frame.AsSpan(4));
        return frame;
    }

    internal static byte[] Echo(int code) => code == CloseCodes.NoStatus ? [0x80 | (byte)FrameOpcode.Close, 0] : Of(code, "");
}
