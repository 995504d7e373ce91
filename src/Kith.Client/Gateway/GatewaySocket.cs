using System.Net.WebSockets;
using System.Text.Json;
using Kith.Protocol;

namespace Kith.Client;

/// <summary>One connection to the gateway: payloads in and out. One reader; any number of senders.</summary>
sealed class GatewaySocket(bool compressed) : IDisposable
{
    /// <summary>The gateway takes no more per payload.</summary>
    const int MaxOutbound = 4096;

    readonly ClientWebSocket socket = new() { Options = { KeepAliveInterval = TimeSpan.Zero } };
    readonly SemaphoreSlim sending = new(1, 1);
    readonly ZlibStreamInflater? inflater = compressed ? new ZlibStreamInflater() : null;
    readonly byte[] buffer = new byte[16 * 1024];
    Task<WebSocketReceiveResult> receiving = Task.FromResult(new WebSocketReceiveResult(0, WebSocketMessageType.Text, endOfMessage: true));

    /// <summary>1006 where the connection ended without a close frame.</summary>
    public int CloseCode => (int?)socket.CloseStatus ?? 1006;

    public string CloseReason => socket.CloseStatusDescription ?? "";

    public Task ConnectAsync(Uri gateway, string userAgent, CancellationToken ct)
    {
        socket.Options.SetRequestHeader("User-Agent", userAgent);
        var query = $"v=10&encoding=json{(compressed ? "&compress=zlib-stream" : "")}";
        return socket.ConnectAsync(new UriBuilder(gateway) { Query = query }.Uri, ct);
    }

    /// <summary>The next payload; null once the connection has ended, whoever ended it. Cancelling leaves the connection open, for <see cref="CloseAsync"/>.</summary>
    public async Task<GatewayPayload?> ReadAsync(CancellationToken ct)
    {
        using var message = new MemoryStream();
        while (true)
        {
            if (await ReceiveAsync(ct) is not { MessageType: not WebSocketMessageType.Close } part) return null;
            message.Write(buffer, 0, part.Count);
            if (!part.EndOfMessage) continue;
            var text = part.MessageType == WebSocketMessageType.Binary && inflater is not null ? inflater.Inflate(message.ToArray()) : message.ToArray();
            return JsonSerializer.Deserialize<GatewayPayload>(text, GatewayEvents.Options);
        }
    }

    /// <summary>Null where the connection broke. The WebSocket's own cancellation would break it as well, so that no close code could be sent.</summary>
    async Task<WebSocketReceiveResult?> ReceiveAsync(CancellationToken ct)
    {
        try
        {
            receiving = socket.ReceiveAsync(new ArraySegment<byte>(buffer), CancellationToken.None);
            return await receiving.WaitAsync(ct);
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>False where the connection has ended.</summary>
    public async Task<bool> SendAsync(GatewayOpcode op, object? data, CancellationToken ct)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(new { op, d = data }, Wire.Options);
        if (payload.Length > MaxOutbound)
            throw new ArgumentException($"A payload of {payload.Length} bytes is over the gateway's {MaxOutbound}.", nameof(data));
        await sending.WaitAsync(ct);
        try
        {
            await socket.SendAsync(payload, WebSocketMessageType.Text, endOfMessage: true, ct);
            return true;
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The reader learns the same and says why.
            return false;
        }
        finally
        {
            sending.Release();
        }
    }

    /// <summary>Says goodbye and waits for the answer, no longer than a moment.</summary>
    public async Task CloseAsync(int code)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived)) return;
            await socket.CloseOutputAsync((WebSocketCloseStatus)code, statusDescription: null, patience.Token);
            if (!receiving.IsCompleted) await receiving.WaitAsync(patience.Token);
            while (socket.State == WebSocketState.CloseSent && await ReceiveAsync(patience.Token) is not null)
            {
                // What was under way when this side closed.
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            socket.Abort();
        }
    }

    /// <summary>Ends a connection that answers no more.</summary>
    public void Abort() => socket.Abort();

    public void Dispose()
    {
        socket.Dispose();
        inflater?.Dispose();
    }
}
