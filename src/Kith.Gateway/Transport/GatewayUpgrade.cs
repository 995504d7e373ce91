using System.Buffers;
using Kith.Gateway.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Kith.Gateway.Transport;

/// <summary>
/// What the HTTP transport offers where the socket can be taken from it: the connection is its own, in the clear, with nothing between the
/// socket and the HTTP parser.
/// </summary>
internal interface ISocketTakeover
{
    bool IsPossible { get; }

    /// <summary>Receives no more. What was received already can still be read, up to the end of the stream.</summary>
    void StopReceiving();

    /// <summary>
    /// Once the HTTP server has let go of the connection and all it wrote has left, the receiver gets the descriptor and owns it; -1 where
    /// the connection was aborted meanwhile.
    /// </summary>
    void HandOver(Action<int> receiver);
}

/// <summary>
/// The end of HTTP for a gateway connection: answers the handshake, and gives the connection to a loop. The socket itself where that can
/// be, else the upgraded stream behind the same surface.
/// </summary>
public sealed class GatewayUpgrade(GatewayTransport transport)
{
    // Far more than a client sends before it has read HELLO.
    const int MaxReadAhead = 64 * 1024;

    /// <summary>
    /// Accepts a WebSocket handshake, or answers with 400, 405 or 426 and a JSON error. Where the socket was taken this returns at once, and
    /// the request must end without writing anything; where a stream stands in for it, it returns when the connection has ended.
    /// </summary>
    /// <param name="context">The request; nothing of the response may have been sent.</param>
    /// <param name="handler">Hears of the connection from now on, first <see cref="IGatewayConnectionHandler.OnOpened"/>.</param>
    /// <param name="encoding">By the query's <c>compress</c>.</param>
    /// <param name="loop">Where the connection is to live; the least loaded if null.</param>
    /// <returns>Whether the handshake was accepted.</returns>
    public async Task<bool> Accept(HttpContext context, IGatewayConnectionHandler handler, PayloadEncoding encoding, GatewayLoop? loop = null)
    {
        var upgrade = context.Features.Get<IHttpUpgradeFeature>();
        var refusal = WebSocketHandshake.Check(context.Request);
        if (refusal is null && upgrade is not { IsUpgradableRequest: true })
            refusal = new(StatusCodes.Status400BadRequest, "This request cannot be upgraded to a WebSocket.");
        if (refusal is not null)
        {
            await Refuse(context, refusal);
            return false;
        }

        var headers = context.Response.Headers;
        headers.Upgrade = "websocket";
        headers.SecWebSocketAccept = WebSocketHandshake.AcceptKey(context.Request.Headers.SecWebSocketKey.ToString());
        loop ??= transport.LeastLoaded;
        loop.Reserve();
        var isAdmitted = false;
        try
        {
            var stream = await upgrade!.UpgradeAsync();
            if (context.Features.Get<ISocketTakeover>() is { IsPossible: true } takeover)
                isAdmitted = await TakeSocket(takeover, stream, loop, handler, encoding, context.RequestAborted);
            else
                isAdmitted = await UseStream(stream, loop, handler, encoding);
        }
        finally
        {
            if (!isAdmitted)
                loop.CancelReservation();
        }

        return true;
    }

    static async Task<bool> TakeSocket(
        ISocketTakeover takeover, Stream stream, GatewayLoop loop, IGatewayConnectionHandler handler, PayloadEncoding encoding,
        CancellationToken cancellationToken)
    {
        takeover.StopReceiving();
        if (await ReadToEnd(stream, cancellationToken) is not { } readAhead)
            return false;
        takeover.HandOver(fd =>
        {
            if (fd < 0)
                loop.CancelReservation();
            else
                loop.Post(new Opening(new GatewayConnection(loop, handler, encoding, fd, link: null), readAhead));
        });
        return true;
    }

    async Task<bool> UseStream(Stream stream, GatewayLoop loop, IGatewayConnectionHandler handler, PayloadEncoding encoding)
    {
        await using var link = new StreamLink(stream, transport.Time);
        loop.Post(new Opening(new GatewayConnection(loop, handler, encoding, fd: -1, link), []));
        await link.Ended;
        return true;
    }

    // Null for a client that has sent so much that it cannot be one of ours.
    static async Task<byte[]?> ReadToEnd(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MaxReadAhead);
        try
        {
            var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            return length == buffer.Length ? null : buffer.AsSpan(0, length).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static async Task Refuse(HttpContext context, HandshakeRefusal refusal)
    {
        var response = context.Response;
        response.StatusCode = refusal.Status;
        if (refusal.Status == StatusCodes.Status405MethodNotAllowed)
        {
            response.Headers.Allow = HttpMethods.Get;
        }
        else if (refusal.Status == StatusCodes.Status426UpgradeRequired)
        {
            response.Headers.Upgrade = "websocket";
            response.Headers.SecWebSocketVersion = WebSocketHandshake.Version;
        }

        response.ContentType = "application/json";
        await response.WriteAsync($"{{\"code\":0,\"message\":\"{refusal.Message}\"}}", context.RequestAborted);
    }

    sealed class Opening(GatewayConnection connection, byte[] readAhead) : ILoopWork
    {
        public void Run(GatewayLoop loop) => loop.Admit(connection, readAhead);
    }
}
