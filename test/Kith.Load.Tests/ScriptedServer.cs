using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kith.Load.Tests;

/// <summary>A WebSocket server on a real socket that says exactly what a test tells it to: also what a good server never would.</summary>
internal sealed class ScriptedServer : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ScriptedServer() => _listener.Start();

    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndpoint;

    public async Task<ScriptedConnection> Accept(CancellationToken cancel)
    {
        var client = await _listener.AcceptTcpClientAsync(cancel);
        client.NoDelay = true;
        var stream = client.GetStream();
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, cancel);
            head.Append((char)one[0]);
        }

        var key = head.ToString().Split("\r\n").Single(line => line.StartsWith("Sec-WebSocket-Key: ", StringComparison.Ordinal))["Sec-WebSocket-Key: ".Length..];
        var accept = Convert.ToBase64String(System.Security.Cryptography.CryptographicOperations.HashData(
            System.Security.Cryptography.HashAlgorithmName.SHA1, Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"), cancel);
        return new(client, stream);
    }

    public void Dispose() => _listener.Dispose();
}

internal sealed class ScriptedConnection(TcpClient client, NetworkStream stream) : IDisposable
{
    public Task Say(string text, CancellationToken cancel) => SayBytes(Frame(0x81, text), cancel);

    public async Task SayBytes(ReadOnlyMemory<byte> bytes, CancellationToken cancel) => await stream.WriteAsync(bytes, cancel);

    /// <summary>The next frame's text, unmasked.</summary>
    public async Task<string> Hear(CancellationToken cancel)
    {
        var header = new byte[2];
        await stream.ReadExactlyAsync(header, cancel);
        Assert.True((header[1] & 0x80) != 0, "A client must mask.");
        int length = header[1] & 0x7f;
        if (length == 126)
        {
            var longer = new byte[2];
            await stream.ReadExactlyAsync(longer, cancel);
            length = BinaryPrimitives.ReadUInt16BigEndian(longer);
        }

        var mask = new byte[4];
        await stream.ReadExactlyAsync(mask, cancel);
        var payload = new byte[length];
        await stream.ReadExactlyAsync(payload, cancel);
        return Encoding.UTF8.GetString([.. payload.Select((b, i) => (byte)(b ^ mask[i & 3]))]);
    }

    public static byte[] Frame(byte first, string text)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        return payload.Length < 126 ? [first, (byte)payload.Length, .. payload] : [first, 126, (byte)(payload.Length >> 8), (byte)payload.Length, .. payload];
    }

    public void Dispose()
    {
        stream.Dispose();
        client.Dispose();
    }
}
