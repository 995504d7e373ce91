using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Presence;
using Kith.Gateway.Protocol;
using Kith.Gateway.Resume;
using Kith.Gateway.Sessions;
using Kith.Gateway.Transport;

namespace Kith.Gateway.Dispatch;

/// <summary>What the gateway's loops ask of the rest of the server.</summary>
sealed record GatewayEngine(
    SessionRoster Roster, ISessionDirectory Directory, GuildReads Guilds, GuildWelcomes Welcomes, MemberRequests Members, DeliveredReceipts Receipts);

/// <summary>The gateway of this process: the sessions of all loops, and where events come in for them.</summary>
sealed class GatewayNode : IEventSink, IDisposable
{
    readonly LoopSessions[] loops;
    readonly LoopReads reads;
    readonly TimeProvider clock;
    readonly long began;

    readonly RepeatedEvents repeats;
    readonly SemaphoreSlim delivering = new(1, 1);
    readonly ConcurrentDictionary<SessionId, LoopSessions> adopted = new();

    // Loops that host the guild.
    readonly Dictionary<GuildId, int> hosted = [];

    public GatewayNode(GatewayTransport transport, GatewayEngine engine, GatewayOptions options, LoopReads reads, GatewayMetrics metrics, TimeProvider clock)
    {
        (Engine, Options, Metrics, this.reads, this.clock) = (engine, options, metrics, reads, clock);
        repeats = new RepeatedEvents(clock);
        began = clock.GetTimestamp();
        Hello = ControlPayload.Hello(options.HeartbeatInterval);
        loops = [.. transport.Loops.Select(loop => new LoopSessions(this, loop))];
        metrics.ObserveSessions(() => loops.Select(l => new Measurement<int>(l.Count, new KeyValuePair<string, object?>("loop", l.Loop.Index))));
    }

    public GatewayEngine Engine { get; }

    public GatewayOptions Options { get; }

    public GatewayMetrics Metrics { get; }

    public ControlPayload Hello { get; }

    /// <summary>Half an interval more than clients are told, and the time a slow network takes.</summary>
    public TimeSpan HeartbeatTimeout => (Options.HeartbeatInterval * 1.5) + TimeSpan.FromSeconds(5);

    /// <summary>Whole seconds since the gateway began.</summary>
    public int Seconds => (int)clock.GetElapsedTime(began).TotalSeconds;

    /// <summary>Messages with a greater id were sent lately.</summary>
    public MessageId Lately => new(Snowflake.AtTime(clock.GetUtcNow() - ToldEvents.Window));

    /// <summary>No session begins any more.</summary>
    public bool IsStopping { get; set; }

    public LoopSessions On(GatewayLoop loop) => loops[loop.Index];

    /// <summary>Null where there is no such loop.</summary>
    public LoopSessions? On(int loop) => loop < loops.Length ? loops[loop] : null;

    public async ValueTask DeliverAsync(Event e, CancellationToken ct)
    {
        await delivering.WaitAsync(ct);
        try
        {
            Metrics.Taken(e.Name);
            if (!repeats.IsNew(e)) return;
            if (e.Effect is { } effect) Engine.Guilds.Apply(effect);
            var dispatch = new EventDispatch(this, e);
            foreach (var loop in loops)
                await loop.Loop.PostAsync(dispatch, ct);
        }
        finally
        {
            delivering.Release();
        }
    }

    /// <summary>Does something on a loop between two events: all that the given places in the log say has come to the loop, and nothing else.</summary>
    public async Task<T> BetweenEventsAsync<T>(LoopSessions home, Func<IReadOnlyList<LogPosition>, T> work, CancellationToken ct)
    {
        Task<T> working;
        await delivering.WaitAsync(ct);
        try
        {
            var progress = repeats.Progress();
            working = reads.CallAsync(home.Loop, () => work(progress));
        }
        finally
        {
            delivering.Release();
        }

        return await working;
    }

    /// <summary>The loop on which a session of this name may be; null where there is none.</summary>
    public LoopSessions? Home(SessionId id) => adopted.TryGetValue(id, out var home) ? home : On(id.Loop);

    public void OnAdopted(SessionId origin, LoopSessions home) => adopted[origin] = home;

    public void OnLeft(SessionId origin) => adopted.TryRemove(origin, out _);

    /// <summary>Sessions that live here.</summary>
    public int Sessions => loops.Sum(l => l.Count);

    public async ValueTask LostAsync(CancellationToken ct)
    {
        foreach (var loop in loops)
            await reads.CallAsync(loop.Loop, loop.EndAll).WaitAsync(ct);
    }

    public void Dispose() => delivering.Dispose();

    /// <summary>A loop has its first, or no longer any, session in the guild.</summary>
    public void OnGuildHosted(GuildId guild, bool hosted)
    {
        // The directory is told under the lock, so that it hears of changes in their order.
        lock (this.hosted)
        {
            var count = this.hosted.GetValueOrDefault(guild) + (hosted ? 1 : -1);
            if (count == 0) this.hosted.Remove(guild);
            else this.hosted[guild] = count;
            if (count == 0 || (hosted && count == 1)) Engine.Directory.GuildChanged(guild, hosted);
        }
    }
}
