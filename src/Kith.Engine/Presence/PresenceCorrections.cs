using Kith.Domain;
using Kith.Engine.Delivery;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kith.Engine.Presence;

/// <summary>Tells watchers of users who went with a node that is gone, or came back with it.</summary>
public sealed partial class PresenceCorrections(
    IPresenceDirectory directory, PresenceEvents events, ILastSeenStore lastSeen, TimeProvider clock, ILogger<PresenceCorrections> log) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (user, change) in directory.Corrections.ReadAllAsync(stoppingToken))
        {
            while (!await TellAsync(user, change, stoppingToken))
                await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    /// <summary>False where it must be tried again.</summary>
    async Task<bool> TellAsync(UserId user, PresenceChange change, CancellationToken ct)
    {
        try
        {
            if (change.After.IsOffline) await lastSeen.SaveAsync(new Dictionary<UserId, DateTimeOffset> { [user] = clock.GetUtcNow() }, ct);
            await events.TellAsync(user, change.After, ct);
            return true;
        }
        catch (UnavailableException)
        {
            return false;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e, user);
            return true;
        }
    }

    [LoggerMessage(1303, LogLevel.Error, "That {User} appears differently could not be told")]
    partial void LogFailed(Exception e, UserId user);
}
