using System.Net.WebSockets;
using System.Text;
using Kith.Gateway.Protocol;
using Kith.Gateway.Transport;
using Kith.Testing;
using Microsoft.Extensions.Logging;

namespace Kith.Gateway.Tests.Transport;

public sealed class GatewayUpgradeTests
{
    [Fact]
    public async Task The_answer_is_that_of_the_specification_and_offers_no_extension()
    {
        await using var host = await TransportHost.Start(new ScriptedHandler());
        await using var client = await RawClient.Connect(host.Port);
        await client.Send(RawClient.Handshake().Replace("\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n", StringComparison.Ordinal));
        var head = await client.ReadHead();
        Assert.StartsWith("HTTP/1.1 101 Switching Protocols\r\n", head);
        Assert.Contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", head);
        Assert.Contains("\r\nUpgrade: websocket\r\n", head);
        Assert.Contains("\r\nConnection: Upgrade\r\n", head);
        Assert.DoesNotContain("Extensions", head);
    }

    public static TheoryData<string, string, int, string> Refused => new()
    {
        { "no upgrade at all", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 426, "Sec-WebSocket-Version: 13" },
        { "another protocol", RawClient.Handshake().Replace("Upgrade: websocket", "Upgrade: h2c", StringComparison.Ordinal), 426, "Upgrade: websocket" },
        { "no connection header", RawClient.Handshake().Replace("Connection: keep-alive, Upgrade", "Connection: keep-alive", StringComparison.Ordinal), 426, "Upgrade: websocket" },
        { "an old version", RawClient.Handshake(version: "8"), 426, "Sec-WebSocket-Version: 13" },
        { "no key", RawClient.Handshake().Replace("Sec-WebSocket-Key", "X-Key", StringComparison.Ordinal), 400, "application/json" },
        { "a short key", RawClient.Handshake(key: "c2hvcnQ="), 400, "application/json" },
        { "a key that is no base64", RawClient.Handshake(key: "!!!!!!!!!!!!!!!!!!!!!!!!"), 400, "application/json" },
        { "HTTP/1.0", RawClient.Handshake().Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal), 400, "application/json" },
        { "a POST", RawClient.Handshake().Replace("GET /", "POST /", StringComparison.Ordinal).Replace("\r\n\r\n", "\r\nContent-Length: 0\r\n\r\n", StringComparison.Ordinal), 405, "Allow: GET" },
    };

    [Theory, MemberData(nameof(Refused))]
    public async Task What_is_no_handshake_is_told_why(string what, string request, int status, string header)
    {
        var handler = new ScriptedHandler();
        await using var host = await TransportHost.Start(handler);
        await using var client = await RawClient.Connect(host.Port);
        await client.Send(request);
        var head = await client.ReadHead();
        Assert.True(head.StartsWith($"HTTP/1.1 {status} ", StringComparison.Ordinal), $"{what}: {head}");
        Assert.Contains(header, head);
        Assert.Empty(handler.Rest());
    }

    [Fact]
    public async Task A_connection_can_be_upgraded_after_ordinary_requests()
    {
        var handler = new ScriptedHandler { Received = (connection, _) => connection.Send(ControlPayload.HeartbeatAck) };
        await using var host = await TransportHost.Start(handler);
        await using var client = await RawClient.Connect(host.Port);
        for (var i = 0; i < 3; i++)
        {
            await client.Send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
            Assert.Equal("hello", Encoding.ASCII.GetString((await client.ReadResponse()).Body));
        }

        await client.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
        Assert.StartsWith("HTTP/1.1 405 ", await client.ReadHead());
        await client.DisposeAsync();

        await using var again = await RawClient.Connect(host.Port);
        // All in one segment: two requests, the handshake, and the first payload.
        await again.Send([
            .. "GET /bytes/7 HTTP/1.1\r\nHost: x\r\n\r\nPOST /sum HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"u8,
            .. Encoding.ASCII.GetBytes(RawClient.Handshake()), .. RawClient.Text("identify"),
        ]);
        Assert.Equal(TransportHost.Pattern(7), (await again.ReadResponse()).Body);
        Assert.Equal(64, (await again.ReadResponse()).Body.Length);
        Assert.StartsWith("HTTP/1.1 101 ", await again.ReadHead());
        Assert.Equal(ControlPayload.HeartbeatAck.ToString(), await again.ReadText());
        Assert.Equal(["opened", "identify"], handler.Rest());
        Assert.Null((await handler.Connection).Link);
    }

    [Fact]
    public async Task A_client_that_sends_far_too_much_before_it_is_greeted_is_dropped()
    {
        var handler = new ScriptedHandler();
        await using var host = await TransportHost.Start(handler);
        await using var client = await RawClient.Connect(host.Port);
        var flood = Encoding.ASCII.GetBytes(RawClient.Handshake()).Concat(new byte[300_000]).ToArray();
        try
        {
            await client.Send(flood);
        }
        catch (IOException)
        {
            // Dropped already.
        }

        var isAtEnd = false;
        while (!isAtEnd)
            isAtEnd = await client.IsAtEnd();
        await Deadline.Until(() => Task.FromResult(host.Gateway.Connections), count => count == 0, "nothing is left of it");
    }

    [Fact]
    public async Task Where_kestrel_has_the_tls_a_stream_takes_the_sockets_place()
    {
        using var certificate = TransportHost.SelfSigned();
        var events = Enumerable.Range(1, 500).Select(n => EventRingTests.Event(n, n % 7 == 0 ? 5000 : 50)).ToList();
        var handler = new ScriptedHandler
        {
            Opened = connection => connection.Send(ControlPayload.HeartbeatRequest),
            Received = (connection, text) =>
            {
                if (text == "identify")
                {
                    var ring = new EventRing(connection.Loop.Rings);
                    ring.Attach(connection);
                    foreach (var outbound in events)
                        ring.Append(outbound);
                }
                else
                {
                    connection.Send(ControlPayload.HeartbeatAck);
                }
            },
        };
        await using var host = await TransportHost.Start(handler, new() { Certificate = certificate });
        using var client = new ClientWebSocket();
        client.Options.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString();
        await client.ConnectAsync(new Uri($"wss://localhost:{host.Port}/"), default);
        Assert.Equal(ControlPayload.HeartbeatRequest.ToString(), await Receive(client));
        Assert.NotNull((await handler.Connection).Link);
        await client.SendAsync("identify"u8.ToArray(), WebSocketMessageType.Text, true, default);
        for (var sequence = 1; sequence <= events.Count; sequence++)
            Assert.Equal($"{events[sequence - 1]},\"s\":{sequence}}}", await Receive(client));
        for (var i = 0; i < 50; i++)
        {
            await client.SendAsync(Encoding.ASCII.GetBytes($"beat {i}"), WebSocketMessageType.Text, true, default);
            Assert.Equal(ControlPayload.HeartbeatAck.ToString(), await Receive(client));
        }

        await client.CloseAsync((WebSocketCloseStatus)4200, "", default);
        Assert.Equal((WebSocketCloseStatus)4200, client.CloseStatus);
        var word = "";
        while (!word.StartsWith("closed", StringComparison.Ordinal))
            word = await handler.Next();
        Assert.Equal("closed Client 4200", word);
        await Deadline.Until(() => Task.FromResult(host.Gateway.Connections), count => count == 0, "nothing is left of it");
        Assert.Empty(host.Log.AtLeast(LogLevel.Warning));
    }

    [Fact]
    public async Task Over_kestrels_own_transport_a_stream_takes_the_sockets_place_too()
    {
        var handler = new ScriptedHandler
        {
            Opened = connection => connection.Send(ControlPayload.HeartbeatRequest),
            Received = (connection, _) => connection.Send(ControlPayload.HeartbeatAck),
        };
        await using var host = await TransportHost.Start(handler, new() { OwnTransportOfKestrel = true });
        await using var client = await RawClient.Connect(host.Port);
        await client.Send([.. Encoding.ASCII.GetBytes(RawClient.Handshake()), .. RawClient.Text("identify")]);
        Assert.StartsWith("HTTP/1.1 101 ", await client.ReadHead());
        Assert.Equal(ControlPayload.HeartbeatRequest.ToString(), await client.ReadText());
        Assert.Equal(ControlPayload.HeartbeatAck.ToString(), await client.ReadText());
        Assert.NotNull((await handler.Connection).Link);
        await client.Send(RawClient.Frame(0x81, "unmasked"u8, mask: null));
        Assert.Equal(1002, await client.ReadClose());
        Assert.True(await client.IsAtEnd());
        Assert.Equal(["opened", "identify", "closed Violation 1002"], [await handler.Next(), await handler.Next(), await handler.Next()]);
        await Deadline.Until(() => Task.FromResult(host.Gateway.Connections), count => count == 0, "nothing is left of it");
    }

    [Fact]
    public async Task A_stream_whose_client_reads_nothing_overflows_and_is_given_up_after_a_time()
    {
        var time = new ManualTimeProvider();
        EventRing? ring = null;
        var handler = new ScriptedHandler
        {
            Opened = connection => (ring = new EventRing(connection.Loop.Rings)).Attach(connection),
            Overflowed = connection => connection.Close(4008),
        };
        await using var host = await TransportHost.Start(handler, new() { OwnTransportOfKestrel = true, Time = time });
        await using var client = await RawClient.Upgrade(host.Port, configure: socket => socket.ReceiveBufferSize = 2048);
        var connection = await handler.Connection;
        var outbound = EventRingTests.Event(1, 60_000);
        while (connection.IsOpen)
        {
            await ScriptedHandler.On(connection.Loop, () =>
            {
                for (var i = 0; i < 20; i++)
                    ring!.Append(outbound);
            });
        }

        Assert.Equal(["opened", "overflow", "closed Server 4008"], [await handler.Next(), await handler.Next(), await handler.Next()]);
        Assert.Equal(1, host.Gateway.Connections);
        // The close frame's time, then the last write's.
        await Deadline.Until(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(host.Gateway.Connections);
            },
            count => count == 0,
            "the connection is given up");
    }

    [Fact]
    public async Task A_stream_that_the_server_closes_gets_its_code_and_moves_between_loops_before()
    {
        using var certificate = TransportHost.SelfSigned();
        TransportHost? host = null;
        var arrival = new ScriptedHandler { Received = (connection, _) => connection.Close(4009) };
        var handler = new ScriptedHandler { Received = (connection, _) => connection.MoveTo(host!.Gateway.Loops[1], arrival) };
        await using var started = host = await TransportHost.Start(
            handler, new() { Certificate = certificate, Options = options => options.Loops = 2, Loop = _ => host!.Gateway.Loops[0] });
        using var client = new ClientWebSocket();
        client.Options.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString();
        await client.ConnectAsync(new Uri($"wss://localhost:{host.Port}/"), default);
        await client.SendAsync("resume"u8.ToArray(), WebSocketMessageType.Text, true, default);
        Assert.Equal("opened", await arrival.Next());
        await client.SendAsync("close"u8.ToArray(), WebSocketMessageType.Text, true, default);
        var result = await client.ReceiveAsync(new byte[100], default);
        Assert.Equal((WebSocketCloseStatus)4009, result.CloseStatus);
        await client.CloseOutputAsync((WebSocketCloseStatus)4009, "", default);
        Assert.Equal(["close", "closed Server 4009"], [await arrival.Next(), await arrival.Next()]);
        await Deadline.Until(() => Task.FromResult(host.Gateway.Connections), count => count == 0, "nothing is left of it");
    }

    static async Task<string> Receive(ClientWebSocket client)
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        while (true)
        {
            var result = await client.ReceiveAsync(buffer.AsMemory(length), default).AsTask().WaitAsync(Deadline.Default);
            length += result.Count;
            if (result.EndOfMessage)
                return Encoding.UTF8.GetString(buffer, 0, length);
        }
    }
}
