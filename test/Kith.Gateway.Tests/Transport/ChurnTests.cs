using System.Text;
using System.Text.Json;
using Kith.Gateway.Protocol;
using Kith.Gateway.Transport;
using Kith.Testing;
using Microsoft.Extensions.Logging;

namespace Kith.Gateway.Tests.Transport;

/// <summary>Clients that come, go, resume and break off in every way at once, while events go on.</summary>
public sealed class ChurnTests
{
    [Theory]
    [InlineData(1, "")]
    [InlineData(2, "")]
    [InlineData(3, "?compress=zlib-stream")]
    public async Task Sessions_get_every_event_once_and_in_order_whatever_their_connections_do(int seed, string query)
    {
        const int Sessions = 24;
        var rings = new EventRing?[Sessions];
        TransportHost? host = null;
        var handler = new ResumingHandler(rings, loop => host!.Gateway.Loops[loop]);
        await using var started = host = await TransportHost.Start(
            handler, new() { Options = options => (options.Loops, options.HttpLoops, options.SendBuffer) = (2, 2, 8192), Loop = _ => host!.Gateway.Loops[Random.Shared.Next(2)] });
        for (var i = 0; i < Sessions; i++)
        {
            var session = i;
            var loop = host.Gateway.Loops[session % 2];
            await ScriptedHandler.On(loop, () => rings[session] = new EventRing(loop.Rings));
        }

        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Sessions).Select(session => Client(host.Port, query, session, new Random(seed * 1000 + session), stop.Token)).ToList();
        for (var n = 1; n <= 300; n++)
        {
            var outbound = EventRingTests.Event(n, n % 37 == 0 ? 9000 : n % 50);
            foreach (var loop in host.Gateway.Loops)
            {
                await ScriptedHandler.On(loop, () =>
                {
                    for (var session = loop.Index; session < Sessions; session += 2)
                        rings[session]!.Append(outbound);
                });
            }
        }

        await stop.CancelAsync();
        foreach (var received in await Task.WhenAll(clients).WaitAsync(TimeSpan.FromMinutes(2)))
            Assert.Equal(Enumerable.Range(1, 300), received);
        await Deadline.Until(() => Task.FromResult(host.Gateway.Connections), count => count == 0, "no connection is left");
        Assert.Empty(host.Log.AtLeast(LogLevel.Warning));
    }

    /// <summary>Returns the numbers of the events it got, as their content says; ends when it has all.</summary>
    static async Task<List<int>> Client(int port, string query, int session, Random random, CancellationToken stop)
    {
        var received = new List<int>();
        while (received.Count < 300)
        {
            await using var client = await RawClient.Upgrade(port, $"/{query}");
            await client.Send(RawClient.Text($"{session} {received.Count}"));
            using var inflater = new ZlibText();
            var patience = stop.IsCancellationRequested ? int.MaxValue : random.Next(1, 60);
            while (patience-- > 0 && received.Count < 300)
            {
                var (opcode, payload) = await client.ReadFrame();
                if (opcode == 8)
                    break;
                var text = opcode == 2 ? inflater.Next(payload) : Encoding.UTF8.GetString(payload);
                using var json = JsonDocument.Parse(text);
                Assert.Equal(received.Count + 1, json.RootElement.GetProperty("s").GetInt32());
                received.Add(json.RootElement.GetProperty("d").GetProperty("n").GetInt32());
            }

            await Leave(client, random);
        }

        return received;
    }

    static async Task Leave(RawClient client, Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                await client.Send(RawClient.Frame(0x88, [0x0f, 0xa1]));
                break;
            case 1:
                client.Socket.LingerState = new(true, 0);
                break;
            case 2:
                await client.Send(RawClient.Text("half")[..3]);
                break;
            default:
                await client.Send(RawClient.Frame(0x83, [1]));
                break;
        }
    }

    /// <summary>A payload "session sequence" resumes that session on its own loop.</summary>
    sealed class ResumingHandler(EventRing?[] rings, Func<int, GatewayLoop> loops) : IGatewayConnectionHandler
    {
        public void OnOpened(GatewayConnection connection)
        {
        }

        public void OnPayload(GatewayConnection connection, ReadOnlySpan<byte> payload)
        {
            var parts = Encoding.ASCII.GetString(payload).Split(' ');
            var session = int.Parse(parts[0]);
            connection.MoveTo(loops(session % 2), new Arrival(rings[session]!, int.Parse(parts[1])));
        }

        public void OnDeadline(GatewayConnection connection)
        {
        }

        public void OnOverflow(GatewayConnection connection) => connection.Close(4000);

        public void OnClosed(GatewayConnection connection, ConnectionClose close)
        {
        }
    }

    sealed class Arrival(EventRing ring, int sequence) : IGatewayConnectionHandler
    {
        public void OnOpened(GatewayConnection connection)
        {
            // The former connection may not know yet that its client has gone.
            if (ring.Connection is { } former)
            {
                ring.Detach();
                former.Close(4000);
            }

            if (!ring.Rewind(sequence))
                throw new InvalidOperationException($"{sequence} is not in ({ring.Floor}, {ring.Sent}]");
            ring.Attach(connection);
        }

        public void OnPayload(GatewayConnection connection, ReadOnlySpan<byte> payload)
        {
        }

        public void OnDeadline(GatewayConnection connection)
        {
        }

        public void OnOverflow(GatewayConnection connection) => connection.Close(4000);

        public void OnClosed(GatewayConnection connection, ConnectionClose close)
        {
        }
    }
}
