using System.Buffers;
using System.Diagnostics;

namespace Kith.Gateway.Transport;

/// <summary>
/// Stands in for the socket where the gateway cannot have it: TLS that Kestrel terminates, another system than Linux, a test server. One
/// piece is on its way in each direction at most. <see cref="Send"/>, <see cref="Begin"/>, <see cref="ShutdownWrite"/> and
/// <see cref="Close"/> belong to the loop's thread.
/// </summary>
internal sealed class StreamLink : IAsyncDisposable
{
    const int ReadBufferSize = 4096;
    const int WriteBufferSize = 16 * 1024;

    // For the close frame of a client that does not read.
    static readonly TimeSpan LastWriteTimeout = TimeSpan.FromSeconds(5);

    readonly Stream _stream;
    readonly TimeProvider _time;
    readonly CancellationTokenSource _closed = new();
    readonly SemaphoreSlim _consumed = new(0, 1);
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    GatewayConnection? _connection;
    Task _reading = Task.CompletedTask;
    Task _lastWrite = Task.CompletedTask;
    bool _writing;
    bool _broken;
    bool _isClosed;

    internal StreamLink(Stream stream, TimeProvider time)
    {
        _stream = stream;
        _time = time;
    }

    /// <summary>Completes once the gateway has no more use for the stream.</summary>
    internal Task Ended => _ended.Task;

    /// <summary>The connection has come to a loop; the first time, the reading begins.</summary>
    internal void Begin(GatewayConnection connection)
    {
        if (_connection is not null)
            return;
        _connection = connection;
        _reading = ReadToEnd();
    }

    /// <summary>Takes what it can; 0 as long as the former piece has not been written, -1 when nothing can be any more.</summary>
    internal int Send(OutboundBatch batch)
    {
        if (_broken)
            return -1;
        if (_writing)
            return 0;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(batch.Length, WriteBufferSize));
        var length = batch.CopyTo(buffer);
        _writing = true;
        _lastWrite = Write(buffer, length);
        return length;
    }

    /// <summary>Ends the stream after what was sent; the connection hears of the end from its reading.</summary>
    internal void ShutdownWrite() => _ = Finish();

    internal void Close()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _ = Finish();
    }

    /// <summary>After <see cref="Ended"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _reading;
        await _lastWrite;
        _closed.Dispose();
        _consumed.Dispose();
    }

    async Task Finish()
    {
        // A close frame may be on its way still.
        await Task.WhenAny(_lastWrite, Task.Delay(LastWriteTimeout, _time));
        _ended.TrySetResult();
    }

    async Task ReadToEnd()
    {
        var posted = new Received(this);
        try
        {
            while (true)
            {
                // No buffer is held until there is something to put into it.
                var none = await _stream.ReadAsync(Memory<byte>.Empty, _closed.Token);
                Debug.Assert(none == 0);
                var buffer = ArrayPool<byte>.Shared.Rent(ReadBufferSize);
                var length = await _stream.ReadAsync(buffer, _closed.Token);
                posted.Buffer = buffer;
                posted.Length = length;
                _connection!.Loop.Post(posted);
                if (length == 0)
                    return;
                await _consumed.WaitAsync(_closed.Token);
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            posted.Buffer = [];
            posted.Length = 0;
            _connection!.Loop.Post(posted);
        }
    }

    async Task Write(byte[] buffer, int length)
    {
        var broken = false;
        try
        {
            await _stream.WriteAsync(buffer.AsMemory(0, length), _closed.Token);
            await _stream.FlushAsync(_closed.Token);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            broken = true;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        _connection!.Loop.Post(new Written(this, broken));
    }

    void OnWritten(GatewayLoop loop, bool broken)
    {
        _writing = false;
        _broken |= broken;
        if (!_isClosed)
            loop.MarkDirty(_connection!);
    }

    void OnReceived(GatewayLoop loop, byte[] buffer, int length)
    {
        if (!_isClosed && _connection!.Phase != ConnectionPhase.Closed)
            loop.Receive(_connection, buffer.AsSpan(0, length));
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
        if (length > 0 && !_isClosed)
            _consumed.Release();
    }

    // The connection may have moved to another loop since the work was posted: then it goes after it.
    sealed class Received(StreamLink link) : ILoopWork
    {
        internal byte[] Buffer = [];
        internal int Length;

        public void Run(GatewayLoop loop)
        {
            if (link._connection!.Loop == loop)
                link.OnReceived(loop, Buffer, Length);
            else
                link._connection.Loop.Post(this);
        }
    }

    sealed class Written(StreamLink link, bool broken) : ILoopWork
    {
        public void Run(GatewayLoop loop)
        {
            if (link._connection!.Loop == loop)
                link.OnWritten(loop, broken);
            else
                link._connection.Loop.Post(this);
        }
    }
}
