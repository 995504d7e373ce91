using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Kith.Gateway.Transport.Http;

/// <summary>
/// One accepted connection, as Kestrel sees it: a pipe each way. The loop's thread receives into the one; whoever flushes the other sends
/// from it there and then, and waits for the loop only when the socket takes no more. Idle, it holds no buffer.
/// </summary>
/// <remarks>
/// A client that has ended its side only (half-close) still gets its answers: <see cref="ConnectionClosed"/> is for a connection that is gone
/// both ways. What is marked so belongs to the loop's thread.
/// </remarks>
internal sealed class HttpConnection
    : ConnectionContext, IHttpLoopTarget, IConnectionIdFeature, IConnectionTransportFeature, IConnectionItemsFeature, IConnectionEndPointFeature,
        IConnectionLifetimeFeature, IMemoryPoolFeature, ISocketTakeover
{
    // Receives in a row before others have their turn.
    const int MaxReceives = 4;

    static long _lastId = DateTime.UtcNow.Ticks;

    readonly EpollListener _listener;
    readonly HttpLoop _loop;
    readonly HttpSender _sender;
    readonly int _fd;
    readonly Pipe _input;
    readonly DuplexPipe _own;
    readonly CancellationTokenSource _closed = new();
    readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Task _sending = Task.CompletedTask;
    IDictionary<object, object?>? _items;
    string? _id;
    Action<int>? _receiver;
    int _closedFired;
    int _disposed;
    volatile bool _isAborted;

    // The loop's.
    bool _isPaused;
    bool _hasEnded;
    bool _sawHangUp;

    internal HttpConnection(EpollListener listener, HttpLoop loop, int fd, MemoryPool<byte> pool, GatewayTransportOptions options)
    {
        _listener = listener;
        _loop = loop;
        _fd = fd;
        MemoryPool = pool;
        _input = new Pipe(new PipeOptions(
            pool, PipeScheduler.ThreadPool, loop, options.MaxReadAhead, options.MaxReadAhead / 2, useSynchronizationContext: false));
        var output = new Pipe(new PipeOptions(
            pool, PipeScheduler.Inline, PipeScheduler.ThreadPool, options.MaxWriteBehind, options.MaxWriteBehind / 2, useSynchronizationContext: false));
        _sender = new HttpSender(fd, output.Reader);
        _own = new DuplexPipe(_input.Reader, output.Writer);
        Transport = _own;
        ConnectionClosed = _closed.Token;
        Features = CreateFeatures();
    }

    public override string ConnectionId
    {
        get => _id ??= Interlocked.Increment(ref _lastId).ToString("X", CultureInfo.InvariantCulture);
        set => _id = value;
    }

    public override IFeatureCollection Features { get; }

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    public override IDuplexPipe Transport { get; set; }

    public MemoryPool<byte> MemoryPool { get; }

    bool ISocketTakeover.IsPossible => ReferenceEquals(Transport, _own) && !_isAborted;

    internal void Start()
    {
        _loop.Schedule(static self => ((HttpConnection)self!).Register(), this);
        _sending = Send();
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        if (_isAborted)
            return;
        _isAborted = true;
        _sender.Cancel();
        _loop.Schedule(static self => ((HttpConnection)self!).EndReceiving(null), this);
        FireClosed();
    }

    /// <summary>Kestrel is through with the connection: what it wrote is still sent, then the socket is closed, or handed over.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _own.Input.CompleteAsync();
        await _own.Output.CompleteAsync();
        await _sending;
        _loop.Schedule(static self => ((HttpConnection)self!).ReleaseSocket(), this);
        await _released.Task;
        FireClosed();
        _listener.Release();
        await base.DisposeAsync();
    }

    void ISocketTakeover.StopReceiving() => _loop.Schedule(static self => ((HttpConnection)self!).EndReceiving(null), this);

    void ISocketTakeover.HandOver(Action<int> receiver) => _receiver = receiver;

    void IHttpLoopTarget.OnReady(EpollEvents events)
    {
        const EpollEvents gone = EpollEvents.Error | EpollEvents.HangUp;
        _sawHangUp |= (events & (gone | EpollEvents.PeerHangUp)) != EpollEvents.None;
        if ((events & (gone | EpollEvents.Writable)) != EpollEvents.None)
            _sender.SignalWritable();
        if ((events & (gone | EpollEvents.Readable | EpollEvents.PeerHangUp)) != EpollEvents.None && !_isPaused && !_hasEnded)
            Receive();
        if ((events & gone) != EpollEvents.None)
            FireClosed();
    }

    void Register()
    {
        if (!_loop.TryAdd(_fd, this))
            Abort();
    }

    async Task Send()
    {
        if (!await _sender.Run())
            FireClosed();
    }

    void Receive()
    {
        for (var i = 0; i < MaxReceives; i++)
        {
            var received = ReceiveOnce(out var errno);
            if (received < 0)
            {
                if (errno != Errno.Again)
                    EndReceiving(new ConnectionResetException(Posix.Describe(errno)));
                return;
            }

            if (received == 0)
            {
                EndReceiving(null);
                return;
            }

            if (!Deliver(received))
                return;
            // Less than there was room for: that was all, and the next edge tells of more. The end of the stream may have had its edge already.
            if (received < HttpLoop.ReceiveBufferSize && !_sawHangUp)
                return;
        }

        _loop.Schedule(static self => ((HttpConnection)self!).Continue(), this);
    }

    void Continue()
    {
        if (!_isPaused && !_hasEnded)
            Receive();
    }

    unsafe int ReceiveOnce(out int errno)
    {
        errno = 0;
        fixed (byte* buffer = _loop.ReceiveBuffer)
        {
            while (true)
            {
                var received = (int)Posix.Receive(_fd, buffer, HttpLoop.ReceiveBufferSize, Posix.DontWait);
                if (received >= 0)
                    return received;
                errno = Posix.LastError;
                if (errno != Errno.Interrupted)
                    return -1;
            }
        }
    }

    /// <summary>False where receiving must wait, or is over.</summary>
    bool Deliver(int length)
    {
        _input.Writer.Write(_loop.ReceiveBuffer.AsSpan(0, length));
        // Completes here and now unless the application is behind.
        _isPaused = true;
        _ = Flush();
        return !_isPaused && !_hasEnded;
    }

    // The pipe's writer is scheduled on the loop, so what follows a wait runs there.
    async Task Flush()
    {
        var flush = _input.Writer.FlushAsync();
        var waits = !flush.IsCompleted;
        var result = await flush;
        _isPaused = false;
        if (result.IsCompleted || result.IsCanceled)
        {
            // Nobody reads any more; what still comes is the kernel's to refuse.
            EndReceiving(null);
        }
        else if (waits)
        {
            Continue();
        }
    }

    void EndReceiving(Exception? error)
    {
        if (_hasEnded)
            return;
        _hasEnded = true;
        _input.Writer.Complete(_isAborted ? new ConnectionAbortedException() : error);
        if (error is not null)
            FireClosed();
    }

    void ReleaseSocket()
    {
        EndReceiving(null);
        _loop.Remove(_fd);
        var isTaken = _receiver is not null && !_isAborted;
        if (!isTaken)
            CloseSocket();
        _receiver?.Invoke(isTaken ? _fd : -1);
        _released.SetResult();
    }

    unsafe void CloseSocket()
    {
        if (_isAborted)
        {
            // A reset, so that the client cannot take what it has for a whole answer.
            var linger = stackalloc int[] { 1, 0 };
            _ = Posix.SetSocketOption(_fd, Posix.SocketLevel, Posix.Linger, linger, 2 * sizeof(int));
        }
        else
        {
            _ = Posix.Shutdown(_fd, Posix.ShutdownBoth);
        }

        _ = Posix.Close(_fd);
    }

    // Callbacks of the token are the application's; they run on no loop.
    void FireClosed()
    {
        if (Interlocked.Exchange(ref _closedFired, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(static source => source.Cancel(), _closed, preferLocal: false);
    }

    FeatureCollection CreateFeatures()
    {
        var features = new FeatureCollection(initialCapacity: 16);
        features.Set<IConnectionIdFeature>(this);
        features.Set<IConnectionTransportFeature>(this);
        features.Set<IConnectionItemsFeature>(this);
        features.Set<IConnectionEndPointFeature>(this);
        features.Set<IConnectionLifetimeFeature>(this);
        features.Set<IMemoryPoolFeature>(this);
        features.Set<ISocketTakeover>(this);
        return features;
    }

    sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
