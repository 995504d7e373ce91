using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Kith.Gateway.Transport.Http;

/// <summary>
/// A listening socket. Connections are accepted as they come and handed to Kestrel at a pace: when all clients of a community come back at once, those who are here already keep
/// their share of the processors, and what waits is a descriptor each.
/// </summary>
internal sealed class EpollListener : IConnectionListener, IHttpLoopTarget
{
    // The largest socket address: a Unix one.
    const int MaxAddress = 110;

    // Descriptors that connections may not take. Without any the runtime cannot start a thread, which ends the process, and the store
    // cannot open a file. The kernel gives the lowest free number, so the number tells how many are in use.
    static readonly long MaxDescriptor = Posix.MaxDescriptors - Math.Clamp(Posix.MaxDescriptors / 16, 32, 256);

    // The system as a whole is out of descriptors or memory: others must end before there is room, and trying at once would only burn
    // the processor.
    static readonly TimeSpan ShortageDelay = TimeSpan.FromMilliseconds(50);

    readonly Socket _socket;
    readonly HttpLoop[] _loops;
    readonly MemoryPool<byte> _pool;
    readonly GatewayTransportOptions _options;
    readonly ILogger _logger;
    readonly IoSignal _acceptable = new();
    readonly ITimer _retry;
    readonly ArrivalPace _pace;
    readonly Queue<Arrival> _arrived = [];
    readonly int _fd;
    int _open = 1;
    bool _isUnbound;
    bool _isShort;
    bool _isDisposed;
    uint _next;

    internal EpollListener(Socket socket, HttpLoop[] loops, MemoryPool<byte> pool, GatewayTransportOptions options, TimeProvider time, ILogger logger)
    {
        _socket = socket;
        _loops = loops;
        _pool = pool;
        _options = options;
        _logger = logger;
        _fd = (int)socket.SafeHandle.DangerousGetHandle();
        EndPoint = socket.LocalEndPoint!;
        _pace = new ArrivalPace(options.EffectiveArrivals, time);
        // Runs once for nothing: without descriptors a first timer could not be started any more.
        _retry = time.CreateTimer(static signal => ((IoSignal)signal!).Signal(), _acceptable, ShortageDelay, Timeout.InfiniteTimeSpan);
        loops[0].Schedule(static self => ((EpollListener)self!).Register(), this);
    }

    public EndPoint EndPoint { get; }

    public void OnReady(EpollEvents events) => _acceptable.Signal();

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (!Volatile.Read(ref _isUnbound))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var errno = AcceptAll();
            if (_arrived.Count > 0 && _pace.TryTake())
                return Start(_arrived.Dequeue());
            if (errno != Errno.Again)
                _retry.Change(ShortageDelay, Timeout.InfiniteTimeSpan);
            else if (_arrived.Count > 0)
                _retry.Change(ArrivalPace.Step, Timeout.InfiniteTimeSpan);
            await _acceptable.Wait();
        }

        while (_arrived.TryDequeue(out var left))
            _ = Posix.Close(left.Fd);
        return null;
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        if (Volatile.Read(ref _isUnbound))
            return;
        Volatile.Write(ref _isUnbound, true);
        var removed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _loops[0].Schedule(_ =>
        {
            _loops[0].Remove(_fd);
            removed.SetResult();
        }, null);
        await removed.Task.WaitAsync(cancellationToken);
        _socket.Dispose();
        _acceptable.Signal();
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        await UnbindAsync(CancellationToken.None);
        await _retry.DisposeAsync();
        Release();
    }

    /// <summary>A connection has ended; the last one, after the listener itself, gives the memory back.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref _open) == 0)
            _pool.Dispose();
    }

    void Register()
    {
        if (!Volatile.Read(ref _isUnbound))
            _loops[0].TryAdd(_fd, this);
    }

    void OnShortage(int errno)
    {
        // Told once, not at every try.
        if (!_isShort)
            TransportLog.AcceptFailed(_logger, Posix.Describe(errno));
        _isShort = true;
    }

    /// <summary>All that have come; what ended it: <see cref="Errno.Again"/> where no more are there, else what the system is short of.</summary>
    int AcceptAll()
    {
        while (true)
        {
            switch (Accept())
            {
                case 0:
                    _isShort = false;
                    break;
                case Errno.Again:
                    return Errno.Again;
                case (Errno.TooManyFiles or Errno.TooManyFilesInSystem or Errno.NoBuffers or Errno.OutOfMemory) and var errno:
                    OnShortage(errno);
                    return errno;
                default:
                    // The connection that waited has gone, or the network had an error of its own: the next may be sound.
                    if (Volatile.Read(ref _isUnbound))
                        return Errno.Again;
                    break;
            }
        }
    }

    /// <summary>0, or why there is none.</summary>
    unsafe int Accept()
    {
        var address = stackalloc byte[MaxAddress];
        uint length = MaxAddress;
        int fd;
        try
        {
            fd = Posix.Accept(_socket.SafeHandle, address, &length, Posix.SocketNonBlocking | Posix.SocketCloseOnExec);
        }
        catch (ObjectDisposedException)
        {
            return Errno.ConnectionAborted;
        }

        if (fd < 0)
            return Posix.LastError;
        if (fd >= MaxDescriptor)
        {
            // Better told now than left waiting.
            _ = Posix.Close(fd);
            OnShortage(Errno.TooManyFiles);
            return Errno.ConnectionAborted;
        }

        var remote = SocketAddresses.Read(new ReadOnlySpan<byte>(address, (int)length));
        length = MaxAddress;
        var local = Posix.GetSocketName(fd, address, &length) == 0 ? SocketAddresses.Read(new ReadOnlySpan<byte>(address, (int)length)) : EndPoint;
        _arrived.Enqueue(new Arrival(fd, remote, local));
        return 0;
    }

    HttpConnection Start(Arrival arrival)
    {
        Interlocked.Increment(ref _open);
        var connection = new HttpConnection(this, _loops[_next++ % (uint)_loops.Length], arrival.Fd, _pool, _options) { RemoteEndPoint = arrival.Remote, LocalEndPoint = arrival.Local };
        connection.Start();
        return connection;
    }

    /// <summary>A connection that nobody has read from yet.</summary>
    readonly record struct Arrival(int Fd, EndPoint? Remote, EndPoint? Local);
}

/// <summary><c>struct sockaddr</c> as Linux has it.</summary>
internal static class SocketAddresses
{
    const int Unix = 1;
    const int InterNetwork = 2;
    const int InterNetworkV6 = 10;

    internal static EndPoint? Read(ReadOnlySpan<byte> address)
    {
        if (address.Length < sizeof(ushort))
            return null;
        return MemoryMarshal.Read<ushort>(address) switch
        {
            InterNetwork when address.Length >= 8 => new IPEndPoint(new IPAddress(address.Slice(4, 4)), Port(address)),
            InterNetworkV6 when address.Length >= 28
                => new IPEndPoint(new IPAddress(address.Slice(8, 16), MemoryMarshal.Read<uint>(address[24..])), Port(address)),
            // A client's Unix socket has no name as a rule, and an end point cannot be without one.
            Unix => null,
            _ => null,
        };
    }

    static int Port(ReadOnlySpan<byte> address) => address[2] << 8 | address[3];
}
