using System.Threading.Channels;
using Kith.Domain;
using Kith.Engine.Delivery;

namespace Kith.Engine.Presence;

/// <summary>
/// Who is connected and how they appear, over all gateway nodes; each node tells of its own sessions. May be lost at any time: the nodes tell again.
/// Adapters: in process; Redis with leases.
/// </summary>
public interface IPresenceDirectory
{
    /// <summary>
    /// What this node's sessions of a user are now, none at all included. Atomic per user; returns how the user appeared over all nodes before and appears now.
    /// </summary>
    ValueTask<PresenceChange> SetAsync(UserId user, IReadOnlyList<SessionPresence> sessions, CancellationToken ct);

    /// <summary>Of these users, those who do not appear offline.</summary>
    ValueTask<IReadOnlyDictionary<UserId, VisiblePresence>> FindAsync(IReadOnlyCollection<UserId> users, CancellationToken ct);

    /// <summary>Of these users, those with a connected session anywhere, invisible ones included.</summary>
    /// <exception cref="UnavailableException">Not known now; nobody must be taken for gone.</exception>
    ValueTask<IReadOnlySet<UserId>> ConnectedAsync(IReadOnlyCollection<UserId> users, CancellationToken ct);

    /// <summary>Users who appear differently because a node is gone, or is back. Read by one.</summary>
    ChannelReader<(UserId User, PresenceChange Change)> Corrections { get; }
}

public readonly record struct PresenceChange(VisiblePresence Before, VisiblePresence After);

/// <summary>When each user last appeared to be there. Adapters: SQL, Cassandra.</summary>
public interface ILastSeenStore
{
    Task<DateTimeOffset?> FindAsync(UserId user, CancellationToken ct);

    /// <summary>Of these users, those who were ever seen.</summary>
    Task<IReadOnlyDictionary<UserId, DateTimeOffset>> FindManyAsync(IReadOnlyCollection<UserId> users, CancellationToken ct);

    /// <summary>Many in one write. A time before the one that is stored changes nothing.</summary>
    Task SaveAsync(IReadOnlyDictionary<UserId, DateTimeOffset> seen, CancellationToken ct);
}
