using System.Net.WebSockets;
using System.Text;
using Kith.Gateway.Protocol;
using Kith.Gateway.Transport;
using Kith.Testing;
using Microsoft.Extensions.Logging;

namespace Kith.Gateway.Tests.Transport;

public sealed class GatewayConnectionTests
{
    [Fact]
    public async Task A_websocket_client_is_greeted_and_heard()
    {
        var handler = new ScriptedHandler { Opened = connection => connection.Send(ControlPayload.Hello(TimeSpan.FromSeconds(41.25))) };
        await using var host = await TransportHost.Start(handler);
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new Uri($"ws://localhost:{host.Port}/"), default);
        var buffer = new byte[1024];
        var received = await client.ReceiveAsync(buffer, default);
        Assert.Equal("""{"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250}}""", Encoding.UTF8.GetString(buffer, 0, received.Count));
        Assert.Equal("opened", await handler.Next());
        Assert.True((await handler.Connection).Link is null, "the socket itself should have been taken");
        await client.SendAsync("identify"u8.ToArray(), WebSocketMessageType.Text, true, default);
        Assert.Equal("identify", await handler.Next());
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", default);
        Assert.Equal(WebSocketState.Closed, client.State);
        Assert.Equal("closed Client 1000", await handler.Next());
        Assert.Empty(host.Log.AtLeast(LogLevel.Warning));
    }

    [Fact]
    public async Task What_a_client_sends_with_its_handshake_is_heard_after_the_greeting()
    {
        var handler = new ScriptedHandler { Opened = connection => connection.Send(ControlPayload.HeartbeatAck) };
        await using var host = await TransportHost.Start(handler);
        await using var client = await RawClient.Connect(host.Port);
        var identify = RawClient.Text("identify");
        await client.Send([.. Encoding.ASCII.GetBytes(RawClient.Handshake()), .. identify, .. RawClient.Text("second"), .. identify[..4]]);
        Assert.StartsWith("HTTP/1.1 101 ", await client.ReadHead());
        Assert.Equal(ControlPayload.HeartbeatAck.ToString(), await client.ReadText());
        await client.Send(identify[4..]);
        Assert.Equal(["opened", "identify", "second", "identify"], [await handler.Next(), await handler.Next(), await handler.Next(), await handler.Next()]);
    }

    [Fact]
    public async Task A_message_that_comes_byte_by_byte_is_heard_once_it_is_whole()
    {
        var handler = new ScriptedHandler();
        await using var host = await TransportHost.Start(handler);
        await using var client = await RawClient.Upgrade(host.Port);
        byte[] frames = [.. RawClient.Text(new string('a', 200)), .. RawClient.Frame(0x01, "b"u8), .. RawClient.Frame(0x80, "c"u8)];
        foreach (var value in frames)
            await client.Send([value]);
        Assert.Equal(["opened", new string('a', 200), "bc"], [await handler.Next(), await handler.Next(), await handler.Next()]);
    }

    [Fact]
    public async Task A_ping_is_answered_within_a_fragmented_message()
    {
        var handler = new ScriptedHandler();
        await using var host = await TransportHost.Start(handler);
        await using var client = await RawClient.Upgrade(host.Port);
        await client.Send([.. RawClient.Frame(0x01, "a"u8), .. RawClient.Frame(0x89, "are you there"u8)]);
        var (opcode, payload) = await client.ReadFrame();
        Assert.Equal((10, "are you there"), (opcode, Encoding.ASCII.GetString(payload)));
        await client.Send(RawClient.Frame(0x80, "b"u8));
        Assert.Equal(["opened", "ab"], [await handler.Next(), await handler.Next()]);
    }

    [Theory]
    [InlineData(0x83, 1, 1002)]
    [InlineData(0x81, 4097, 4002)]
    public async Task A_violation_is_answered_with_its_code_and_the_connection_ends(byte first, int length, int code)
    {
        var handler = new ScriptedHandler();
        await using var host = await TransportHost.Start(handler);
        await using var client = await RawClient.Upgrade(host.Port);
        await client.Send([.. RawClient.Frame(first, new byte[length]), .. RawClient.Text("not heard")]);
        Assert.Equal(code, await client.ReadClose());
        Assert.True(await client.IsAtEnd());
        Assert.Equal(["opened", $"closed Violation {code}"], [await handler.Next(), await handler.Next()]);
        await client.DisposeAsync();
        await Deadline.Until(() => Task.FromResult(host.Gateway.Connections), count => count == 0, "the connection is given up");
        Assert.Empty(handler.Rest());
    }

    [Fact]
    public async Task A_client_that_closes_is_answered_with_its_own_code()
    {
        var handler = new ScriptedHandler();
        await using var host = await TransportHost.Start(handler);
        await using var client = await RawClient.Upgrade(host.Port);
        await client.Send([.. RawClient.Frame(0x88, [0x10, 0x68]), .. RawClient.Text("not heard")]);
        Assert.Equal(4200, await client.ReadClose());
        Assert.True(await client.IsAtEnd());
        Assert.Equal(["opened", "closed Client 4200"], [await handler.Next(), await handler.Next()]);
        Assert.Equal(0, host.Gateway.Connections);
    }

    [Fact]
    public async Task A_client_that_just_goes_is_lost()
    {
        var handler = new ScriptedHandler();
        await using var host = await TransportHost.Start(handler);
        var client = await RawClient.Upgrade(host.Port);
        Assert.Equal("opened", await handler.Next());
        await client.DisposeAsync();
        Assert.Equal("closed Lost 1006", await handler.Next());
    }

    [Fact]
    public async Task A_client_that_resets_is_lost()
    {
        var handler = new ScriptedHandler();
        await using var host = await TransportHost.Start(handler);
        var client = await RawClient.Upgrade(host.Port);
        Assert.Equal("opened", await handler.Next());
        client.Socket.LingerState = new(true, 0);
        await client.DisposeAsync();
        Assert.Equal("closed Lost 1006", await handler.Next());
    }

    [Fact]
    public async Task A_server_that_closes_sends_what_waits_then_the_code_and_waits_for_the_client()
    {
        var handler = new ScriptedHandler
        {
            Received = (connection, _) =>
            {
                connection.Send(ControlPayload.InvalidSession);
                connection.Close(4009, "session timed out");
                connection.Send(ControlPayload.HeartbeatAck);
            },
        };
        await using var host = await TransportHost.Start(handler);
        await using var client = await RawClient.Upgrade(host.Port);
        await client.Send([.. RawClient.Text("resume"), .. RawClient.Text("not heard")]);
        Assert.Equal(ControlPayload.InvalidSession.ToString(), await client.ReadText());
        var (opcode, payload) = await client.ReadFrame();
        Assert.Equal((8, "session timed out"), (opcode, Encoding.UTF8.GetString(payload, 2, payload.Length - 2)));
        Assert.Equal(4009, payload[0] << 8 | payload[1]);
        Assert.Equal(1, host.Gateway.Connections);
        await client.Send(RawClient.Frame(0x88, payload));
        Assert.True(await client.IsAtEnd());
        Assert.Equal(["opened", "resume", "closed Server 4009"], [await handler.Next(), await handler.Next(), await handler.Next()]);
        Assert.Empty(handler.Rest());
    }

    [Fact]
    public async Task A_client_that_does_not_answer_a_close_is_given_up_after_a_time()
    {
        var time = new ManualTimeProvider();
        var handler = new ScriptedHandler { Received = (connection, _) => connection.Close(4000) };
        await using var host = await TransportHost.Start(handler, new() { Time = time });
        await using var client = await RawClient.Upgrade(host.Port);
        await client.Send(RawClient.Text("x"));
        Assert.Equal(4000, await client.ReadClose());
        time.Advance(TimeSpan.FromSeconds(4));
        await ScriptedHandler.On(host.Gateway.Loops[0], () => { });
        Assert.Equal(1, host.Gateway.Connections);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(await client.IsAtEnd());
    }

    [Fact]
    public async Task A_deadline_comes_once_and_can_be_moved()
    {
        var time = new ManualTimeProvider();
        var handler = new ScriptedHandler
        {
            Opened = connection => connection.SetDeadline(TimeSpan.FromSeconds(10)),
            Received = (connection, text) => connection.SetDeadline(TimeSpan.FromSeconds(int.Parse(text))),
        };
        await using var host = await TransportHost.Start(handler, new() { Time = time });
        await using var client = await RawClient.Upgrade(host.Port);
        Assert.Equal("opened", await handler.Next());
        await ScriptedHandler.On(host.Gateway.Loops[0], () => { });
        time.Advance(TimeSpan.FromSeconds(8));
        await client.Send(RawClient.Text("60"));
        Assert.Equal("60", await handler.Next());
        await ScriptedHandler.On(host.Gateway.Loops[0], () => { });
        time.Advance(TimeSpan.FromSeconds(59));
        await ScriptedHandler.On(host.Gateway.Loops[0], () => { });
        Assert.Empty(handler.Rest());
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("deadline", await handler.Next());
        time.Advance(TimeSpan.FromSeconds(600));
        await ScriptedHandler.On(host.Gateway.Loops[0], () => { });
        Assert.Empty(handler.Rest());
    }

    [Fact]
    public async Task A_handler_that_throws_loses_its_connection_and_no_other()
    {
        var handler = new ScriptedHandler
        {
            Received = (connection, text) =>
            {
                if (text == "bad")
                    throw new InvalidOperationException("a bug");
                connection.Send(ControlPayload.HeartbeatAck);
            },
        };
        await using var host = await TransportHost.Start(handler);
        await using var good = await RawClient.Upgrade(host.Port);
        await using var bad = await RawClient.Upgrade(host.Port);
        await bad.Send(RawClient.Text("bad"));
        Assert.Equal(4000, await bad.ReadClose());
        await good.Send(RawClient.Text("good"));
        Assert.Equal(ControlPayload.HeartbeatAck.ToString(), await good.ReadText());
        Assert.Contains(host.Log.AtLeast(LogLevel.Error), line => line.Contains("a bug"));
    }

    [Fact]
    public async Task A_connection_moves_to_another_loop_with_what_the_client_sent_after()
    {
        var arrival = new ScriptedHandler { Received = (connection, _) => connection.Send(ControlPayload.HeartbeatAck) };
        TransportHost? host = null;
        var handler = new ScriptedHandler
        {
            Opened = connection => connection.Send(ControlPayload.HeartbeatRequest),
            Received = (connection, _) => connection.MoveTo(host!.Gateway.Loops[1], arrival),
        };
        await using var started = host = await TransportHost.Start(handler, new() { Options = options => options.Loops = 2, Loop = _ => host!.Gateway.Loops[0] });
        await using var client = await RawClient.Upgrade(host.Port);
        var late = RawClient.Text("late");
        await client.Send([.. RawClient.Text("resume"), .. RawClient.Text("after"), .. late[..5]]);
        Assert.Equal(ControlPayload.HeartbeatRequest.ToString(), await client.ReadText());
        Assert.Equal(["opened", "after"], [await arrival.Next(), await arrival.Next()]);
        Assert.Same(host.Gateway.Loops[1], (await arrival.Connection).Loop);
        Assert.Equal((0, 1), (host.Gateway.Loops[0].Connections, host.Gateway.Loops[1].Connections));
        await client.Send(late[5..]);
        Assert.Equal("late", await arrival.Next());
        Assert.Equal(ControlPayload.HeartbeatAck.ToString(), await client.ReadText());
        Assert.Equal(ControlPayload.HeartbeatAck.ToString(), await client.ReadText());
        Assert.Equal(["opened", "resume"], handler.Rest());
    }

    [Fact]
    public async Task New_connections_go_to_the_loop_with_the_fewest()
    {
        var handler = new ScriptedHandler();
        await using var host = await TransportHost.Start(handler, new() { Options = options => options.Loops = 3 });
        var clients = new List<RawClient>();
        for (var i = 0; i < 9; i++)
            clients.Add(await RawClient.Upgrade(host.Port));
        Assert.Equal([3, 3, 3], host.Gateway.Loops.Select(loop => loop.Connections));
        foreach (var client in clients)
            await client.DisposeAsync();
    }

    [Fact]
    public async Task A_drain_asks_all_to_reconnect_and_closes_who_stays()
    {
        var handler = new ScriptedHandler();
        await using var host = await TransportHost.Start(handler);
        var clients = new List<RawClient>();
        for (var i = 0; i < 5; i++)
            clients.Add(await RawClient.Upgrade(host.Port));
        var plan = new DrainPlan { WaveSize = 2, WaveInterval = TimeSpan.FromMilliseconds(1), Grace = TimeSpan.FromSeconds(1) };
        var drain = host.Gateway.Drain(plan, TestContext.Current.CancellationToken);
        foreach (var client in clients)
            Assert.Equal(ControlPayload.Reconnect.ToString(), await client.ReadText());
        await clients[0].DisposeAsync();
        foreach (var client in clients[1..])
        {
            Assert.Equal(4000, await client.ReadClose());
            await client.DisposeAsync();
        }

        await drain;
        Assert.Equal(0, host.Gateway.Connections);
    }

    [Fact]
    public async Task A_stop_ends_every_connection()
    {
        var handler = new ScriptedHandler();
        var host = await TransportHost.Start(handler);
        await using var client = await RawClient.Upgrade(host.Port);
        Assert.Equal("opened", await handler.Next());
        await host.DisposeAsync();
        Assert.Equal("closed Stopped 1006", await handler.Next());
        Assert.True(await client.IsAtEnd());
    }
}
