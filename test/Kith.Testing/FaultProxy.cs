using System.Net;
using System.Net.Sockets;

namespace Kith.Testing;

/// <summary>
/// A TCP proxy in front of the server whose links a test cuts, slows or stops. One proxy may carry any number of connections; a fault applies to all that
/// are open, and delays and stops to later ones as well.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly Uri target;
    readonly Lock gate = new();
    readonly HashSet<Link> links = [];
    readonly CancellationTokenSource ending = new();
    readonly Task accepting;
    volatile TaskCompletionSource? stopped;
    volatile bool refusing;
    TimeSpan delay;
    int accepted;

    public FaultProxy(Uri target)
    {
        this.target = target;
        listener.Start();
        Address = new UriBuilder(target) { Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port }.Uri;
        accepting = Task.Run(Accept);
    }

    public Uri Address { get; }

    /// <summary>Connections taken so far.</summary>
    public int Accepted => Volatile.Read(ref accepted);

    /// <summary>Added to each piece of data, in both directions. Order is kept.</summary>
    public TimeSpan Delay
    {
        get
        {
            lock (gate) return delay;
        }

        set
        {
            lock (gate) delay = value;
        }
    }

    /// <summary>Closes new connections at once, as a server that is away.</summary>
    public bool Refusing
    {
        get => refusing;
        set => refusing = value;
    }

    /// <summary>Resets every open connection at both ends: no FIN, no close frame.</summary>
    public int Cut()
    {
        Link[] open;
        lock (gate) open = [.. links];
        foreach (var link in open)
            link.Reset();
        return open.Length;
    }

    /// <summary>Data stops flowing, without any end noticing: a pulled cable.</summary>
    public void Hang() => stopped ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was held back flows on.</summary>
    public void Release()
    {
        var was = stopped;
        stopped = null;
        was?.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Stop();
        Release();
        Cut();
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
                Interlocked.Increment(ref accepted);
                if (refusing) new Link(client, client).Reset();
                else _ = Task.Run(() => Serve(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException && ending.IsCancellationRequested)
        {
            // The proxy ends.
        }
    }

    async Task Serve(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        var link = new Link(client, server);
        lock (gate) links.Add(link);
        try
        {
            await server.ConnectAsync(target.Host, target.Port, ending.Token);
            await Task.WhenAll(Pump(client, server), Pump(server, client));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One end went away, or a test cut the link; the other end learns it the same way.
        }
        finally
        {
            link.Reset();
            lock (gate) links.Remove(link);
        }
    }

    async Task Pump(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer, ending.Token) is > 0 and var length)
        {
            if (Delay is { Ticks: > 0 } wait) await Task.Delay(wait, ending.Token);
            if (stopped is { } held) await held.Task;
            for (var sent = 0; sent < length;)
                sent += await to.SendAsync(buffer.AsMemory(sent, length - sent), ending.Token);
        }

        to.Shutdown(SocketShutdown.Send);
    }

    sealed record Link(Socket Client, Socket Server)
    {
        public void Reset()
        {
            // Lingering for zero seconds makes the close a reset.
            foreach (var socket in (Socket[])[Client, Server])
                socket.Close(timeout: 0);
        }
    }
}
