using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Kith.Testing;

namespace Kith.Gateway.Tests.Transport;

/// <summary>A WebSocket client by hand, for what a well-behaved one cannot send.</summary>
sealed class RawClient : IAsyncDisposable
{
    public const string Key = "dGhlIHNhbXBsZSBub25jZQ==";

    readonly Socket _socket;
    readonly NetworkStream _network;
    readonly BufferedStream _stream;

    RawClient(Socket socket)
    {
        _socket = socket;
        _network = new NetworkStream(socket, ownsSocket: true);
        _stream = new BufferedStream(_network, 64 * 1024);
    }

    public Socket Socket => _socket;

    public static async Task<RawClient> Connect(int port, Action<Socket>? configure = null, IPAddress? address = null)
    {
        address ??= IPAddress.Loopback;
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        configure?.Invoke(socket);
        await socket.ConnectAsync(new IPEndPoint(address, port));
        return new RawClient(socket);
    }

    public static async Task<RawClient> Upgrade(int port, string target = "/", Action<Socket>? configure = null)
    {
        var client = await Connect(port, configure);
        await client.Send(Handshake(target));
        Assert.StartsWith("HTTP/1.1 101 ", await client.ReadHead());
        return client;
    }

    public static string Handshake(string target = "/", string version = "13", string key = Key)
        => $"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: {version}\r\nSec-WebSocket-Key: {key}\r\n\r\n";

    public static byte[] Text(string text) => Frame(0x81, Encoding.UTF8.GetBytes(text));

    /// <param name="first">FIN, reserved bits and opcode.</param>
    /// <param name="payload">In the clear.</param>
    /// <param name="mask">Four bytes, or null for an unmasked frame.</param>
    public static byte[] Frame(byte first, ReadOnlySpan<byte> payload, uint? mask = 0x0a1b_2c3d)
    {
        var frame = new List<byte> { first };
        var flag = mask is null ? 0 : 0x80;
        Span<byte> wide = stackalloc byte[8];
        switch (payload.Length)
        {
            case <= 125:
                frame.Add((byte)(flag | payload.Length));
                break;
            case <= ushort.MaxValue:
                frame.Add((byte)(flag | 126));
                BinaryPrimitives.WriteUInt16BigEndian(wide, (ushort)payload.Length);
                frame.AddRange(wide[..2]);
                break;
            default:
                frame.Add((byte)(flag | 127));
                BinaryPrimitives.WriteInt64BigEndian(wide, payload.Length);
                frame.AddRange(wide);
                break;
        }

        if (mask is not { } key)
        {
            frame.AddRange(payload);
            return [.. frame];
        }

        BinaryPrimitives.WriteUInt32BigEndian(wide, key);
        frame.AddRange(wide[..4]);
        for (var i = 0; i < payload.Length; i++)
            frame.Add((byte)(payload[i] ^ wide[i & 3]));
        return [.. frame];
    }

    public Task Send(string text) => Send(Encoding.ASCII.GetBytes(text));

    public async Task Send(byte[] bytes) => await _network.WriteAsync(bytes);

    /// <summary>A response's status line and headers.</summary>
    public async Task<string> ReadHead()
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            head.Append((char)(await ReadExactly(1))[0]);
        return head.ToString();
    }

    /// <summary>A response with a Content-Length or in chunks.</summary>
    public async Task<(string Head, byte[] Body)> ReadResponse()
    {
        var head = await ReadHead();
        if (!head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
        {
            var length = head.Split("\r\n").Single(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))[15..];
            return (head, await ReadExactly(int.Parse(length)));
        }

        var body = new List<byte>();
        while (true)
        {
            var size = Convert.ToInt32((await ReadLine()).TrimEnd(), 16);
            body.AddRange(await ReadExactly(size));
            await ReadExactly(2);
            if (size == 0)
                return (head, [.. body]);
        }
    }

    async Task<string> ReadLine()
    {
        var line = new StringBuilder();
        while (line.Length == 0 || line[^1] != '\n')
            line.Append((char)(await ReadExactly(1))[0]);
        return line.ToString();
    }

    public async Task<byte[]> ReadExactly(int count)
    {
        var bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes).AsTask().WaitAsync(Deadline.Default);
        return bytes;
    }

    public async Task<(int Opcode, byte[] Payload)> ReadFrame()
    {
        var head = await ReadExactly(2);
        Assert.Equal(0x80, head[0] & 0xf0);
        var length = head[1] switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(await ReadExactly(2)),
            127 => (int)BinaryPrimitives.ReadInt64BigEndian(await ReadExactly(8)),
            var small => small,
        };
        return (head[0] & 0x0f, await ReadExactly(length));
    }

    public async Task<string> ReadText()
    {
        var (opcode, payload) = await ReadFrame();
        Assert.Equal(1, opcode);
        return Encoding.UTF8.GetString(payload);
    }

    public async Task<int> ReadClose()
    {
        var (opcode, payload) = await ReadFrame();
        Assert.Equal(8, opcode);
        return payload.Length == 0 ? 1005 : BinaryPrimitives.ReadUInt16BigEndian(payload);
    }

    /// <summary>True at the end of the stream, or where the connection was reset.</summary>
    public async Task<bool> IsAtEnd()
    {
        try
        {
            return await _stream.ReadAsync(new byte[1]).AsTask().WaitAsync(Deadline.Default) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    // Not the buffer, which would wait for a read that will not end.
    public ValueTask DisposeAsync() => _network.DisposeAsync();
}
