using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Kith.Baselines.Raw;

/// <param name="Port">0 takes a free one.</param>
/// <param name="Coalesce">What waits for one connection leaves in one write.</param>
/// <param name="Sweepers">Threads that write events out.</param>
internal sealed record RawServerOptions(int Port, bool Coalesce, int Sweepers);

/// <summary>
/// The floor that Kith's gateway is measured against: no HTTP stack, no sessions, no store; an event is framed once and every connection of the
/// channel is sent the same bytes from the same memory.
/// </summary>
internal sealed class RawServer : IDisposable
{
    readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    readonly ConcurrentDictionary<string, RawChannel> _channels = new(StringComparer.Ordinal);
    readonly MessageFactory _messages;
    readonly Sweeper[] _sweepers;
    readonly bool _coalesce;

    public RawServer(RawServerOptions options, TimeProvider time)
    {
        _messages = new(time);
        _coalesce = options.Coalesce;
        _sweepers = [.. Enumerable.Range(0, Math.Max(1, options.Sweepers)).Select(_ => new Sweeper())];
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, options.Port));
        _listener.Listen(4096);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public RawChannel Channel(string id) => _channels.GetOrAdd(id, static (id, server) => new(id, server._sweepers, server._coalesce), this);

    public ChatMessage Publish(string channel, NewMessage posted) => Channel(channel).Publish(posted, _messages);

    public async Task Serve(CancellationToken cancel)
    {
        try
        {
            while (true) new RawConnection(await _listener.AcceptAsync(cancel), this).ReceiveUntilIdle();
        }
        catch (OperationCanceledException)
        {
            // The way to stop.
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var sweeper in _sweepers) sweeper.Dispose();
    }
}
