using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Kith.Baselines.Raw;

/// <summary>What the raw server understands of HTTP: <c>GET /?channel=ID</c> with an upgrade, and <c>POST /api/v10/channels/ID/messages</c>.</summary>
internal readonly record struct RawRequest(int Length, string Channel, string? UpgradeKey, NewMessage? Posted)
{
    /// <summary>False while the request is not whole.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out RawRequest request)
    {
        request = default;
        var headEnd = bytes.IndexOf("\r\n\r\n"u8);
        if (headEnd < 0) return false;
        var head = bytes[..headEnd];
        var length = headEnd + 4;
        if (Header(head, "Content-Length: "u8) is { Length: > 0 } digits && Utf8Parser.TryParse(digits, out int body, out _)) length += body;
        if (bytes.Length < length) return false;
        var target = head[(head.IndexOf((byte)' ') + 1)..];
        target = target[..target.IndexOf((byte)' ')];
        var key = Header(head, "Sec-WebSocket-Key: "u8);
        request = key.Length > 0
            ? new(length, After(target, "channel="u8), Encoding.ASCII.GetString(key), null)
            : new(length, After(target, "/channels/"u8), null, Message(head, bytes[(headEnd + 4)..length]));
        return true;
    }

    static NewMessage? Message(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body) =>
        head.StartsWith("POST "u8) ? JsonSerializer.Deserialize(body, ChatJson.Wire.NewMessage) : null;

    static ReadOnlySpan<byte> Header(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        var at = head.IndexOf(name);
        if (at < 0) return default;
        var value = head[(at + name.Length)..];
        var end = value.IndexOf((byte)'\r');
        return end < 0 ? value : value[..end];
    }

    static string After(ReadOnlySpan<byte> target, ReadOnlySpan<byte> marker)
    {
        var at = target.IndexOf(marker);
        if (at < 0) return "";
        var rest = target[(at + marker.Length)..];
        var end = rest.IndexOfAny((byte)'/', (byte)'&');
        return Encoding.ASCII.GetString(end < 0 ? rest : rest[..end]);
    }
}

internal static class RawResponses
{
    public static ReadOnlySpan<byte> NotFound => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"u8;

    public static byte[] Ok(ChatMessage message)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(message, ChatJson.Wire.ChatMessage);
        return [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];
    }

    public static byte[] Upgrade(string key)
    {
        // RFC 6455 section 4.2.2 prescribes SHA-1 and this GUID.
        var accept = Convert.ToBase64String(CryptographicOperations.HashData(HashAlgorithmName.SHA1, Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
        return Encoding.ASCII.GetBytes($"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n");
    }
}
