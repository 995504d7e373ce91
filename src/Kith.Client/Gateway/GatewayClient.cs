using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Kith.Domain;
using Kith.Protocol;

namespace Kith.Client;

/// <summary>
/// The live side: connects, identifies, keeps the connection alive, and after any loss comes back and resumes where it stopped. Events come in order, each once, as
/// long as the session can be resumed; where it cannot, a new <see cref="SessionStarted"/> starts afresh.
/// </summary>
public sealed class GatewayClient(KithClientOptions options, RestClient rest)
{
    static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    GatewaySession? session;
    int reading;

    /// <summary>
    /// Connects and yields events until cancelled. One reader at a time. A reader that stops for long lets events wait up to the options' queue, then in the server.
    /// </summary>
    /// <exception cref="GatewayRefusedException">Connecting again cannot help.</exception>
    public async IAsyncEnumerable<GatewayEvent> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        if (Interlocked.Exchange(ref reading, 1) == 1) throw new InvalidOperationException("Events have one reader.");
        var queue = System.Threading.Channels.Channel.CreateBounded<GatewayEvent>(new BoundedChannelOptions(options.EventQueue) { SingleReader = true, SingleWriter = true });
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var running = RunAsync(queue.Writer, ending.Token);
        try
        {
            await foreach (var e in queue.Reader.ReadAllAsync(ct))
                yield return e;
        }
        finally
        {
            await ending.CancelAsync();
            await running;
            Volatile.Write(ref reading, 0);
        }
    }

    /// <summary>Tells the server now how far events have been received, instead of with the next heartbeat: for receipts of delivery.</summary>
    /// <exception cref="InvalidOperationException">Not connected.</exception>
    public Task ConfirmAsync(CancellationToken ct) => Current.Beats.BeatAsync(ct);

    /// <param name="status">online, idle, dnd or invisible.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">Not connected.</exception>
    public Task SetStatusAsync(string status, CancellationToken ct) =>
        Current.Socket.SendAsync(GatewayOpcode.PresenceUpdate, new { status, afk = false, since = (long?)null, activities = Array.Empty<object>() }, ct);

    /// <summary>Asks for members, which come as <see cref="MembersChunk"/> events.</summary>
    /// <param name="guild">Whose.</param>
    /// <param name="query">How their names begin; empty for all.</param>
    /// <param name="limit">0 for all.</param>
    /// <param name="nonce">Comes back in the chunks.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">Not connected.</exception>
    public Task RequestMembersAsync(GuildId guild, string query, int limit, string nonce, CancellationToken ct) =>
        Current.Socket.SendAsync(GatewayOpcode.RequestGuildMembers, new { guild_id = guild, query, limit, nonce }, ct);

    GatewayLink Current => session?.Link ?? throw new InvalidOperationException("Not connected.");

    async Task RunAsync(ChannelWriter<GatewayEvent> events, CancellationToken ct)
    {
        Exception? failure = null;
        try
        {
            session = new GatewaySession(options, events);
            for (var failures = 0; ; failures++)
            {
                if (failures > 0) await PauseAsync(failures, ct);
                if (await TryConnectOnceAsync(session, ct)) failures = 0;
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The reader has gone.
        }
        catch (Exception e)
        {
            failure = e;
        }
        finally
        {
            session = null;
            events.TryComplete(failure);
        }
    }

    /// <summary>Whether the connection had come to life before it ended.</summary>
    async Task<bool> TryConnectOnceAsync(GatewaySession session, CancellationToken ct)
    {
        try
        {
            var address = session.ResumeAddress ?? await FindGatewayAsync(ct);
            return await session.ConnectAsync(address, ct);
        }
        catch (Exception e) when (e is WebSocketException or HttpRequestException or JsonException or RestException { Status: >= 500 })
        {
            session.ResumeAddress = null;
            return false;
        }
    }

    async Task<Uri> FindGatewayAsync(CancellationToken ct) =>
        new((await rest.SendAsync<JsonElement>(HttpMethod.Get, "/gateway", null, ct)).GetProperty("url").GetString()!);

    /// <summary>At once for a first loss but for a little chance, then doubling to a minute; half of it chance.</summary>
    Task PauseAsync(int failures, CancellationToken ct)
    {
        var longest = TimeSpan.FromMilliseconds(Math.Min(LongestPause.TotalMilliseconds, 250 * Math.Pow(2, Math.Min(failures, 20))));
        return Task.Delay(longest * (0.5 + (Random.Shared.NextDouble() / 2)), options.Clock, ct);
    }
}
