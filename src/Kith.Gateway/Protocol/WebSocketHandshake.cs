using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Kith.Gateway.Protocol;

/// <summary>Why a request is not a WebSocket handshake, with what to answer.</summary>
/// <param name="Status">426 where the client should ask for an upgrade or another version, 405 for another method than GET, else 400.</param>
/// <param name="Message">For the developer of the client.</param>
internal sealed record HandshakeRefusal(int Status, string Message);

/// <summary>The HTTP side of RFC 6455, 4.2.</summary>
internal static class WebSocketHandshake
{
    internal const string Version = "13";

    // 16 bytes in base64.
    const int KeyLength = 24;

    static ReadOnlySpan<byte> Guid => "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8;

    /// <summary>Null for a handshake that can be accepted.</summary>
    internal static HandshakeRefusal? Check(HttpRequest request)
    {
        if (!HttpMethods.IsGet(request.Method))
            return new(StatusCodes.Status405MethodNotAllowed, "A WebSocket handshake is a GET request.");
        var headers = request.Headers;
        if (!HasToken(headers.Upgrade, "websocket") || !HasToken(headers.Connection, "upgrade"))
            return new(StatusCodes.Status426UpgradeRequired, "This is a WebSocket endpoint: send Connection: Upgrade and Upgrade: websocket.");
        if (!string.Equals(request.Protocol, HttpProtocol.Http11, StringComparison.OrdinalIgnoreCase))
            return new(StatusCodes.Status400BadRequest, "A WebSocket handshake is an HTTP/1.1 request.");
        if (headers.SecWebSocketVersion != Version)
            return new(StatusCodes.Status426UpgradeRequired, "The only Sec-WebSocket-Version here is 13.");
        return IsKey(headers.SecWebSocketKey)
            ? null
            : new(StatusCodes.Status400BadRequest, "Sec-WebSocket-Key must be 16 bytes in base64.");
    }

    /// <summary>The value of Sec-WebSocket-Accept for a key.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "RFC 6455 names SHA-1; nothing is kept secret by it.")]
    internal static string AcceptKey(string key)
    {
        Span<byte> text = stackalloc byte[KeyLength + Guid.Length];
        Encoding.ASCII.GetBytes(key, text);
        Guid.CopyTo(text[KeyLength..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(text, hash);
        return Convert.ToBase64String(hash);
    }

    static bool IsKey(StringValues key) => key is [{ Length: KeyLength } value] && Base64.IsValid(value, out var length) && length == 16;

    static bool HasToken(StringValues header, string token)
    {
        foreach (var value in header)
        {
            foreach (var part in (value ?? "").AsSpan().Split(','))
            {
                if (value.AsSpan()[part].Trim().Equals(token, StringComparison.OrdinalIgnoreCase))
                    return true;
            }
        }

        return false;
    }
}
