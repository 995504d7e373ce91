using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Kith.Client;
using Kith.Protocol;
using Xunit;

namespace Kith.Testing;

/// <summary>One payload as it came. <paramref name="Index"/> counts all payloads of the connection from 0.</summary>
public sealed record GatewayPayload(int Index, GatewayOpcode Op, long? Sequence, string? Name, JsonElement Data);

public sealed record GatewayClosed(int Code, string Reason);

/// <summary>
/// A gateway client that hides nothing: it sends what it is told and keeps everything that came. It sends no heartbeats of its own. Waiting is for a payload
/// that satisfies a predicate, among those that came already as well.
/// </summary>
public sealed class GatewayProbe : IAsyncDisposable
{
    const string DefaultQuery = "v=10&encoding=json";

    readonly ClientWebSocket socket = new();
    readonly Lock gate = new();
    readonly List<GatewayPayload> payloads = [];
    readonly TaskCompletionSource<GatewayClosed> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly ZlibStreamInflater? inflater;
    TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Task receiving = Task.CompletedTask;
    int cursor;

    GatewayProbe(bool stream) => inflater = stream ? new ZlibStreamInflater() : null;

    /// <summary>Session and where to resume it, from READY.</summary>
    public string SessionId { get; private set; } = "";

    public JsonElement Ready { get; private set; }

    /// <summary>Everything so far, in order.</summary>
    public IReadOnlyList<GatewayPayload> Payloads
    {
        get
        {
            lock (gate) return [.. payloads];
        }
    }

    /// <summary>Dispatches only.</summary>
    public IEnumerable<GatewayPayload> Events => Payloads.Where(p => p.Op == GatewayOpcode.Dispatch);

    public long? LastSequence => Events.LastOrDefault()?.Sequence;

    /// <summary>How many payloads have come: a position to wait or look from.</summary>
    public int Count
    {
        get
        {
            lock (gate) return payloads.Count;
        }
    }

    /// <summary>Opens the socket and reads HELLO.</summary>
    public static async Task<GatewayProbe> Connect(Uri address, string query = DefaultQuery, string path = "/")
    {
        var probe = new GatewayProbe(query.Contains("compress=zlib-stream", StringComparison.Ordinal));
        probe.socket.Options.KeepAliveInterval = TimeSpan.Zero;
        probe.socket.Options.Proxy = null;
        using var timeout = new CancellationTokenSource(Deadline.Default);
        await probe.socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = path, Query = query }.Uri, timeout.Token);
        probe.receiving = Task.Run(probe.Receive);
        await probe.Wait(GatewayOpcode.Hello);
        return probe;
    }

    /// <summary>Connects, identifies, and waits for READY and a GUILD_CREATE for each of its guilds.</summary>
    public static async Task<GatewayProbe> Login(TestUser user, Intents? intents = null, string query = DefaultQuery)
    {
        var probe = await Connect(user.Api.Address, query);
        await probe.Identify(user.Token, intents);
        await probe.WaitReady();
        return probe;
    }

    public async Task<JsonElement> WaitReady()
    {
        Ready = (await Wait("READY")).Data;
        SessionId = Ready.Str("session_id")!;
        foreach (var guild in Ready.Items("guilds"))
            await Wait("GUILD_CREATE", g => g.Str("id") == guild.Str("id"));
        lock (gate) cursor = payloads.Count;
        return Ready;
    }

    public Task Identify(string token, Intents? intents = null, int[]? shard = null, bool? compress = null, object? presence = null, int? largeThreshold = null) =>
        Send(GatewayOpcode.Identify, Present(new()
        {
            ["token"] = token,
            ["properties"] = new { os = "linux", browser = "probe", device = "probe" },
            ["intents"] = intents is { } bits ? (int)bits : null,
            ["shard"] = shard,
            ["compress"] = compress,
            ["presence"] = presence,
            ["large_threshold"] = largeThreshold,
        }));

    public Task Resume(string token, string session, long sequence) =>
        Send(GatewayOpcode.Resume, new { token, session_id = session, seq = sequence });

    /// <summary>Confirms everything that came, or up to a sequence number, and waits for the answer.</summary>
    public async Task Heartbeat(long? sequence = null)
    {
        var from = Count;
        await Send(GatewayOpcode.Heartbeat, sequence ?? LastSequence);
        await Wait(GatewayOpcode.HeartbeatAck, from);
    }

    public Task Send(GatewayOpcode op, object? data) => SendText(JsonSerializer.Serialize(new { op, d = data }, Wire.Options));

    public async Task SendText(string text)
    {
        using var timeout = new CancellationTokenSource(Deadline.Default);
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, timeout.Token);
    }

    /// <summary>The first event of that name, from a position on, that satisfies; past ones count.</summary>
    public Task<GatewayPayload> Wait(string name, Func<JsonElement, bool>? where = null, int from = 0) =>
        Find(p => p.Op == GatewayOpcode.Dispatch && p.Name == name && where?.Invoke(p.Data) != false, from, name);

    public Task<GatewayPayload> Wait(GatewayOpcode op, int from = 0) => Find(p => p.Op == op, from, $"op {op}");

    /// <summary>As <see cref="Wait(string, Func{JsonElement, bool}?, int)"/>, from behind the event that the last call returned (or READY) on.</summary>
    public async Task<JsonElement> Next(string name, Func<JsonElement, bool>? where = null)
    {
        var found = await Wait(name, where, cursor);
        cursor = found.Index + 1;
        return found.Data;
    }

    /// <summary>
    /// Claims that no such event came between two positions. To know that none is still under way, first cause an event that must follow it and wait for that.
    /// </summary>
    public void AssertNone(string name, Func<JsonElement, bool>? where = null, int from = 0) =>
        Assert.DoesNotContain(Payloads.Skip(from), p => p.Op == GatewayOpcode.Dispatch && p.Name == name && where?.Invoke(p.Data) != false);

    /// <summary>The server's close code; 1006 where the connection ended without one.</summary>
    public Task<GatewayClosed> Closed() => Deadline.For(closed.Task, () => $"the close of the socket; came: {Describe()}");

    /// <summary>Closes with a code of the client; the server must answer it.</summary>
    public async Task Close(int code)
    {
        using var timeout = new CancellationTokenSource(Deadline.Default);
        // Not CloseAsync: it reads as well, and where the other reader gets the answer first it takes the end of the stream for a broken one.
        await socket.CloseOutputAsync((WebSocketCloseStatus)code, "", timeout.Token);
        Assert.NotEqual(1006, (await Closed()).Code);
    }

    /// <summary>Ends the connection without a goodbye.</summary>
    public void Abort() => socket.Abort();

    public async ValueTask DisposeAsync()
    {
        socket.Abort();
        await receiving;
        socket.Dispose();
        inflater?.Dispose();
    }

    async Task<GatewayPayload> Find(Func<GatewayPayload, bool> satisfied, int from, string what)
    {
        using var end = new CancellationTokenSource(Deadline.Default);
        while (true)
        {
            Task next;
            lock (gate)
            {
                for (; from < payloads.Count; from++)
                {
                    if (satisfied(payloads[from])) return payloads[from];
                }

                next = arrived.Task;
            }

            if (closed.Task.IsCompleted && next == arrived.Task)
                Assert.Fail($"The gateway closed with {await closed.Task} while waiting for {what}; came: {Describe()}");
            if (await Task.WhenAny(next, closed.Task, Task.Delay(Timeout.Infinite, end.Token)) is { IsCanceled: true })
                throw new TimeoutException($"No {what} within {Deadline.Default.TotalSeconds:0} s; came: {Describe()}");
        }
    }

    string Describe() => string.Join(", ", Payloads.TakeLast(40).Select(p => p.Name ?? p.Op.ToString()));

    async Task Receive()
    {
        try
        {
            while (await ReceiveMessage() is { } message)
                Keep(message);
            closed.TrySetResult(new GatewayClosed((int)(socket.CloseStatus ?? WebSocketCloseStatus.Empty), socket.CloseStatusDescription ?? ""));
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            closed.TrySetResult(new GatewayClosed(1006, e.Message));
        }
        catch (Exception e)
        {
            closed.TrySetException(e);
        }
    }

    async Task<byte[]?> ReceiveMessage()
    {
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, CancellationToken.None);
            if (part.MessageType == WebSocketMessageType.Close) return null;
            message.Write(buffer, 0, part.Count);
            if (!part.EndOfMessage) continue;
            var bytes = message.ToArray();
            return part.MessageType == WebSocketMessageType.Text ? bytes : inflater?.Inflate(bytes) ?? ZlibStreamInflater.InflateOne(bytes);
        }
    }

    void Keep(byte[] message)
    {
        var json = JsonDocument.Parse(message).RootElement;
        TaskCompletionSource wake;
        lock (gate)
        {
            payloads.Add(new GatewayPayload(
                payloads.Count,
                (GatewayOpcode)json.Int("op"),
                json.TryGetProperty("s", out var s) && s.ValueKind == JsonValueKind.Number ? s.GetInt64() : null,
                json.Str("t"),
                json.TryGetProperty("d", out var data) ? data : default));
            wake = arrived;
            arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        wake.SetResult();
    }

    static Dictionary<string, object> Present(Dictionary<string, object?> fields) =>
        fields.Where(f => f.Value is not null).ToDictionary(f => f.Key, f => f.Value!, StringComparer.Ordinal);
}
