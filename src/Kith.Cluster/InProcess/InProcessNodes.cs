using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Presence;

namespace Kith.Cluster.InProcess;

/// <summary>The directory of a single node: whom this process hosts.</summary>
public sealed class InProcessSessionDirectory(IPresenceDirectory presences) : ISessionDirectory
{
    /// <summary>It never changes.</summary>
    public const string Version = "1";

    static readonly HostingNodes Self = new([new NodeId("self")], Version);

    public ValueTask<HostingNodes> NodesOfGuildAsync(GuildId guild, CancellationToken ct) => new(Self);

    public ValueTask<HostingNodes> NodesOfUsersAsync(IReadOnlyList<UserId> users, CancellationToken ct) => new(Self);

    public ValueTask<HostingNodes> AllNodesAsync(CancellationToken ct) => new(Self);

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
    public async ValueTask<string> SendAsync(NodeId node, Event e, CancellationToken ct)
    {
        await gateway.DeliverAsync(e, ct);
        return InProcessSessionDirectory.Version;
    }
}
