using Kith.Domain;

namespace Kith.Engine.Delivery;

/// <summary>
/// The ordered log of events between those who change state and the delivery and notify roles. Keyed by channel or guild: events of one key keep their order.
/// Adapters: a bounded queue in process; Kafka with acks=all.
/// </summary>
public interface IEventLog
{
    /// <summary>Returns when the log has taken the event for good. Waits while the log is full.</summary>
    /// <exception cref="UnavailableException">The log is away: the event was not taken, or it waits to be and is told later, unless this process ends before.</exception>
    ValueTask PublishAsync(Event e, CancellationToken ct);

    /// <summary>Asked before a commit whose event must follow it, so that nothing is half done.</summary>
    /// <exception cref="UnavailableException">The log is known to be away.</exception>
    void RefuseIfAway();
}

/// <summary>
/// Who consumes the log in this process: called for one event at a time per key, in order. Must not throw for a bad event; who throws <see cref="UnavailableException"/> gets it again,
/// where the log can be read again.
/// </summary>
public interface IEventConsumer
{
    ValueTask HandleAsync(Event e, CancellationToken ct);
}

/// <summary>One gateway node's name: unique among live nodes.</summary>
public readonly record struct NodeId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>An answer of the directory.</summary>
/// <param name="Version">Another one once any node hosts somebody new; empty where it is not known.</param>
public readonly record struct HostingNodes(IReadOnlyList<NodeId> Nodes, string Version);

/// <summary>Which nodes host whom, kept by the nodes themselves. Adapters: in process (one node, always itself); Redis with leases.</summary>
public interface ISessionDirectory
{
    ValueTask<HostingNodes> NodesOfGuildAsync(GuildId guild, CancellationToken ct);

    /// <summary>The union of the nodes of these users' sessions.</summary>
    ValueTask<HostingNodes> NodesOfUsersAsync(IReadOnlyList<UserId> users, CancellationToken ct);

    /// <summary>Every live gateway node.</summary>
    ValueTask<HostingNodes> AllNodesAsync(CancellationToken ct);

    /// <summary>Of these users, those whose client is connected, anywhere; a session that waits to be resumed does not count.</summary>
    ValueTask<IReadOnlySet<UserId>> OnlineAsync(IReadOnlyCollection<UserId> users, CancellationToken ct);

    /// <summary>This node hosts its first, or no longer any, session of the user.</summary>
    void UserChanged(UserId user, bool hosted);

    /// <summary>This node hosts its first, or no longer any, member of the guild.</summary>
    void GuildChanged(GuildId guild, bool hosted);

    /// <summary>
    /// Returns once whoever looks up knows of all changes told before: what is read after that, and events committed after the read, leave no gap.
    /// </summary>
    /// <exception cref="UnavailableException">The directory does not answer.</exception>
    ValueTask SettleAsync(CancellationToken ct);
}

/// <summary>Hands an event to one gateway node: one copy, whatever the number of recipients there. Adapters: in process; Redis stream and publish.</summary>
public interface INodeInbox
{
    /// <summary>Returns the directory's version (<see cref="HostingNodes"/>) of the moment when the node was handed the event.</summary>
    ValueTask<string> SendAsync(NodeId node, Event e, CancellationToken ct);
}

/// <summary>The gateway of this process, where its inbox ends. Called in order.</summary>
public interface IEventSink
{
    /// <summary>Returns once the event is queued for the sessions; waits while too many are queued, so that the log fills up rather than the memory.</summary>
    ValueTask DeliverAsync(Event e, CancellationToken ct);

    /// <summary>Events for this node were lost: its sessions end, and clients begin anew, rather than go on with a gap.</summary>
    ValueTask LostAsync(CancellationToken ct);
}

/// <summary>A dependency (named in the message) is away. The request had no effect, or one that repeating it repeats safely.</summary>
public sealed class UnavailableException(string dependency, Exception? inner = null)
    : Exception($"{dependency} is away.", inner)
{
    public string Dependency => dependency;
}
