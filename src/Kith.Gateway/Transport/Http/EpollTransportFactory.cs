using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kith.Gateway.Transport.Http;

/// <summary>
/// Kestrel's transport on Linux. As fast as its own; the reason for it is that an upgraded connection's socket can be taken out of it, with
/// nothing of the HTTP server left behind (<see cref="ISocketTakeover"/>).
/// </summary>
public sealed class EpollTransportFactory : IConnectionListenerFactory, IConnectionListenerFactorySelector, IDisposable
{
    readonly GatewayTransportOptions _options;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly IMemoryPoolFactory<byte> _pools;
    readonly Lazy<HttpLoop[]> _loops;

    public EpollTransportFactory(
        IOptions<GatewayTransportOptions> options, TimeProvider time, IMemoryPoolFactory<byte> pools, ILogger<EpollTransportFactory> logger)
    {
        _options = options.Value;
        _time = time;
        _pools = pools;
        _logger = logger;
        _loops = new(() => Enumerable.Range(0, _options.EffectiveHttpLoops).Select(index => new HttpLoop(index, logger)).ToArray());
    }

    /// <summary>IP and Unix sockets; a descriptor that was inherited is left to Kestrel's own transport.</summary>
    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint or UnixDomainSocketEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var socket = Listen(endpoint);
        var pool = _pools.Create(new MemoryPoolOptions { Owner = "kith" });
        return new(new EpollListener(socket, _loops.Value, pool, _options, _time, _logger));
    }

    Socket Listen(EndPoint endpoint)
    {
        var isUnix = endpoint is UnixDomainSocketEndPoint;
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            if (endpoint is IPEndPoint ip)
            {
                if (ip.Address.Equals(IPAddress.IPv6Any))
                    socket.DualMode = true;
                // Accepted sockets inherit these from the listening one.
                socket.NoDelay = true;
            }

            if (_options.SendBuffer > 0)
                socket.SendBufferSize = _options.SendBuffer;
            socket.Blocking = false;
            // On Linux this sets SO_REUSEADDR too, so that a restart does not wait for the former process's connections.
            socket.Bind(endpoint);
            socket.Listen(_options.Backlog);
            return socket;
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            throw new AddressInUseException(error.Message, error);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (!_loops.IsValueCreated)
            return;
        foreach (var loop in _loops.Value)
            loop.Dispose();
    }
}
