namespace Kith.Gateway.Transport;

/// <summary>
/// What a connection tells its owner, always on the thread of the connection's loop, so that nothing here needs a lock and nothing here may
/// block. An exception closes the connection with 4000. One instance may serve any number of connections; a connection may be given
/// another handler at any time (<see cref="GatewayConnection.Handler"/>).
/// </summary>
public interface IGatewayConnectionHandler
{
    /// <summary>The handshake is answered and the connection belongs to its loop; also after a <see cref="GatewayConnection.MoveTo"/>.</summary>
    void OnOpened(GatewayConnection connection);

    /// <param name="connection">The connection.</param>
    /// <param name="payload">One whole message, at most 4,096 bytes, valid UTF-8 if it came as text. Valid during the call only.</param>
    void OnPayload(GatewayConnection connection, ReadOnlySpan<byte> payload);

    /// <summary>What <see cref="GatewayConnection.SetDeadline"/> asked for has come; it is unset now.</summary>
    void OnDeadline(GatewayConnection connection);

    /// <summary>
    /// The client does not read as fast as events come, and more waits than it may. Close the connection with a code that lets it
    /// resume; one that is left open is closed with 4000.
    /// </summary>
    void OnOverflow(GatewayConnection connection);

    /// <summary>
    /// Once, however the connection ends; nothing is received from it or can be sent to it any more, and its <see cref="EventRing"/> has been
    /// detached. After a <see cref="GatewayConnection.Close"/> it comes before that call returns.
    /// </summary>
    void OnClosed(GatewayConnection connection, ConnectionClose close);

    /// <summary>Asked for by <see cref="GatewayConnection.NotifyWhenFlushed"/>: the kernel has taken everything that waited.</summary>
    void OnFlushed(GatewayConnection connection)
    {
    }
}

public enum ConnectionEnd
{
    /// <summary>The server closed it, with <see cref="ConnectionClose.Code"/>.</summary>
    Server,

    /// <summary>The client sent a close frame with <see cref="ConnectionClose.Code"/>, 1005 for none.</summary>
    Client,

    /// <summary>The client broke the protocol; it was closed with <see cref="ConnectionClose.Code"/> (1002, 1007, or 4002 for a payload too large).</summary>
    Violation,

    /// <summary>It ended without a close frame: end of stream, reset, network error. The code is 1006.</summary>
    Lost,

    /// <summary>The server is going down. The code is 1006.</summary>
    Stopped,
}

/// <summary>Why a connection ended.</summary>
public readonly record struct ConnectionClose(ConnectionEnd End, int Code);
