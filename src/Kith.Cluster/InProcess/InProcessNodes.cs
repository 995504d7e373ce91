using System.Collections.Concurrent;
using Kith.Domain;
using Kith.Engine.Delivery;

namespace Kith.Cluster.InProcess;

/// <summary>The directory of a single node: whom this process hosts.</summary>
public sealed class InProcessSessionDirectory : ISessionDirectory
{
    static readonly IReadOnlyList<NodeId> Self = [new NodeId("self")];

    readonly ConcurrentDictionary<UserId, byte> users = new();

    public ValueTask<IReadOnlyList<NodeId>> NodesOfGuildAsync(GuildId guild, CancellationToken ct) => new(Self);

    public ValueTask<IReadOnlyList<NodeId>> NodesOfUsersAsync(IReadOnlyList<UserId> users, CancellationToken ct) => new(Self);

    public ValueTask<IReadOnlyList<NodeId>> AllNodesAsync(CancellationToken ct) => new(Self);

    public ValueTask<IReadOnlySet<UserId>> OnlineAsync(IReadOnlyCollection<UserId> users, CancellationToken ct) =>
        new(users.Where(this.users.ContainsKey).ToHashSet());

    public void UserChanged(UserId user, bool hosted)
    {
        if (hosted) users[user] = 0;
        else users.TryRemove(user, out _);
    }

    public void GuildChanged(GuildId guild, bool hosted)
    {
        // One node hosts every guild there is.
    }
}

/// <summary>The inbox of a single node: straight into its gateway.</summary>
public sealed class InProcessInbox(IEventSink gateway) : INodeInbox
{
    public ValueTask SendAsync(NodeId node, Event e, CancellationToken ct) => gateway.DeliverAsync(e, ct);
}
