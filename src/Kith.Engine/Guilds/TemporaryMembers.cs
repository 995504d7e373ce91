using System.Collections.Concurrent;
using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Presence;
using Microsoft.Extensions.Logging;

namespace Kith.Engine.Guilds;

/// <summary>
/// Ends the memberships of those who came by a temporary invite, got no role, and went offline. They have <see cref="Grace"/> to come back, so that neither a lost
/// connection nor a restart of the server costs anyone a membership: who is waited for when the process ends keeps it.
/// </summary>
public sealed partial class TemporaryMembers(Departures departures, IPresenceDirectory presences, TimeProvider clock, ILogger<TemporaryMembers> log)
    : PeriodicWork(Interval, clock), IEventConsumer
{
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>When each user whose presence changed is to be looked at: at most as many as there are users connected within the grace.</summary>
    readonly ConcurrentDictionary<UserId, DateTimeOffset> due = new();

    public ValueTask HandleAsync(Event e, CancellationToken ct)
    {
        if (e.Audience is Audience.OfWatchers watchers) due[watchers.User] = Clock.GetUtcNow() + Grace;
        return default;
    }

    protected override async Task RunAsync(CancellationToken ct)
    {
        var now = Clock.GetUtcNow();
        KeyValuePair<UserId, DateTimeOffset>[] users = [.. due.Where(d => d.Value <= now)];
        if (users.Length == 0) return;
        var connected = await presences.ConnectedAsync([.. users.Select(u => u.Key)], ct);
        foreach (var user in users)
        {
            // Unless it changed again meanwhile.
            if (due.TryRemove(user) && !connected.Contains(user.Key)) await departures.EndTemporaryAsync(user.Key, ct);
        }
    }

    protected override void Failed(Exception e) => LogFailed(e);

    [LoggerMessage(1401, LogLevel.Error, "Temporary memberships could not be ended")]
    partial void LogFailed(Exception e);
}
