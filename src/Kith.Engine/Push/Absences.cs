using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Presence;
using Microsoft.Extensions.Logging;

namespace Kith.Engine.Push;

/// <summary>
/// Who is not there: without a connected session, or with idle ones only, for longer than the options say. Since when someone is idle is learned from PRESENCE_UPDATE and
/// written a little behind. Whoever hides as invisible is there: that does not tell of idleness.
/// </summary>
public sealed partial class Absences(
    IPushAudienceStore store, Digests digests, ISessionDirectory sessions, IPresenceDirectory presences, PushOptions options, TimeProvider clock, ILogger<Absences> log)
    : PeriodicWork(Interval, clock)
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    readonly Lock gate = new();

    /// <summary>As many as changed within a second.</summary>
    Dictionary<UserId, Change> unwritten = [];

    public void PresenceChanged(UserId user, string? status)
    {
        lock (gate)
        {
            var seen = status != "offline" || (unwritten.TryGetValue(user, out var before) && before.Seen);
            unwritten[user] = new Change(status == "idle" ? Clock.GetUtcNow() : null, seen);
        }
    }

    protected override async Task RunAsync(CancellationToken ct)
    {
        Dictionary<UserId, Change> batch;
        lock (gate) (batch, unwritten) = (unwritten, []);
        if (batch.Count == 0) return;
        try
        {
            await store.SetIdleAsync(batch.ToDictionary(c => c.Key, c => c.Value.IdleSince), ct);
            await digests.SeenAsync([.. batch.Where(c => c.Value.Seen).Select(c => c.Key)], ct);
        }
        catch (UnavailableException)
        {
            lock (gate)
            {
                foreach (var (user, change) in batch)
                    unwritten.TryAdd(user, change);
            }

            throw;
        }
    }

    protected override void Failed(Exception e) => LogUnsaved(e);

    /// <summary>Of these users, those who are not there and have not asked by a session's presence to be left alone. Three queries at most.</summary>
    public async ValueTask<IReadOnlyList<UserId>> AbsentAsync(IReadOnlyCollection<UserId> users, CancellationToken ct)
    {
        var connected = await sessions.OnlineAsync(users, ct);
        if (connected.Count == 0) return [.. users];
        var shown = await presences.FindAsync(connected, ct);
        UserId[] idle = [.. shown.Where(p => p.Value.Status == PresenceStatus.Idle).Select(p => p.Key)];
        var since = idle.Length == 0 ? new Dictionary<UserId, DateTimeOffset>() : await store.IdleSinceAsync(idle, ct);
        var longAgo = Clock.GetUtcNow() - options.IdleAfter;
        return [.. users.Where(u => !connected.Contains(u) || (since.TryGetValue(u, out var from) && from <= longAgo))];
    }

    [LoggerMessage(1601, LogLevel.Warning, "Since when users are idle could not be written yet")]
    partial void LogUnsaved(Exception e);

    /// <param name="IdleSince">Null: no longer idle.</param>
    /// <param name="Seen">Appeared to be there at some time.</param>
    readonly record struct Change(DateTimeOffset? IdleSince, bool Seen);
}
