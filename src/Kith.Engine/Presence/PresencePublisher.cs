using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Guilds;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kith.Engine.Presence;

/// <summary>
/// Tells the directory of this node's changes, tells watchers where a user then appears differently, and notes when users were last seen. One at a time, so that a
/// user's appearances keep their order; a user that changes while waiting is handled once, with its newest state.
/// </summary>
public sealed partial class PresencePublisher(
    SessionRoster roster, IPresenceDirectory directory, PresenceEvents events, LastSeen lastSeen, Departures departures, TimeProvider clock, ILogger<PresencePublisher> log) : BackgroundService
{
    /// <summary>Users between two writes of who was last seen.</summary>
    const int MaxBatch = 512;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    bool stopping;

    /// <summary>Whoever goes down with the node was seen until now.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        stopping = true;
        while (roster.Changed.TryRead(out var user))
            await HandleAsync(user, cancellationToken);
        await lastSeen.SaveAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await roster.Changed.WaitToReadAsync(stoppingToken))
        {
            for (var handled = 0; handled < MaxBatch && roster.Changed.TryRead(out var user); handled++)
                await HandleAsync(user, stoppingToken);
            await lastSeen.SaveAsync(stoppingToken);
        }
    }

    async Task HandleAsync(UserId user, CancellationToken ct)
    {
        try
        {
            var sessions = roster.Read(user);
            var change = await directory.SetAsync(user, sessions.Connected, ct);
            if (!change.Before.Equals(change.After))
            {
                if (change.After.IsOffline) lastSeen.Left(user);
                else lastSeen.Returned(user);
                await events.TellAsync(user, change.After, ct);
            }
            else if (sessions.Appeared && change.After.IsOffline)
            {
                // Came and went before anybody was told.
                lastSeen.Left(user);
            }

            if (!sessions.AreHosted && !(await directory.ConnectedAsync([user], ct)).Contains(user)) await departures.EndTemporaryAsync(user, ct);
        }
        catch (UnavailableException e)
        {
            LogAway(e.Dependency, user);
            // What a node that ends could not tell, those that go on find out when its lease ends.
            if (stopping) return;
            roster.Repeat(user);
            await Task.Delay(Pause, clock, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            // The user's next change is told whole; all others must not wait for it.
            LogFailed(e, user);
        }
    }

    [LoggerMessage(1302, LogLevel.Warning, "{Dependency} is away: the presence of {User} is told later")]
    partial void LogAway(string dependency, UserId user);

    [LoggerMessage(1300, LogLevel.Error, "The presence of {User} could not be told")]
    partial void LogFailed(Exception e, UserId user);
}
