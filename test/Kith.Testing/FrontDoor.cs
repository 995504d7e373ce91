using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kith.Testing;

/// <summary>
/// What nginx is to a deployment: one address for all nodes of a cluster. A connection that asks for a WebSocket goes to a gateway, any other to an api node, in turn; a node that
/// does not take it is passed over.
/// </summary>
public sealed class FrontDoor : IAsyncDisposable
{
    const int MaxHead = 64 * 1024;

    static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(2);

    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource ending = new();
    readonly Func<bool, IReadOnlyList<Uri>> targets;
    readonly Task accepting;
    int turn;

    /// <param name="targets">The gateways (true) or the api nodes (false) as they are now.</param>
    public FrontDoor(Func<bool, IReadOnlyList<Uri>> targets)
    {
        this.targets = targets;
        listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        accepting = Task.Run(Accept);
    }

    public Uri Address { get; }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Stop();
        await accepting;
        ending.Dispose();
    }

    async Task Accept()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync(ending.Token);
                _ = Task.Run(() => Serve(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException && ending.IsCancellationRequested)
        {
            // The door closes.
        }
    }

    async Task Serve(Socket client)
    {
        using (client)
        {
            try
            {
                var head = await ReadHead(client);
                using var server = await Connect(Encoding.ASCII.GetString(head).Contains("\r\nupgrade: websocket", StringComparison.OrdinalIgnoreCase));
                if (server is null) return;
                await server.SendAsync(head, ending.Token);
                var (up, down) = (Pump(client, server), Pump(server, client));
                if (await Task.WhenAny(up, down) == down) return;
                // The client has gone; or the server reads no more of what it refuses, and has yet to say so.
                server.Shutdown(SocketShutdown.Send);
                await Task.WhenAny(down, Task.Delay(LastPatience, ending.Token));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // One end went away; the other learns it as this returns.
            }
        }
    }

    async Task<byte[]> ReadHead(Socket client)
    {
        var buffer = new byte[MaxHead];
        for (var length = 0; length < buffer.Length;)
        {
            var received = await client.ReceiveAsync(buffer.AsMemory(length), ending.Token);
            length += received;
            if (received == 0 || buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) >= 0) return buffer[..length];
        }

        return buffer;
    }

    /// <summary>Null where no node takes it.</summary>
    async Task<Socket?> Connect(bool gateway)
    {
        var nodes = targets(gateway);
        var first = Interlocked.Increment(ref turn);
        for (var i = 0; i < nodes.Count; i++)
        {
            var node = nodes[(int)((uint)(first + i) % nodes.Count)];
            var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await server.ConnectAsync(node.Host, node.Port, ending.Token);
                return server;
            }
            catch (SocketException)
            {
                server.Dispose();
            }
        }

        return null;
    }

    async Task Pump(Socket from, Socket to)
    {
        try
        {
            from.NoDelay = true;
            var buffer = new byte[64 * 1024];
            while (await from.ReceiveAsync(buffer, ending.Token) is > 0 and var length)
            {
                for (var sent = 0; sent < length;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, length - sent), ending.Token);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // As above.
        }
    }
}
