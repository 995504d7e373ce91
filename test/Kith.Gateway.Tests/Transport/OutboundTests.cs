using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Kith.Gateway.Protocol;
using Kith.Gateway.Transport;
using Kith.Testing;

namespace Kith.Gateway.Tests.Transport;

/// <summary>Events on their way to real sockets: order, content, what a slow client costs, and what it takes to send.</summary>
public sealed class OutboundTests
{
    static readonly TransportHost.Setup TinyBuffers = new() { Options = options => options.SendBuffer = 4096 };

    [Fact]
    public async Task An_event_carries_its_name_its_data_and_its_number()
    {
        var handler = new ScriptedHandler { Opened = connection => Ring(connection).Append(OutboundEvent.Create("TYPING_START", "{\"user_id\":\"80351110224678912\"}"u8)) };
        await using var host = await TransportHost.Start(handler);
        await using var client = await RawClient.Upgrade(host.Port);
        Assert.Equal("""{"t":"TYPING_START","op":0,"d":{"user_id":"80351110224678912"},"s":1}""", await client.ReadText());
    }

    [Fact]
    public async Task Control_payloads_keep_their_place_among_the_events()
    {
        var handler = new ScriptedHandler
        {
            Opened = connection =>
            {
                connection.Send(ControlPayload.Hello(TimeSpan.FromSeconds(1)));
                var ring = Ring(connection);
                ring.Append(EventRingTests.Event(1));
                connection.Send(ControlPayload.HeartbeatAck);
                ring.Append(EventRingTests.Event(2));
                ring.Append(EventRingTests.Event(3));
                connection.Send(ControlPayload.Reconnect);
            },
        };
        await using var host = await TransportHost.Start(handler);
        await using var client = await RawClient.Upgrade(host.Port);
        var order = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            using var payload = JsonDocument.Parse(await client.ReadText());
            var operation = payload.RootElement.GetProperty("op").GetInt32();
            order.Add(operation == 0 ? $"event {payload.RootElement.GetProperty("s").GetInt32()}" : $"op {operation}");
        }

        Assert.Equal(["op 10", "event 1", "op 11", "event 2", "event 3", "op 7"], order);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Events_for_a_client_with_a_tiny_buffer_arrive_whole_and_in_order(int seed)
    {
        var random = new Random(seed);
        var events = Enumerable.Range(1, 900).Select(n => EventRingTests.Event(n, Padding(random))).ToList();
        var handler = new ScriptedHandler
        {
            Opened = connection =>
            {
                var ring = Ring(connection);
                foreach (var outbound in events)
                {
                    ring.Append(outbound);
                    if (ring.Head % 50 == 0)
                        connection.Send(ControlPayload.HeartbeatAck);
                }
            },
        };
        await using var host = await TransportHost.Start(handler, TinyBuffers with { Options = options => (options.SendBuffer, options.Events) = (4096, Unlimited) });
        await using var client = await RawClient.Upgrade(host.Port, configure: socket => socket.ReceiveBufferSize = 2048);
        for (var sequence = 1; sequence <= events.Count; sequence++)
        {
            Assert.Equal($"{events[sequence - 1]},\"s\":{sequence}}}", await client.ReadText());
            if (sequence % 50 == 0)
                Assert.Equal(ControlPayload.HeartbeatAck.ToString(), await client.ReadText());
        }
    }

    [Fact]
    public async Task A_slow_reader_overflows_is_closed_and_can_resume_without_loss()
    {
        const int Count = 3000;
        EventRing? ring = null;
        var handler = new ScriptedHandler
        {
            Opened = connection => ring = Ring(connection),
            Overflowed = connection => connection.Close(4008),
        };
        await using var host = await TransportHost.Start(handler, TinyBuffers);
        await using var slow = await RawClient.Upgrade(host.Port, configure: socket => socket.ReceiveBufferSize = 2048);
        var connection = await handler.Connection;
        var events = Enumerable.Range(1, Count).Select(n => EventRingTests.Event(n, n % 300)).ToList();
        foreach (var slice in events.Chunk(100))
        {
            await ScriptedHandler.On(connection.Loop, () =>
            {
                foreach (var outbound in slice)
                    ring!.Append(outbound);
            });
        }

        Assert.Equal(["opened", "overflow", "closed Server 4008"], [await handler.Next(), await handler.Next(), await handler.Next()]);
        Assert.Null(ring!.Connection);

        var read = 0;
        while (true)
        {
            var (opcode, payload) = await slow.ReadFrame();
            if (opcode == 8)
                break;
            read++;
            Assert.Equal($"{events[read - 1]},\"s\":{read}}}", Encoding.UTF8.GetString(payload));
        }

        Assert.InRange(read, 1, Count - 1);
        await slow.DisposeAsync();
        handler.Opened = again =>
        {
            Assert.True(ring!.Rewind(read));
            ring.Attach(again);
        };
        await using var resumed = await RawClient.Upgrade(host.Port);
        for (var sequence = read + 1; sequence <= Count; sequence++)
            Assert.Equal($"{events[sequence - 1]},\"s\":{sequence}}}", await resumed.ReadText());
    }

    [Fact]
    public async Task A_client_that_sends_heartbeats_and_reads_nothing_overflows_too()
    {
        var handler = new ScriptedHandler { Received = (connection, _) => connection.Send(ControlPayload.HeartbeatAck), Overflowed = connection => connection.Close(4008) };
        await using var host = await TransportHost.Start(handler, TinyBuffers);
        await using var client = await RawClient.Upgrade(host.Port, configure: socket => socket.ReceiveBufferSize = 2048);
        var connection = await handler.Connection;
        while (connection.IsOpen)
            await client.Send(RawClient.Text("beat"));
        string word, before = "";
        while (!(word = await handler.Next()).StartsWith("closed", StringComparison.Ordinal))
            before = word;
        Assert.Equal(("overflow", "closed Server 4008"), (before, word));
    }

    [Fact]
    public async Task A_close_in_the_middle_of_a_frame_finishes_the_frame_first()
    {
        var large = EventRingTests.Event(1, 50_000);
        var handler = new ScriptedHandler
        {
            Opened = connection => Ring(connection).Append(large),
            Received = (connection, _) => connection.Close(4000),
        };
        await using var host = await TransportHost.Start(handler, TinyBuffers);
        await using var client = await RawClient.Upgrade(host.Port, configure: socket => socket.ReceiveBufferSize = 2048);
        var connection = await handler.Connection;
        await Deadline.Until(() => Task.FromResult(connection.FrameOffset), offset => offset > 0, "the frame is half way out");
        await client.Send(RawClient.Text("close"));
        Assert.Equal(["opened", "close", "closed Server 4000"], [await handler.Next(), await handler.Next(), await handler.Next()]);
        Assert.Equal($"{large},\"s\":1}}", await client.ReadText());
        Assert.Equal(4000, await client.ReadClose());
    }

    [Fact]
    public async Task A_session_taken_away_in_the_middle_of_a_frame_leaves_the_frame_whole()
    {
        var large = EventRingTests.Event(1, 50_000);
        EventRing? ring = null;
        var handler = new ScriptedHandler
        {
            Opened = connection => (ring = Ring(connection)).Append(large),
            Received = (connection, _) =>
            {
                ring!.Detach();
                connection.Send(ControlPayload.HeartbeatAck);
            },
        };
        await using var host = await TransportHost.Start(handler, TinyBuffers);
        await using var client = await RawClient.Upgrade(host.Port, configure: socket => socket.ReceiveBufferSize = 2048);
        var connection = await handler.Connection;
        await Deadline.Until(() => Task.FromResult(connection.FrameOffset), offset => offset > 0, "the frame is half way out");
        await client.Send(RawClient.Text("detach"));
        Assert.Equal(["opened", "detach"], [await handler.Next(), await handler.Next()]);
        Assert.Equal($"{large},\"s\":1}}", await client.ReadText());
        Assert.Equal(ControlPayload.HeartbeatAck.ToString(), await client.ReadText());
        Assert.Equal((1, 1), (ring!.Sent, ring.Head));
    }

    [Fact]
    public async Task A_frame_too_large_to_finish_ends_the_connection_that_closes_within_it()
    {
        var handler = new ScriptedHandler
        {
            Opened = connection => Ring(connection).Append(EventRingTests.Event(1, 3_000_000)),
            Received = (connection, _) => connection.Close(4000),
        };
        await using var host = await TransportHost.Start(handler, TinyBuffers);
        await using var client = await RawClient.Upgrade(host.Port, configure: socket => socket.ReceiveBufferSize = 2048);
        await client.Send(RawClient.Text("close"));
        Assert.Equal(["opened", "close", "closed Server 4000"], [await handler.Next(), await handler.Next(), await handler.Next()]);
        Assert.Equal(0, host.Gateway.Connections);
    }

    [Fact]
    public async Task Whoever_asks_is_told_when_all_has_left()
    {
        var handler = new ScriptedHandler
        {
            Opened = connection =>
            {
                Ring(connection).Append(EventRingTests.Event(1, 400_000));
                connection.NotifyWhenFlushed = true;
            },
        };
        await using var host = await TransportHost.Start(handler, TinyBuffers);
        await using var client = await RawClient.Upgrade(host.Port, configure: socket => socket.ReceiveBufferSize = 2048);
        var connection = await handler.Connection;
        Assert.Equal(["opened"], handler.Rest());
        await client.ReadText();
        Assert.Equal("flushed", await handler.Next());
        Assert.False(connection.HasPending);
    }

    [Theory]
    [InlineData(20, 300, 4)]
    [InlineData(200, 40, 4)]
    [InlineData(100, 3000, 2)]
    public async Task Handing_an_event_to_many_sockets_allocates_nothing(int connections, int padding, int perPass)
    {
        var rings = new List<EventRing>();
        var handler = new ScriptedHandler { Opened = connection => rings.Add(Ring(connection)) };
        await using var host = await TransportHost.Start(handler);
        var clients = new List<RawClient>();
        for (var i = 0; i < connections; i++)
            clients.Add(await RawClient.Upgrade(host.Port));
        await Deadline.Until(() => Task.FromResult(rings.Count), count => count == connections, "all are open");
        var loop = host.Gateway.Loops[0];
        var outbound = EventRingTests.Event(1, padding);
        // The first rounds grow the rings, the loop's queues and the compiled code.
        for (var warm = 0; warm < 50; warm++)
            await Deliver(loop, rings, outbound, perPass, acknowledge: true);
        long allocated = long.MaxValue;
        for (var attempt = 0; attempt < 20 && allocated > 0; attempt++)
            allocated = await Deliver(loop, rings, outbound, perPass, acknowledge: true);
        Assert.Equal(0, allocated);
        foreach (var client in clients)
        {
            for (var sequence = 1; sequence <= 51 * perPass; sequence++)
                Assert.EndsWith($",\"s\":{sequence}}}", await client.ReadText());
            await client.DisposeAsync();
        }
    }

    /// <summary>Returns what the loop's thread allocated from the append to the end of the flush.</summary>
    static async Task<long> Deliver(GatewayLoop loop, List<EventRing> rings, OutboundEvent outbound, int count, bool acknowledge)
    {
        var head = rings[0].Head + count;
        long before = 0, after = 0;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var check = new FlushCheck(rings, head, done, () => after = GC.GetAllocatedBytesForCurrentThread(), acknowledge);
        loop.Post(
            (_, _) =>
            {
                before = GC.GetAllocatedBytesForCurrentThread();
                foreach (var ring in rings)
                {
                    for (var i = 0; i < count; i++)
                        ring.Append(outbound);
                }

                loop.Post(check);
            },
            null);
        await done.Task.WaitAsync(Deadline.Default);
        return after - before;
    }

    static readonly EventRingLimits Unlimited = new(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue);

    static int Padding(Random random) => random.Next(10) switch { 0 => random.Next(20_000), < 4 => random.Next(2000), _ => random.Next(100) };

    static EventRing Ring(GatewayConnection connection)
    {
        var ring = new EventRing(connection.Loop.Rings);
        ring.Attach(connection);
        return ring;
    }

    sealed class FlushCheck(List<EventRing> rings, int head, TaskCompletionSource done, Action measure, bool acknowledge) : ILoopWork
    {
        public void Run(GatewayLoop loop)
        {
            foreach (var ring in rings)
            {
                if (ring.Sent >= head)
                    continue;
                loop.Post(this);
                return;
            }

            measure();
            if (acknowledge)
            {
                foreach (var ring in rings)
                    ring.Acknowledge(head);
            }

            done.SetResult();
        }
    }
}
