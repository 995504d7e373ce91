using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Kith.Protocol;
using Xunit;

namespace Kith.Testing;

/// <summary>One frame as it came from the server.</summary>
public sealed record RawFrame(bool Final, int Opcode, byte[] Payload)
{
    public const int Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10;

    public int CloseCode => Opcode == Close && Payload.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(Payload) : 1005;
}

/// <summary>A gateway connection below the level of a WebSocket library: for frames that no library sends.</summary>
public sealed class RawGateway : IAsyncDisposable
{
    static readonly byte[] Mask = [0x37, 0xfa, 0x21, 0x3d];

    readonly TcpClient tcp;
    readonly NetworkStream stream;
    readonly CancellationTokenSource timeout = new(Deadline.Default);

    RawGateway(TcpClient tcp) => (this.tcp, stream) = (tcp, tcp.GetStream());

    /// <summary>The server's answer to the handshake, head only.</summary>
    public string Handshake { get; private set; } = "";

    /// <summary>Opens the connection and sends bytes as they are, without reading anything.</summary>
    public static async Task<RawGateway> Open(Uri address)
    {
        var connection = new TcpClient { NoDelay = true };
        await connection.ConnectAsync(address.Host, address.Port);
        return new RawGateway(connection);
    }

    /// <summary>Opens the connection, upgrades it, and leaves HELLO to be read.</summary>
    public static async Task<RawGateway> Connect(Uri address, string target = "/?v=10&encoding=json", string extraHeaders = "")
    {
        var gateway = await Open(address);
        await gateway.Upgrade(address, target, extraHeaders);
        Assert.StartsWith("HTTP/1.1 101 ", gateway.Handshake, StringComparison.Ordinal);
        return gateway;
    }

    /// <summary>Sends the handshake and reads the answer's head, whatever its status.</summary>
    public async Task Upgrade(Uri address, string target, string extraHeaders = "")
    {
        await SendBytes(Encoding.ASCII.GetBytes(
            $"GET {target} HTTP/1.1\r\nHost: {address.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + $"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{extraHeaders}\r\n"));
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            head.Append((char)(await ReadBytes(1))[0]);
        Handshake = head.ToString();
    }

    public async Task SendBytes(ReadOnlyMemory<byte> bytes) => await stream.WriteAsync(bytes, timeout.Token);

    public Task SendText(string text) => SendFrame(RawFrame.Text, Encoding.UTF8.GetBytes(text));

    public Task Send(GatewayOpcode op, object? data) => SendText(JsonSerializer.Serialize(new { op, d = data }, Wire.Options));

    public async Task SendFrame(int opcode, byte[] payload, bool final = true, bool masked = true, int reserved = 0) =>
        await SendBytes(Frame(opcode, payload, final, masked, reserved));

    /// <summary>A frame's bytes, to be sent in pieces or several in one piece.</summary>
    /// <param name="reserved">The three reserved bits, as the number 0 to 7.</param>
    public static byte[] Frame(int opcode, byte[] payload, bool final = true, bool masked = true, int reserved = 0)
    {
        using var frame = new MemoryStream();
        frame.WriteByte((byte)((final ? 0x80 : 0) | (reserved << 4) | opcode));
        var maskBit = masked ? 0x80 : 0;
        if (payload.Length < 126)
        {
            frame.WriteByte((byte)(maskBit | payload.Length));
        }
        else if (payload.Length <= ushort.MaxValue)
        {
            frame.Write([(byte)(maskBit | 126), (byte)(payload.Length >> 8), (byte)payload.Length]);
        }
        else
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64BigEndian(length, payload.Length);
            frame.WriteByte((byte)(maskBit | 127));
            frame.Write(length);
        }

        if (masked) frame.Write(Mask);
        frame.Write(masked ? [.. payload.Select((b, i) => (byte)(b ^ Mask[i % 4]))] : payload);
        return frame.ToArray();
    }

    /// <summary>The next frame; null where the connection ended instead.</summary>
    public async Task<RawFrame?> ReadFrame()
    {
        try
        {
            var head = await ReadBytes(2);
            // A server masks nothing.
            Assert.Equal(0, head[1] & 0x80);
            long length = head[1] & 0x7f;
            if (length == 126) length = BinaryPrimitives.ReadUInt16BigEndian(await ReadBytes(2));
            else if (length == 127) length = BinaryPrimitives.ReadInt64BigEndian(await ReadBytes(8));
            return new RawFrame((head[0] & 0x80) != 0, head[0] & 0x0f, await ReadBytes((int)length));
        }
        catch (Exception e) when (e is EndOfStreamException or IOException)
        {
            return null;
        }
    }

    /// <summary>Reads past everything else until the server's close frame; fails where the connection ends without one.</summary>
    public async Task<int> ReadCloseCode()
    {
        while (await ReadFrame() is { } frame)
        {
            if (frame.Opcode == RawFrame.Close) return frame.CloseCode;
        }

        Assert.Fail("The connection ended without a close frame.");
        return 0;
    }

    /// <summary>Reads text frames until one's payload satisfies.</summary>
    public async Task<JsonElement> ReadUntil(Func<JsonElement, bool> satisfied)
    {
        while (await ReadFrame() is { } frame)
        {
            if (frame.Opcode == RawFrame.Close) Assert.Fail($"The gateway closed with {frame.CloseCode}.");
            if (frame.Opcode == RawFrame.Text && JsonDocument.Parse(frame.Payload).RootElement is var json && satisfied(json)) return json;
        }

        Assert.Fail("The connection ended.");
        return default;
    }

    public ValueTask DisposeAsync()
    {
        tcp.Dispose();
        timeout.Dispose();
        return default;
    }

    async Task<byte[]> ReadBytes(int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, timeout.Token);
        return bytes;
    }
}
