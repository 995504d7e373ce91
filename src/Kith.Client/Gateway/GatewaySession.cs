using System.Text.Json;
using System.Threading.Channels;
using Kith.Protocol;

namespace Kith.Client;

/// <summary>An open connection with its heartbeats.</summary>
sealed record GatewayLink(GatewaySocket Socket, Heartbeats Beats);

/// <summary>
/// What outlives a connection: the session's id, where to resume it, and how far it was received. Driven by one task; <see cref="Link"/> may be read by others.
/// </summary>
sealed class GatewaySession(KithClientOptions options, ChannelWriter<GatewayEvent> events)
{
    const int CloseResumable = 4000;
    const int CloseForGood = 1000;

    /// <summary>How long HELLO may take, the whole way from the first packet.</summary>
    static readonly TimeSpan HelloWithin = TimeSpan.FromSeconds(20);

    string? id;
    long sequence;
    bool live;

    public Uri? ResumeAddress { get; set; }

    public GatewayLink? Link { get; private set; }

    /// <summary>One connection from its beginning to its end. True where READY or RESUMED came.</summary>
    /// <exception cref="GatewayRefusedException">The end is final.</exception>
    public async Task<bool> ConnectAsync(Uri gateway, CancellationToken ct)
    {
        live = false;
        using var socket = new GatewaySocket(options.Compress);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var beating = Task.CompletedTask;
        try
        {
            var hello = await GreetAsync(socket, gateway, ct);
            if (hello is null) return false;
            var beats = new Heartbeats(socket, hello.Value, () => sequence == 0 ? null : sequence, options.Clock);
            Link = new GatewayLink(socket, beats);
            beating = beats.RunAsync(ending.Token);
            await IntroduceAsync(socket, ct);
            while (await socket.ReadAsync(ct) is { } payload)
            {
                if (!await HandleAsync(payload, Link, ct)) break;
            }
        }
        finally
        {
            Link = null;
            // A close with 1000 ends the session for good, any other code keeps it for a resume.
            await socket.CloseAsync(ct.IsCancellationRequested ? CloseForGood : CloseResumable);
            await ending.CancelAsync();
            await beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        AfterClose(socket);
        return live;
    }

    async Task<TimeSpan?> GreetAsync(GatewaySocket socket, Uri gateway, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(HelloWithin, options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            await socket.ConnectAsync(gateway, options.UserAgent, either.Token);
            return await socket.ReadAsync(either.Token) is { Op: GatewayOpcode.Hello } hello
                ? TimeSpan.FromMilliseconds(hello.Data.GetProperty("heartbeat_interval").GetInt32()) : null;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    Task<bool> IntroduceAsync(GatewaySocket socket, CancellationToken ct) => id is null
        ? socket.SendAsync(GatewayOpcode.Identify, Identification(), ct)
        : socket.SendAsync(GatewayOpcode.Resume, new { token = options.Token, session_id = id, seq = sequence }, ct);

    Dictionary<string, object> Identification()
    {
        var identify = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["token"] = options.Token ?? throw new InvalidOperationException("The gateway needs a token."),
            ["properties"] = new { os = "linux", browser = options.UserAgent, device = options.UserAgent },
            ["large_threshold"] = options.LargeThreshold,
        };
        if (options.Intents is { } intents) identify["intents"] = (int)intents;
        if (options.Shard is { } shard) identify["shard"] = new[] { shard.Shard, shard.Shards };
        return identify;
    }

    /// <summary>False where this connection is to be left.</summary>
    async Task<bool> HandleAsync(GatewayPayload payload, GatewayLink link, CancellationToken ct)
    {
        switch (payload.Op)
        {
            case GatewayOpcode.Dispatch:
                await DispatchAsync(payload, ct);
                return true;
            case GatewayOpcode.Heartbeat:
                await link.Beats.BeatAsync(ct);
                return true;
            case GatewayOpcode.HeartbeatAck:
                link.Beats.Answered();
                return true;
            case GatewayOpcode.Reconnect:
                live = true;
                return false;
            case GatewayOpcode.InvalidSession:
                if (payload.Data.ValueKind != JsonValueKind.True) Forget();
                await IntroduceAsync(link.Socket, ct);
                return true;
            default:
                return true;
        }
    }

    async Task DispatchAsync(GatewayPayload payload, CancellationToken ct)
    {
        var e = GatewayEvents.Read(payload.Name ?? "", payload.Sequence ?? sequence + 1, payload.Data);
        if (e is SessionStarted { Ready: var ready })
        {
            id = ready.SessionId;
            ResumeAddress = new Uri(ready.ResumeGatewayUrl);
        }

        live |= e is SessionStarted or SessionResumed;
        // A replay after RESUME may repeat what came just before the loss.
        if (e is not SessionStarted && e.Sequence <= sequence) return;
        await events.WriteAsync(e, ct);
        sequence = e.Sequence;
    }

    void AfterClose(GatewaySocket socket)
    {
        var code = socket.CloseCode;
        if (GatewayRefusedException.IsFinal(code)) throw new GatewayRefusedException((GatewayCloseCode)code, socket.CloseReason);
        if ((GatewayCloseCode)code is GatewayCloseCode.InvalidSequence or GatewayCloseCode.SessionTimedOut) Forget();
    }

    void Forget() => (id, sequence, ResumeAddress) = (null, 0, null);
}
