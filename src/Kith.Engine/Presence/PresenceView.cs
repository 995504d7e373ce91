using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Preferences;
using Kith.Protocol;

namespace Kith.Engine.Presence;

/// <summary>The answer of <c>GET /users/{id}/presence</c>.</summary>
/// <param name="LastSeenAt">Null while the user appears to be there, and where it never was.</param>
public sealed record UserPresence(string Status, DateTimeOffset? LastSeenAt);

/// <summary>How one user appears to another who asks.</summary>
public sealed class PresenceView(Users users, PresenceWatchers watchers, Settings settings, IPresenceDirectory presences, ILastSeenStore lastSeen)
{
    /// <summary>50001 for strangers, 900005 where the user keeps it private.</summary>
    public async Task<Result<UserPresence>> OfAsync(Principal asker, UserId user, CancellationToken ct)
    {
        if (await users.FindAsync(user, ct) is null) return ErrorCode.UnknownUser;
        if (!await watchers.MayWatchAsync(asker.Id, user, ct)) return ErrorCode.MissingAccess;
        if (asker.Id != user && !(await settings.OfAsync(user, ct)).ShowLastSeen) return ErrorCode.LastSeenHidden;
        return (await presences.FindAsync([user], ct)).TryGetValue(user, out var presence)
            ? new UserPresence(presence.Status.ToWire(), null)
            : new UserPresence(PresenceStatus.Offline.ToWire(), await lastSeen.FindAsync(user, ct));
    }
}
