using System.Buffers;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Kith.Gateway.Protocol;
using Microsoft.Extensions.Logging;

namespace Kith.Gateway.Transport;

/// <summary>
/// One thread that owns a share of the gateway's connections and all that belongs to them: there are no locks because nothing is shared.
/// Each pass reads what came, runs the work that other threads have posted, and then sends what all that has left waiting, one call per
/// socket. Other threads may call the Post methods, <see cref="Connections"/> and the counters; all else is for the loop's own thread.
/// </summary>
public sealed class GatewayLoop : IDisposable
{
    const int ReceiveBufferSize = 64 * 1024;

    // Sockets flushed before the loop looks at its inbox again: what arrives meanwhile leaves in the same call.
    const int FlushSlice = 1024;

    static readonly TimeSpan TickLength = TimeSpan.FromMilliseconds(250);

    readonly Epoll _epoll = new();
    readonly LoopInbox<LoopWorkItem> _inbox = new();
    readonly ConnectionTable _table = new();
    readonly Queue<GatewayConnection> _dirty = new();
    readonly Stack<ControlQueue> _freeControls = new();
    readonly List<GatewayConnection> _due = [];
    readonly List<Action<GatewayLoop>> _tickers = [];
    readonly List<Action> _whenFlushed = [];
    readonly byte[] _receiveBuffer = GC.AllocateUninitializedArray<byte>(ReceiveBufferSize, pinned: true);
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly long _started;
    readonly Thread _thread;
    bool _tickDue;
    bool _draining;
    bool _stopping;
    int _connections;
    long _received;

    internal GatewayLoop(int index, GatewayTransportOptions options, TimeProvider time, ILogger logger)
    {
        Index = index;
        Options = options;
        Rings = new EventRingStore(options.Events);
        _time = time;
        _logger = logger;
        _started = time.GetTimestamp();
        _thread = new Thread(RunToEnd) { Name = $"gateway loop {index}", IsBackground = true };
    }

    /// <summary>The loop's place in <see cref="GatewayTransport.Loops"/>.</summary>
    public int Index { get; }

    /// <summary>The arrays of this loop's rings: <c>new EventRing(loop.Rings)</c>.</summary>
    public EventRingStore Rings { get; }

    /// <summary>Connections that belong here or are on their way; any thread may ask.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public bool IsCurrentThread => Environment.CurrentManagedThreadId == _thread.ManagedThreadId;

    internal GatewayTransportOptions Options { get; }

    internal ConnectionSender Sender { get; } = new();

    /// <summary>Runs the work on the loop's thread, after what was posted before.</summary>
    public void Post(ILoopWork work) => Post(new LoopWorkItem(work, null));

    /// <inheritdoc cref="Post(ILoopWork)"/>
    public void Post(Action<GatewayLoop, object?> work, object? state) => Post(new LoopWorkItem(work, state));

    /// <summary>As <see cref="Post(ILoopWork)"/>; false, and nothing done, where <see cref="GatewayTransportOptions.InboxCapacity"/> are waiting.</summary>
    public bool TryPost(ILoopWork work)
    {
        if (!_inbox.TryAdd(new LoopWorkItem(work, null), Options.InboxCapacity))
            return false;
        Wake();
        return true;
    }

    /// <summary>As <see cref="TryPost"/>, waiting for room: for a source that can be held back.</summary>
    public async ValueTask PostAsync(ILoopWork work, CancellationToken cancellationToken)
    {
        while (!TryPost(work))
            await _inbox.WhenBelow(Options.InboxCapacity).WaitAsync(cancellationToken);
    }

    /// <summary>What the loop has done so far; counters only grow. Any thread may ask.</summary>
    public GatewayLoopCounters Counters => new(Connections, Volatile.Read(ref _received), Sender.FramesSent, Sender.BytesSent, Sender.Calls);

    /// <summary>Has this called every quarter of a second on the loop's thread, for what lives here and has times of its own.</summary>
    public void AddTicker(Action<GatewayLoop> ticker) => _tickers.Add(ticker);

    /// <summary>Has this called once, when all that waits now has been handed to the sockets that take it.</summary>
    public void WhenFlushed(Action then) => _whenFlushed.Add(then);

    /// <summary>All open connections of this loop, for a handler that speaks to each.</summary>
    public void CollectConnections(List<GatewayConnection> into) => _table.Collect(into);

    internal void Start() => _thread.Start();

    internal void RequestStop()
    {
        Volatile.Write(ref _stopping, true);
        _epoll.Wake();
    }

    /// <summary>Ends every connection and waits for the thread. Only <see cref="GatewayTransport"/> may call this.</summary>
    public void Dispose()
    {
        RequestStop();
        _thread.Join();
    }

    internal void OnTimer()
    {
        Volatile.Write(ref _tickDue, true);
        _epoll.Wake();
    }

    /// <summary>Counts a connection that is on its way, so that the next goes elsewhere.</summary>
    internal void Reserve() => Interlocked.Increment(ref _connections);

    internal void CancelReservation() => Interlocked.Decrement(ref _connections);

    /// <summary>Who comes from now on, having been on the way already, is asked to reconnect at once.</summary>
    internal void AskNewcomersToLeave() => _draining = true;

    internal void CountReceived() => _received++;

    internal ControlQueue RentControls() => _freeControls.TryPop(out var free) ? free : new ControlQueue();

    internal void ReturnControls(ControlQueue controls)
    {
        if (_freeControls.Count < 1024)
            _freeControls.Push(controls);
    }

    internal void MarkDirty(GatewayConnection connection)
    {
        Debug.Assert(IsCurrentThread, "a connection is used outside its loop");
        if (connection.IsDirty)
            return;
        connection.IsDirty = true;
        _dirty.Enqueue(connection);
    }

    internal void SetDeadline(GatewayConnection connection, TimeSpan after)
    {
        if (connection.Slot >= 0)
            _table.SetDeadline(connection.Slot, CurrentTick() + 1 + (uint)Math.Ceiling(Math.Max(0, after / TickLength)));
    }

    internal void ClearDeadline(GatewayConnection connection)
    {
        if (connection.Slot >= 0)
            _table.SetDeadline(connection.Slot, 0);
    }

    /// <summary>Takes a connection in: new, or from another loop.</summary>
    /// <param name="connection">Counted already by <see cref="Reserve"/>.</param>
    /// <param name="readAhead">What the client has sent before.</param>
    internal void Admit(GatewayConnection connection, byte[] readAhead)
    {
        var token = _table.Add(connection);
        connection.Loop = this;
        connection.IsMoving = false;
        connection.IsDirty = false;
        connection.IsBlocked = false;
        try
        {
            if (connection.Fd >= 0)
                _epoll.Add(connection.Fd, EpollEvents.Readable, token);
            connection.Link?.Begin(connection);
            // What it could not send where it comes from.
            if (connection.HasPending)
                MarkDirty(connection);
            connection.Handler.OnOpened(connection);
            if (_draining && connection.IsAt(this))
                connection.Send(ControlPayload.Reconnect);
            if (readAhead.Length > 0 && connection.IsAt(this))
                connection.Feed(readAhead);
        }
        catch (Exception error)
        {
            Fault(connection, error);
        }
    }

    /// <summary>Sends a connection away to the loop it is to belong to, with what the client has sent and nobody has read.</summary>
    internal void Depart(GatewayConnection connection, ReadOnlySpan<byte> unread)
    {
        var target = connection.Departure!;
        connection.Departure = null;
        Forget(connection);
        // From here on whatever comes for the connection goes after it.
        connection.Loop = target;
        target.Reserve();
        target.Post(new Arrival(connection, unread.ToArray()));
    }

    /// <summary>Closes the socket; the connection is no more.</summary>
    internal void Release(GatewayConnection connection)
    {
        if (connection.Phase == ConnectionPhase.Closed)
            return;
        Forget(connection);
        connection.OnReleased();
        connection.Link?.Close();
        if (connection.Fd >= 0)
            _ = Posix.Close(connection.Fd);
        connection.Fd = -1;
    }

    internal static void ShutdownWrite(GatewayConnection connection)
    {
        if (connection.Link is { } link)
            link.ShutdownWrite();
        else
            _ = Posix.Shutdown(connection.Fd, Posix.ShutdownWrite);
    }

    /// <summary>Sends what waits, as much as the socket takes now.</summary>
    internal void Flush(GatewayConnection connection)
    {
        switch (Sender.Flush(connection))
        {
            case SendOutcome.Lost:
                connection.End(new ConnectionClose(ConnectionEnd.Lost, CloseCodes.Abnormal));
                break;
            case SendOutcome.Unfinished:
                MarkDirty(connection);
                break;
            case SendOutcome.Blocked:
                SetBlocked(connection, true);
                connection.CheckOverflow();
                break;
            default:
                SetBlocked(connection, false);
                connection.OnFlushed();
                break;
        }
    }

    /// <summary>What came from the network; nothing means its end.</summary>
    internal void Receive(GatewayConnection connection, Span<byte> data)
    {
        try
        {
            if (data.IsEmpty)
                connection.OnEndOfStream();
            else
                connection.Feed(data);
        }
        catch (Exception error)
        {
            Fault(connection, error);
        }
    }

    void Forget(GatewayConnection connection)
    {
        if (connection.Slot < 0)
            return;
        if (connection.Fd >= 0)
            _epoll.Remove(connection.Fd);
        _table.Remove(connection);
        Interlocked.Decrement(ref _connections);
    }

    void SetBlocked(GatewayConnection connection, bool blocked)
    {
        if (connection.IsBlocked == blocked)
            return;
        connection.IsBlocked = blocked;
        if (connection.Fd >= 0)
            _epoll.Modify(connection.Fd, EpollEvents.Readable | (blocked ? EpollEvents.Writable : EpollEvents.None), _table.TokenOf(connection.Slot));
    }

    void Post(in LoopWorkItem item)
    {
        _inbox.Add(item);
        Wake();
    }

    void Wake()
    {
        // The loop looks at its inbox before it waits again.
        if (!IsCurrentThread)
            _epoll.Wake();
    }

    void RunToEnd()
    {
        try
        {
            while (!Volatile.Read(ref _stopping))
                Pass();
            Stop();
        }
        catch (Exception error)
        {
            TransportLog.LoopFailed(_logger, Index, error);
            throw;
        }
        finally
        {
            _epoll.Dispose();
            Sender.Dispose();
        }
    }

    void Pass()
    {
        var ready = _epoll.Wait(block: _dirty.Count == 0 && _inbox.IsEmpty);
        for (var i = 0; i < ready; i++)
        {
            var events = _epoll.Ready(i, out var token);
            if (token == Epoll.WakeToken)
                _epoll.AcknowledgeWake();
            else if (_table.Find(token) is { } connection)
                OnReady(connection, events);
        }

        foreach (ref var item in _inbox.Take())
        {
            Run(item);
            item = default;
        }

        if (Volatile.Read(ref _tickDue))
            Tick();
        for (var i = 0; i < FlushSlice && _dirty.TryDequeue(out var connection); i++)
            FlushDirty(connection);
        if (_whenFlushed.Count > 0 && _dirty.Count == 0)
            Flushed();
    }

    void Flushed()
    {
        foreach (var then in _whenFlushed)
            then();
        _whenFlushed.Clear();
    }

    void OnReady(GatewayConnection connection, EpollEvents events)
    {
        if ((events & EpollEvents.Writable) != EpollEvents.None)
            MarkDirty(connection);
        if ((events & (EpollEvents.Readable | EpollEvents.Error | EpollEvents.HangUp)) != EpollEvents.None)
            ReceiveFrom(connection);
    }

    unsafe void ReceiveFrom(GatewayConnection connection)
    {
        fixed (byte* buffer = _receiveBuffer)
        {
            var received = Posix.Receive(connection.Fd, buffer, ReceiveBufferSize, Posix.DontWait);
            if (received >= 0)
                Receive(connection, _receiveBuffer.AsSpan(0, (int)received));
            else if (Posix.LastError is not (Errno.Again or Errno.Interrupted))
                Receive(connection, []);
        }
    }

    void FlushDirty(GatewayConnection connection)
    {
        if (!connection.IsAt(this))
            return;
        connection.IsDirty = false;
        try
        {
            if (connection.IsDoomed)
                connection.OnEndOfStream();
            else
                Flush(connection);
        }
        catch (Exception error)
        {
            Fault(connection, error);
        }
    }

    void Run(in LoopWorkItem item)
    {
        try
        {
            item.Run(this);
        }
        catch (Exception error)
        {
            TransportLog.WorkFailed(_logger, item.Work.GetType().Name, error);
        }
    }

    void Tick()
    {
        Volatile.Write(ref _tickDue, false);
        _table.TakeDue(CurrentTick(), _due);
        foreach (var connection in _due)
        {
            if (!connection.IsAt(this))
                continue;
            try
            {
                connection.OnDeadline();
            }
            catch (Exception error)
            {
                Fault(connection, error);
            }
        }

        _due.Clear();
        foreach (var ticker in _tickers)
            Run(new LoopWorkItem(ticker, null));
    }

    // Ticks begin at 1: 0 is no deadline.
    uint CurrentTick() => 1 + (uint)(_time.GetElapsedTime(_started) / TickLength);

    /// <summary>A handler threw: its connection pays, the others go on.</summary>
    void Fault(GatewayConnection connection, Exception error)
    {
        TransportLog.HandlerFailed(_logger, connection.Handler.GetType().Name, error);
        // Sent away already, it is another loop's.
        if (connection.Loop != this || connection.Slot < 0)
            return;
        try
        {
            connection.IsMoving = false;
            connection.Departure = null;
            connection.Close(CloseCodes.UnknownError);
        }
        catch (Exception again)
        {
            TransportLog.HandlerFailed(_logger, connection.Handler.GetType().Name, again);
            Release(connection);
        }
    }

    /// <summary>What was posted before is still done, then every connection ends.</summary>
    void Stop()
    {
        foreach (var item in _inbox.Take())
            Run(item);
        while (_dirty.TryDequeue(out var connection))
            FlushDirty(connection);
        var all = new List<GatewayConnection>();
        _table.Collect(all);
        foreach (var connection in all)
        {
            try
            {
                connection.End(new ConnectionClose(ConnectionEnd.Stopped, CloseCodes.Abnormal));
            }
            catch (Exception error)
            {
                Fault(connection, error);
            }
        }
    }

    sealed class Arrival(GatewayConnection connection, byte[] unread) : ILoopWork
    {
        public void Run(GatewayLoop loop) => loop.Admit(connection, unread);
    }
}

/// <summary>What a loop has done since it began, and its connections now.</summary>
public readonly record struct GatewayLoopCounters(int Connections, long MessagesReceived, long FramesSent, long BytesSent, long SendCalls);
