using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Kith.Gateway.Transport;
using Kith.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Kith.Gateway.Tests.Transport;

/// <summary>HTTP over our listener, as any client or proxy may speak it.</summary>
public sealed class HttpTransportTests
{
    static readonly ScriptedHandler Unused = new();

    [Fact]
    public async Task Requests_share_a_connection_that_is_kept_alive()
    {
        await using var host = await TransportHost.Start(Unused);
        await using var client = await RawClient.Connect(host.Port);
        for (var i = 0; i < 20; i++)
        {
            await client.Send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
            var (head, body) = await client.ReadResponse();
            Assert.StartsWith("HTTP/1.1 200 ", head);
            Assert.Equal("hello", Encoding.ASCII.GetString(body));
        }
    }

    [Fact]
    public async Task Pipelined_requests_are_answered_in_order()
    {
        await using var host = await TransportHost.Start(Unused);
        await using var client = await RawClient.Connect(host.Port);
        await client.Send(string.Concat(Enumerable.Range(1, 100).Select(n => $"GET /bytes/{n} HTTP/1.1\r\nHost: x\r\n\r\n")));
        for (var n = 1; n <= 100; n++)
            Assert.Equal(TransportHost.Pattern(n), (await client.ReadResponse()).Body);
    }

    [Fact]
    public async Task A_request_that_comes_byte_by_byte_is_understood()
    {
        await using var host = await TransportHost.Start(Unused);
        await using var client = await RawClient.Connect(host.Port);
        foreach (var value in "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray())
            await client.Send([value]);
        Assert.Equal("hello", Encoding.ASCII.GetString((await client.ReadResponse()).Body));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(70_000)]
    [InlineData(20_000_000)]
    public async Task Large_bodies_arrive_whole_both_ways(int size)
    {
        await using var host = await TransportHost.Start(Unused);
        using var client = new HttpClient { BaseAddress = new Uri($"http://localhost:{host.Port}") };
        var bytes = TransportHost.Pattern(size);
        using var reply = await client.PostAsync("/sum", new ByteArrayContent(bytes));
        Assert.Equal(Convert.ToHexString(SHA256.HashData(bytes)), await reply.Content.ReadAsStringAsync());
        Assert.Equal(bytes, await client.GetByteArrayAsync($"/bytes/{size}"));
    }

    [Fact]
    public async Task A_slow_reader_of_a_large_response_gets_all_of_it()
    {
        await using var host = await TransportHost.Start(Unused, new() { Options = options => options.SendBuffer = 4096 });
        await using var client = await RawClient.Connect(host.Port, socket => socket.ReceiveBufferSize = 2048);
        await client.Send("GET /bytes/1000000 HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(TransportHost.Pattern(1_000_000), (await client.ReadResponse()).Body);
    }

    [Fact]
    public async Task An_application_that_does_not_read_holds_the_client_back()
    {
        var release = new TaskCompletionSource();
        var read = 0L;
        await using var host = await TransportHost.Start(Unused, new()
        {
            Options = options => options.MaxReadAhead = 64 * 1024,
            Kestrel = kestrel => (kestrel.Limits.MaxRequestBodySize, kestrel.Limits.MinRequestBodyDataRate) = (null, null),
            Map = app => app.MapPost("/late", async (HttpContext context) =>
            {
                await release.Task;
                var buffer = new byte[8192];
                while (await context.Request.Body.ReadAsync(buffer) is > 0 and var length)
                    read += length;
                return "done";
            }),
        });
        const int Size = 50_000_000;
        await using var client = await RawClient.Connect(host.Port);
        await client.Send($"POST /late HTTP/1.1\r\nHost: x\r\nContent-Length: {Size}\r\n\r\n");
        var sent = 0;
        var piece = new byte[1_000_000];
        var sending = Task.Run(async () =>
        {
            for (; sent < Size; sent += piece.Length)
                await client.Send(piece);
        });
        // What the client cannot get rid of is in its own hands: the rest is in the kernel and one pipe.
        var last = -1;
        await Deadline.Until(() => Task.FromResult((Before: last, Now: last = sent)), seen => seen.Before == seen.Now && seen.Now > 0, "the client is held back", TimeSpan.FromSeconds(60));
        Assert.NotEqual(Size, sent);
        release.SetResult();
        await sending.WaitAsync(Deadline.Default);
        Assert.Equal("done", Encoding.ASCII.GetString((await client.ReadResponse()).Body));
        Assert.Equal(Size, read);
    }

    [Fact]
    public async Task A_client_that_has_ended_its_side_still_gets_the_answer()
    {
        await using var host = await TransportHost.Start(Unused);
        await using var client = await RawClient.Connect(host.Port);
        await client.Send("GET /bytes/300000 HTTP/1.1\r\nHost: x\r\n\r\n");
        client.Socket.Shutdown(SocketShutdown.Send);
        Assert.Equal(TransportHost.Pattern(300_000), (await client.ReadResponse()).Body);
        Assert.True(await client.IsAtEnd());
    }

    [Fact]
    public async Task A_client_that_resets_aborts_its_request()
    {
        var started = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        await using var host = await TransportHost.Start(Unused, new()
        {
            Map = app => app.MapGet("/wait", async (HttpContext context) =>
            {
                context.RequestAborted.Register(aborted.SetResult);
                started.SetResult();
                await aborted.Task;
            }),
        });
        var client = await RawClient.Connect(host.Port);
        await client.Send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
        await started.Task.WaitAsync(Deadline.Default);
        client.Socket.LingerState = new(true, 0);
        await client.DisposeAsync();
        await aborted.Task.WaitAsync(Deadline.Default);
    }

    [Fact]
    public async Task A_request_that_the_server_aborts_is_reset()
    {
        await using var host = await TransportHost.Start(Unused, new()
        {
            Map = app => app.MapGet("/abort", async (HttpContext context) =>
            {
                await context.Response.WriteAsync("part of it");
                context.Abort();
            }),
        });
        await using var client = await RawClient.Connect(host.Port);
        await client.Send("GET /abort HTTP/1.1\r\nHost: x\r\n\r\n");
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (true)
                await client.ReadExactly(1);
        });
        Assert.Empty(host.Log.AtLeast(LogLevel.Error));
    }

    [Fact]
    public async Task A_bad_request_is_refused_and_the_connection_closed()
    {
        await using var host = await TransportHost.Start(Unused);
        await using var client = await RawClient.Connect(host.Port);
        await client.Send("NONSENSE\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", await client.ReadHead());
        Assert.True(await client.IsAtEnd());
    }

    [Fact]
    public async Task Both_ends_are_known_by_address_and_port()
    {
        await using var host = await TransportHost.Start(Unused);
        await using var client = await RawClient.Connect(host.Port);
        await client.Send("GET /who HTTP/1.1\r\nHost: x\r\n\r\n");
        var port = ((IPEndPoint)client.Socket.LocalEndPoint!).Port;
        Assert.Equal($"127.0.0.1 {port} {host.Port}", Encoding.ASCII.GetString((await client.ReadResponse()).Body));
    }

    [Fact]
    public async Task Any_address_takes_both_families()
    {
        await using var host = await TransportHost.Start(Unused, new() { Address = IPAddress.IPv6Any });
        foreach (var (address, seen) in new[] { (IPAddress.Loopback, "::ffff:127.0.0.1"), (IPAddress.IPv6Loopback, "::1") })
        {
            await using var client = await RawClient.Connect(host.Port, address: address);
            await client.Send("GET /who HTTP/1.1\r\nHost: x\r\n\r\n");
            Assert.StartsWith($"{seen} ", Encoding.ASCII.GetString((await client.ReadResponse()).Body));
        }
    }

    [Fact]
    public async Task A_unix_socket_is_served_and_its_file_removed()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "kith.sock");
        await using (await TransportHost.Start(Unused, new() { UnixPath = path }))
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
            await socket.SendAsync("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray());
            using var reader = new StreamReader(new NetworkStream(socket));
            Assert.Contains("hello", await reader.ReadToEndAsync().WaitAsync(Deadline.Default));
        }

        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task An_address_in_use_is_told_as_such()
    {
        await using var host = await TransportHost.Start(Unused);
        var error = await Assert.ThrowsAsync<IOException>(() => TransportHost.Start(Unused, new() { Kestrel = kestrel => kestrel.Listen(IPAddress.Loopback, host.Port) }));
        Assert.IsType<Microsoft.AspNetCore.Connections.AddressInUseException>(error.InnerException);
    }

    [Fact]
    public async Task A_server_that_stops_finishes_the_request_it_has()
    {
        var started = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var host = await TransportHost.Start(Unused, new()
        {
            Map = app => app.MapGet("/slow", async () =>
            {
                started.SetResult();
                await release.Task;
                return "finished";
            }),
        });
        await using var client = await RawClient.Connect(host.Port);
        await using var idle = await RawClient.Connect(host.Port);
        await client.Send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
        await started.Task.WaitAsync(Deadline.Default);
        var stop = host.DisposeAsync().AsTask();
        Assert.True(await idle.IsAtEnd());
        release.SetResult();
        Assert.Equal("finished", Encoding.ASCII.GetString((await client.ReadResponse()).Body));
        await stop.WaitAsync(Deadline.Default);
        await Assert.ThrowsAnyAsync<SocketException>(() => RawClient.Connect(host.Port));
    }

    [Fact]
    public async Task Many_clients_at_once_are_all_served()
    {
        await using var host = await TransportHost.Start(Unused, new() { Options = options => options.HttpLoops = 2 });
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 200 }) { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };
        var replies = await Task.WhenAll(Enumerable.Range(0, 3000).Select(_ => client.GetStringAsync("/hello")));
        Assert.All(replies, reply => Assert.Equal("hello", reply));
        Assert.Empty(host.Log.AtLeast(LogLevel.Warning));
    }

    [Fact]
    public async Task Those_who_come_at_once_are_served_at_a_pace()
    {
        var time = new ManualTimeProvider();
        var began = time.GetUtcNow();
        await using var host = await TransportHost.Start(Unused, new() { Time = time, Options = options => options.Arrivals = 20 });
        var replies = Enumerable.Range(0, 12).Select(_ => Hello()).ToArray();
        // Two at once, as a tenth of a second's worth may.
        await Deadline.Until(() => Task.FromResult(replies.Count(r => r.IsCompleted)), n => n == 2, "two are served");
        await Deadline.Until(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(5));
                return Task.FromResult(replies.Count(r => r.IsCompleted));
            },
            n => n == replies.Length, "all are served");
        Assert.All(replies, reply => Assert.Equal("hello", reply.Result));
        Assert.True(time.GetUtcNow() - began >= TimeSpan.FromSeconds(10 / 20.0));

        async Task<string> Hello()
        {
            await using var client = await RawClient.Connect(host.Port);
            await client.Send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
            return Encoding.ASCII.GetString((await client.ReadResponse()).Body);
        }
    }

    [Fact]
    public async Task Https_is_served_over_the_same_listener()
    {
        using var certificate = TransportHost.SelfSigned();
        await using var host = await TransportHost.Start(Unused, new() { Certificate = certificate });
        using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString() } };
        using var client = new HttpClient(handler) { BaseAddress = new Uri($"https://localhost:{host.Port}") };
        var bytes = TransportHost.Pattern(3_000_000);
        using var reply = await client.PostAsync("/sum", new ByteArrayContent(bytes));
        Assert.Equal(Convert.ToHexString(SHA256.HashData(bytes)), await reply.Content.ReadAsStringAsync());
        Assert.Equal(bytes, await client.GetByteArrayAsync("/bytes/3000000"));
    }
}
