using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Kith.Gateway.Protocol;
using Kith.Gateway.Transport;
using Kith.Testing;

namespace Kith.Gateway.Tests.Transport;

public sealed class CompressionTests
{
    static readonly byte[] SyncFlush = [0x00, 0x00, 0xff, 0xff];

    static readonly string[] Texts =
    [
        "{}",
        "{\"content\":\"hello, wörld 😀\"}",
        $"{{\"content\":\"{new string('a', 5000)}\"}}",
        $"{{\"content\":\"{string.Concat(Enumerable.Range(0, 3000).Select(i => (char)('a' + (i * i + i / 7) % 26)))}\"}}",
        $"{{\"content\":\"{Convert.ToBase64String(TransportHost.Pattern(200_000))}\"}}",
    ];

    [Fact]
    public async Task A_zlib_stream_is_one_stream_over_events_and_control_payloads()
    {
        await using var host = await TransportHost.Start(Greeter(), BigBuffers);
        await using var client = await RawClient.Upgrade(host.Port, "/?v=10&encoding=json&compress=zlib-stream");
        var messages = await ReadBinary(client, Texts.Length + 2);
        Assert.Equal([0x78, 0x01], messages[0][..2]);
        Assert.All(messages, message => Assert.Equal(SyncFlush, message[^4..]));
        // All of it as one stream, and each message complete as soon as its own bytes are in.
        using var inflater = new ZlibText();
        Assert.Equal(Expected(), messages.Select(inflater.Next));
    }

    [Fact]
    public async Task A_zlib_stream_over_many_small_sends_is_the_same_stream()
    {
        await using var host = await TransportHost.Start(Greeter(), BigBuffers with { Options = options => (options.SendBuffer, options.Events) = (4096, Unlimited) });
        await using var client = await RawClient.Upgrade(host.Port, "/?compress=zlib-stream", socket => socket.ReceiveBufferSize = 2048);
        var messages = await ReadBinary(client, Texts.Length + 2);
        using var inflater = new ZlibText();
        Assert.Equal(Expected(), messages.Select(inflater.Next));
    }

    [Fact]
    public async Task Node_inflates_a_zlib_stream_as_the_client_libraries_do()
    {
        await using var host = await TransportHost.Start(Greeter(), BigBuffers);
        await using var client = await RawClient.Upgrade(host.Port, "/?compress=zlib-stream");
        var messages = await ReadBinary(client, Texts.Length + 2);
        // As discord.js reads it: one inflater for the connection, each message flushed with Z_SYNC_FLUSH.
        const string Script = """
            const zlib = require('node:zlib');
            const inflate = zlib.createInflate({ chunkSize: 65535, flush: zlib.constants.Z_SYNC_FLUSH });
            const lines = require('node:fs').readFileSync(0, 'utf8').trim().split('\n');
            inflate.on('error', error => { console.error(error); process.exit(1); });
            (async () => {
              for (const line of lines) {
                const parts = [];
                const onData = part => parts.push(part);
                inflate.on('data', onData);
                await new Promise(done => inflate.write(Buffer.from(line, 'base64'), 'binary', done));
                inflate.off('data', onData);
                console.log(Buffer.concat(parts).toString('base64'));
              }
            })();
            """;
        var output = await Node(Script, string.Join('\n', messages.Select(Convert.ToBase64String)));
        Assert.Equal(Expected(), output.Trim().Split('\n').Select(line => Encoding.UTF8.GetString(Convert.FromBase64String(line))));
    }

    [Fact]
    public async Task Payload_compression_makes_large_events_zlib_streams_of_their_own()
    {
        var handler = Greeter(connection => connection.CompressPayloads());
        await using var host = await TransportHost.Start(handler, BigBuffers);
        await using var client = await RawClient.Upgrade(host.Port);
        var texts = new List<string>();
        var binary = new List<bool>();
        for (var i = 0; i < Texts.Length + 2; i++)
        {
            var (opcode, payload) = await client.ReadFrame();
            binary.Add(opcode == 2);
            if (opcode == 2)
            {
                // Throws on a wrong checksum or a missing end.
                using var inflater = new ZLibStream(new MemoryStream(payload), CompressionMode.Decompress);
                using var text = new MemoryStream();
                inflater.CopyTo(text);
                payload = text.ToArray();
            }

            texts.Add(Encoding.UTF8.GetString(payload));
        }

        Assert.Equal(Expected(), texts);
        Assert.Equal([false, false, false, true, true, true, false], binary);
    }

    [Fact]
    public async Task Node_inflates_a_compressed_payload_with_its_checksum()
    {
        var handler = Greeter(connection => connection.CompressPayloads());
        await using var host = await TransportHost.Start(handler, BigBuffers);
        await using var client = await RawClient.Upgrade(host.Port);
        for (var i = 0; i < 3; i++)
            await client.ReadFrame();
        var (_, payload) = await client.ReadFrame();
        const string Script = "process.stdout.write(require('node:zlib').inflateSync(Buffer.from(require('node:fs').readFileSync(0, 'utf8'), 'base64')))";
        Assert.Equal(Expected()[3], await Node(Script, Convert.ToBase64String(payload)));
    }

    [Fact]
    public void A_shared_event_is_deflated_once()
    {
        var outbound = EventRingTests.Event(1, 500);
        Assert.Same(outbound.Deflated, outbound.Deflated);
        Assert.InRange(outbound.Deflated.Bytes.Length, 10, 150);
    }

    [Fact]
    public void The_checksum_is_adler_32_and_can_be_continued()
    {
        Assert.Equal(0x11E60398u, Adler32.Start.Append("Wikipedia"u8).Value);
        var bytes = TransportHost.Pattern(100_000);
        Assert.Equal(Adler32.Start.Append(bytes), Adler32.Start.Append(bytes.AsSpan(0, 33_333)).Append(bytes.AsSpan(33_333)));
        Assert.Equal(Adler32.Start, Adler32.Start.Append([]));
    }

    static readonly EventRingLimits Unlimited = new(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue);

    static readonly TransportHost.Setup BigBuffers = new() { Options = options => options.Events = Unlimited };

    static string[] Expected()
        =>
        [
            ControlPayload.HeartbeatRequest.ToString(),
            .. Texts.Select((text, index) => $"{{\"t\":\"MESSAGE_CREATE\",\"op\":0,\"d\":{text},\"s\":{index + 1}}}"),
            ControlPayload.HeartbeatAck.ToString(),
        ];

    static ScriptedHandler Greeter(Action<GatewayConnection>? configure = null) => new()
    {
        Opened = connection =>
        {
            configure?.Invoke(connection);
            connection.Send(ControlPayload.HeartbeatRequest);
            var ring = new EventRing(connection.Loop.Rings);
            ring.Attach(connection);
            foreach (var text in Texts)
                ring.Append(OutboundEvent.Create("MESSAGE_CREATE", Encoding.UTF8.GetBytes(text)));
            connection.Send(ControlPayload.HeartbeatAck);
        },
    };

    static async Task<List<byte[]>> ReadBinary(RawClient client, int count)
    {
        var messages = new List<byte[]>();
        while (messages.Count < count)
        {
            var (opcode, payload) = await client.ReadFrame();
            Assert.Equal(2, opcode);
            messages.Add(payload);
        }

        return messages;
    }

    static async Task<string> Node(string script, string input)
    {
        var start = new ProcessStartInfo("node", ["-e", script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var node = Process.Start(start)!;
        var output = node.StandardOutput.ReadToEndAsync();
        var errors = node.StandardError.ReadToEndAsync();
        await node.StandardInput.WriteAsync(input);
        node.StandardInput.Close();
        await node.WaitForExitAsync().WaitAsync(Deadline.Default);
        Assert.True(node.ExitCode == 0, await errors);
        return await output;
    }
}
