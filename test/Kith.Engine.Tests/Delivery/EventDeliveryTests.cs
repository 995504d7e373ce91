using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kith.Engine.Tests.Delivery;

public sealed class EventDeliveryTests
{
    static readonly NodeId One = new("one");
    static readonly NodeId Other = new("other");

    [Fact]
    public async Task Each_node_that_hosts_the_audience_gets_one_copy_and_the_directory_is_asked_once()
    {
        var nodes = new Nodes([One, Other]);
        await nodes.DeliverAsync();
        Assert.Equal([One, Other], nodes.Handed);
        Assert.Equal(1, nodes.Asked);
    }

    [Fact]
    public async Task A_node_that_begins_to_host_while_an_event_is_handed_out_gets_it_as_well()
    {
        var nodes = new Nodes([One]);
        nodes.WhenHanded = () => nodes.Host([One, Other]);
        await nodes.DeliverAsync();
        Assert.Equal([One, Other], nodes.Handed);
    }

    [Fact]
    public async Task Who_begins_to_host_someone_else_is_not_handed_the_event()
    {
        var nodes = new Nodes([One]);
        nodes.WhenHanded = () => nodes.Host([One]);
        await nodes.DeliverAsync();
        Assert.Equal([One], nodes.Handed);
        Assert.Equal(2, nodes.Asked);
    }

    [Fact]
    public async Task What_the_directory_said_a_moment_ago_is_not_asked_again_until_it_is_old()
    {
        var clock = new ManualTimeProvider();
        var nodes = new Nodes([One]) { Recent = new RecentHosts(clock) };
        await nodes.DeliverAsync();
        await nodes.DeliverAsync();
        Assert.Equal([One, One], nodes.Handed);
        Assert.Equal(1, nodes.Asked);
        clock.Advance(TimeSpan.FromSeconds(3));
        await nodes.DeliverAsync();
        Assert.Equal(2, nodes.Asked);
    }

    [Fact]
    public async Task A_node_that_has_begun_to_host_since_the_directory_was_asked_gets_each_event_once()
    {
        var nodes = new Nodes([One]) { Recent = new RecentHosts(TimeProvider.System) };
        await nodes.DeliverAsync();
        nodes.Host([One, Other]);
        await nodes.DeliverAsync();
        Assert.Equal([One, One, Other], nodes.Handed);
        await nodes.DeliverAsync();
        Assert.Equal([One, One, Other, One, Other], nodes.Handed);
        Assert.Equal(2, nodes.Asked);
    }

    [Fact]
    public async Task That_nobody_hosts_the_audience_is_asked_each_time()
    {
        var nodes = new Nodes([]) { Recent = new RecentHosts(TimeProvider.System) };
        await nodes.DeliverAsync();
        nodes.Host([One]);
        await nodes.DeliverAsync();
        Assert.Equal([One], nodes.Handed);
    }

    /// <summary>A directory whose answer may change in the moment in which a node is handed an event for the first time, and the inboxes.</summary>
    sealed class Nodes(IReadOnlyList<NodeId> first) : ISessionDirectory, INodeInbox
    {
        IReadOnlyList<NodeId> hosts = first;
        int version = 1;

        EventDelivery? delivery;

        public Action? WhenHanded { get; set; }

        public RecentHosts? Recent { get; init; }

        public List<NodeId> Handed { get; } = [];

        public int Asked { get; private set; }

        public void Host(IReadOnlyList<NodeId> nodes) => (hosts, version) = (nodes, version + 1);

        public ValueTask DeliverAsync() => (delivery ??= new EventDelivery(this, this, NullLogger<EventDelivery>.Instance, Recent)).HandleAsync(
            new Event { Name = "X", Audience = new Audience.OfGuild(new GuildId(1)), Data = "{}"u8.ToArray() }, default);

        public ValueTask<HostingNodes> NodesOfGuildAsync(GuildId guild, CancellationToken ct)
        {
            Asked++;
            return new(new HostingNodes(hosts, $"{version}"));
        }

        public ValueTask<string> SendAsync(NodeId node, Event e, CancellationToken ct)
        {
            Handed.Add(node);
            WhenHanded?.Invoke();
            WhenHanded = null;
            return new($"{version}");
        }

        public ValueTask<HostingNodes> NodesOfUsersAsync(IReadOnlyList<UserId> users, CancellationToken ct) => throw new NotSupportedException();

        public ValueTask<HostingNodes> AllNodesAsync(CancellationToken ct) => throw new NotSupportedException();

        public ValueTask<IReadOnlySet<UserId>> OnlineAsync(IReadOnlyCollection<UserId> users, CancellationToken ct) => throw new NotSupportedException();

        public void UserChanged(UserId user, bool hosted) => throw new NotSupportedException();

        public void GuildChanged(GuildId guild, bool hosted) => throw new NotSupportedException();

        public ValueTask SettleAsync(CancellationToken ct) => throw new NotSupportedException();
    }
}
