using System.Collections.Concurrent;
using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Presence;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kith.Engine.Guilds;

/// <summary>
/// Ends the memberships of those who came by a temporary invite, got no role, and went offline. They have <see cref="Grace"/> to come back, so that neither a lost
/// connection nor a restart of the server costs anyone a membership: who is waited for when the process ends keeps it.
/// </summary>
public sealed partial class TemporaryMembers(Departures departures, IPresenceDirectory presences, TimeProvider clock, ILogger<TemporaryMembers> log)
    : BackgroundService, IEventConsumer
{
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>When each user whose presence changed is to be looked at: at most as many as there are users connected within the grace.</summary>
    readonly ConcurrentDictionary<UserId, DateTimeOffset> due = new();

    public ValueTask HandleAsync(Event e, CancellationToken ct)
    {
        if (e.Audience is Audience.OfWatchers watchers) due[watchers.User] = clock.GetUtcNow() + Grace;
        return default;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await EndAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Who is still waited for keeps the membership.
        }
    }

    async Task EndAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        KeyValuePair<UserId, DateTimeOffset>[] users = [.. due.Where(d => d.Value <= now)];
        if (users.Length == 0) return;
        try
        {
            var connected = await presences.ConnectedAsync([.. users.Select(u => u.Key)], ct);
            foreach (var user in users)
            {
                // Unless it changed again meanwhile.
                if (due.TryRemove(user) && !connected.Contains(user.Key)) await departures.EndTemporaryAsync(user.Key, ct);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e);
        }
    }

    [LoggerMessage(1401, LogLevel.Error, "Temporary memberships could not be ended")]
    partial void LogFailed(Exception e);
}
