using System.Collections.Concurrent;
using System.Threading.Channels;
using Kith.Domain;
using Kith.Engine.Presence;

namespace Kith.Cluster.InProcess;

/// <summary>The presences of a single node: one entry for each connected user, invisible ones as offline.</summary>
public sealed class InProcessPresenceDirectory : IPresenceDirectory
{
    readonly ConcurrentDictionary<UserId, VisiblePresence> connected = new();
    readonly Channel<(UserId User, PresenceChange Change)> none = Channel.CreateBounded<(UserId, PresenceChange)>(1);

    /// <summary>None: nobody outlives the only node.</summary>
    public ChannelReader<(UserId User, PresenceChange Change)> Corrections => none.Reader;

    public ValueTask<PresenceChange> SetAsync(UserId user, IReadOnlyList<SessionPresence> sessions, CancellationToken ct)
    {
        var after = VisiblePresence.Of(sessions);
        VisiblePresence? before = null;
        if (sessions.Count == 0)
        {
            connected.TryRemove(user, out before);
        }
        else
        {
            connected.AddOrUpdate(user, after, (_, old) =>
            {
                before = old;
                return after;
            });
        }

        return new(new PresenceChange(before ?? VisiblePresence.Offline, after));
    }

    public ValueTask<IReadOnlyDictionary<UserId, VisiblePresence>> FindAsync(IReadOnlyCollection<UserId> users, CancellationToken ct)
    {
        Dictionary<UserId, VisiblePresence> found = [];
        foreach (var user in users)
        {
            if (connected.TryGetValue(user, out var presence) && !presence.IsOffline) found[user] = presence;
        }

        return new(found);
    }

    public ValueTask<IReadOnlySet<UserId>> ConnectedAsync(IReadOnlyCollection<UserId> users, CancellationToken ct) =>
        new(users.Where(connected.ContainsKey).ToHashSet());
}
