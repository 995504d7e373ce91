using Kith.Cluster.Redis;
using Kith.Contracts;
using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Presence;
using Kith.Testing;

namespace Kith.Cluster.Tests.Redis;

public sealed class SessionDirectoryTests : IAsyncLifetime
{
    static readonly SessionPresence Online = SessionPresence.Of(PresenceStatus.Online, ClientKind.Web);

    RedisServer server = null!;
    RedisLink link = null!;

    public async ValueTask InitializeAsync()
    {
        server = await RedisServer.StartAsync();
        link = RedisFixture.Link(server);
    }

    public async ValueTask DisposeAsync()
    {
        await link.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Nodes_are_found_by_the_users_and_guilds_that_they_host()
    {
        await using var one = await TestNode.StartAsync(link);
        await using var other = await TestNode.StartAsync(link);
        var (alice, bob, guild) = (NewUser(), NewUser(), new GuildId(TestIds.Next()));
        one.Directory.UserChanged(alice, hosted: true);
        other.Directory.UserChanged(bob, hosted: true);
        foreach (var node in (TestNode[])[one, other])
            node.Directory.GuildChanged(guild, hosted: true);
        await one.Directory.SettleAsync(default);
        await other.Directory.SettleAsync(default);

        Assert.Equal([one.Id], (await other.Directory.NodesOfUsersAsync([alice], default)).Nodes);
        Assert.Equal(Sorted(one.Id, other.Id), Sorted((await one.Directory.NodesOfUsersAsync([alice, bob], default)).Nodes));
        Assert.Equal(Sorted(one.Id, other.Id), Sorted((await one.Directory.NodesOfGuildAsync(guild, default)).Nodes));
        Assert.Equal(Sorted(one.Id, other.Id), Sorted((await one.Directory.AllNodesAsync(default)).Nodes));
        Assert.Empty((await one.Directory.NodesOfUsersAsync([NewUser()], default)).Nodes);

        one.Directory.GuildChanged(guild, hosted: false);
        await one.Directory.SettleAsync(default);
        Assert.Equal([other.Id], (await one.Directory.NodesOfGuildAsync(guild, default)).Nodes);
    }

    [Fact]
    public async Task A_redis_that_was_emptied_hides_nobody_and_is_filled_again()
    {
        await using var node = await TestNode.StartAsync(link);
        var delivery = new RedisSessionDirectory(link, node.Presences, TimeProvider.System);
        var (hosted, stranger) = (NewUser(), NewUser());
        node.Directory.UserChanged(hosted, hosted: true);
        await node.Directory.SettleAsync(default);
        await node.Presences.SetAsync(hosted, [Online], default);
        Assert.Empty((await delivery.NodesOfUsersAsync([stranger], default)).Nodes);

        await server.CommandAsync("FLUSHALL");
        Assert.Equal([node.Id], (await delivery.NodesOfUsersAsync([hosted], default)).Nodes);
        await Deadline.Until(async () => (await delivery.NodesOfUsersAsync([stranger], default)).Nodes, nodes => nodes.Count == 0, "the node is listed again");
        Assert.Equal([node.Id], (await delivery.NodesOfUsersAsync([hosted], default)).Nodes);
        Assert.Contains(hosted, await node.Directory.OnlineAsync([hosted, stranger], default));
    }

    [Fact]
    public async Task While_redis_is_away_every_known_node_is_handed_everything()
    {
        await using var node = await TestNode.StartAsync(link);
        Assert.Equal([node.Id], (await node.Directory.AllNodesAsync(default)).Nodes);
        await server.HangAsync();
        Assert.Equal([node.Id], (await node.Directory.NodesOfUsersAsync([NewUser()], default)).Nodes);
        await Assert.ThrowsAsync<UnavailableException>(async () => await node.Directory.OnlineAsync([NewUser()], default));
        await server.GoOnAsync();
    }

    [Fact]
    public async Task What_a_dead_node_wrote_is_taken_back_and_watchers_are_told()
    {
        await using var living = await TestNode.StartAsync(link);
        var dead = await TestNode.StartAsync(RedisFixture.Link(server));
        var (user, guild) = (NewUser(), new GuildId(TestIds.Next()));
        dead.Directory.UserChanged(user, hosted: true);
        dead.Directory.GuildChanged(guild, hosted: true);
        await dead.Directory.SettleAsync(default);
        await dead.Presences.SetAsync(user, [Online], default);
        await dead.DieAsync();

        var (gone, change) = await Deadline.For(living.Presences.Corrections.ReadAsync().AsTask(), () => "the dead node's user goes offline");
        Assert.Equal((user, true), (gone, change.After.IsOffline));
        Assert.False((await living.Directory.OnlineAsync([user], default)).Contains(user));
        await Deadline.Until(() => server.CommandAsync($"EXISTS kith:user:{user} kith:guild:{guild}"), answer => answer == ":0", "all is taken back");
    }

    static UserId NewUser() => new(TestIds.Next());

    static string[] Sorted(params IEnumerable<NodeId> nodes) => [.. nodes.Select(n => n.Value).Order(StringComparer.Ordinal)];
}
