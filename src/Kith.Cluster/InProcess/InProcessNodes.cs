using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Presence;

namespace Kith.Cluster.InProcess;

/// <summary>The directory of a single node: whom this process hosts.</summary>
public sealed class InProcessSessionDirectory(IPresenceDirectory presences) : ISessionDirectory
{
    static readonly IReadOnlyList<NodeId> Self = [new NodeId("self")];

    public ValueTask<IReadOnlyList<NodeId>> NodesOfGuildAsync(GuildId guild, CancellationToken ct) => new(Self);

    public ValueTask<IReadOnlyList<NodeId>> NodesOfUsersAsync(IReadOnlyList<UserId> users, CancellationToken ct) => new(Self);

    public ValueTask<IReadOnlyList<NodeId>> AllNodesAsync(CancellationToken ct) => new(Self);

    public ValueTask<IReadOnlySet<UserId>> OnlineAsync(IReadOnlyCollection<UserId> users, CancellationToken ct) => presences.ConnectedAsync(users, ct);

    public void UserChanged(UserId user, bool hosted)
    {
        // One node hosts every user there is.
    }

    public void GuildChanged(GuildId guild, bool hosted)
    {
        // One node hosts every guild there is.
    }

    public ValueTask SettleAsync(CancellationToken ct) => default;
}

/// <summary>The inbox of a single node: straight into its gateway.</summary>
public sealed class InProcessInbox(IEventSink gateway) : INodeInbox
{
    public ValueTask SendAsync(NodeId node, Event e, CancellationToken ct) => gateway.DeliverAsync(e, ct);
}
