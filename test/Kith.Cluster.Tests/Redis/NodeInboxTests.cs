using Kith.Cluster.Events;
using Kith.Cluster.Redis;
using Kith.Cluster.Tests.Events;
using Kith.Contracts;
using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace Kith.Cluster.Tests.Redis;

public sealed class NodeInboxTests : IAsyncLifetime
{
    RedisServer server = null!;
    RedisLink link = null!;
    RedisNodeInbox inbox = null!;

    public async ValueTask InitializeAsync()
    {
        server = await RedisServer.StartAsync();
        link = RedisFixture.Link(server);
        inbox = new RedisNodeInbox(link, NullLogger<RedisNodeInbox>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await inbox.DisposeAsync();
        await link.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Events_come_in_order_and_once()
    {
        await using var node = await TestNode.StartAsync(link);
        await SendAsync(node.Id, 0, 1000);
        Assert.Equal(Expected(1000), await node.ReceivedAsync(1000));
    }

    [Fact]
    public async Task Who_hands_over_an_event_learns_whether_somebody_began_to_host_since_the_directory_was_asked()
    {
        await using var node = await TestNode.StartAsync(link);
        await using var other = await TestNode.StartAsync(link);
        var user = new UserId(TestIds.Next());
        var asked = (await node.Directory.NodesOfUsersAsync([user], default)).Version;
        Assert.Equal(asked, await inbox.SendAsync(node.Id, TestNode.Named("E0"), default));
        other.Directory.UserChanged(user, hosted: true);
        await other.Directory.SettleAsync(default);
        var handed = await inbox.SendAsync(node.Id, TestNode.Named("E1"), default);
        Assert.NotEqual(asked, handed);
        Assert.Equal(handed, (await node.Directory.NodesOfUsersAsync([user], default)).Version);
        // Whoever leaves is of no interest.
        other.Directory.UserChanged(user, hosted: false);
        await other.Directory.SettleAsync(default);
        Assert.Equal(handed, await inbox.SendAsync(node.Id, TestNode.Named("E2"), default));
    }

    [Fact]
    public async Task A_node_has_caught_up_once_all_that_it_was_handed_before_has_come()
    {
        await using var node = await TestNode.StartAsync(link);
        for (var handed = 200; handed <= 1000; handed += 200)
        {
            await SendAsync(node.Id, handed - 200, 200);
            await node.CatchUpAsync();
            Assert.Equal(handed, node.Names.Length);
        }
    }

    [Fact]
    public async Task An_entry_as_it_was_written_before_is_read()
    {
        await using var node = await TestNode.StartAsync(link);
        await RecordedAsync(node.Id, 1, RecordedEvents.InboxEntry);
        Assert.Equal(["MESSAGE_CREATE"], await node.ReceivedAsync(1));
        // Published beside entries of today's.
        await SendAsync(node.Id, 0, 1);
        Assert.Equal(["MESSAGE_CREATE", "E0"], await node.ReceivedAsync(2));
    }

    [Fact]
    public async Task At_an_event_of_a_newer_version_the_node_waits_and_passes_over_nothing()
    {
        await using var node = await TestNode.StartAsync(link);
        var newer = Convert.FromHexString(RecordedEvents.InboxEntry);
        // The event's version comes after the writer and its number.
        newer[16] = EventCodec.NewestRead + 1;
        await RecordedAsync(node.Id, 1, Convert.ToHexString(newer));
        await SendAsync(node.Id, 0, 10);
        await Assert.ThrowsAsync<UnavailableException>(node.CatchUpAsync);
        Assert.Empty(node.Names);
        Assert.False(node.Lost.IsCompleted);
        // In place of a process that knows it.
        await server.CommandAsync($"XDEL {RedisKeys.Inbox(node.Id.Value)} 1-0");
        Assert.Equal(Expected(10), await node.ReceivedAsync(10));
    }

    [Fact]
    public async Task A_node_that_was_cut_off_gets_what_it_missed_in_order()
    {
        await using var proxy = new FaultProxy(new Uri($"tcp://{server.Address}"));
        await using var far = RedisFixture.Link($"127.0.0.1:{proxy.Address.Port}");
        await using var node = await TestNode.StartAsync(far);
        await SendAsync(node.Id, 0, 100);
        await node.ReceivedAsync(100);
        proxy.Refusing = true;
        proxy.Cut();
        await SendAsync(node.Id, 100, 3000);
        proxy.Refusing = false;
        Assert.Equal(Expected(3100), await node.ReceivedAsync(3100));
        Assert.False(node.Lost.IsCompleted);
    }

    [Fact]
    public async Task Beyond_what_the_inbox_holds_the_node_learns_that_events_were_lost()
    {
        await using var proxy = new FaultProxy(new Uri($"tcp://{server.Address}"));
        await using var far = RedisFixture.Link($"127.0.0.1:{proxy.Address.Port}");
        await using var small = RedisFixture.Link(server, o => o with { InboxCapacity = 200 });
        await using var sender = new RedisNodeInbox(small, NullLogger<RedisNodeInbox>.Instance);
        await using var node = await TestNode.StartAsync(far);
        await SendAsync(sender, node.Id, 0, 1);
        await node.ReceivedAsync(1);
        proxy.Refusing = true;
        proxy.Cut();
        await SendAsync(sender, node.Id, 1, 2000);
        proxy.Refusing = false;
        await Deadline.For(node.Lost, () => "the node learns of the loss");
        await SendAsync(sender, node.Id, 2001, 1);
        await Deadline.Until(() => Task.FromResult(node.Names[^1]), name => name == "E2001", "the newest event comes");
        Assert.InRange(node.Names.Length, 100, 1000);
    }

    [Theory]
    [InlineData("flush")]
    [InlineData("restart")]
    [InlineData("hang")]
    [InlineData("full")]
    [InlineData("refuse")]
    public async Task Whatever_happens_to_redis_each_event_comes_once_and_in_order(string fault)
    {
        await using var node = await TestNode.StartAsync(link);
        var sending = SendAsync(node.Id, 0, 2000);
        await node.ReceivedAsync(500);
        switch (fault)
        {
            case "flush":
                await server.CommandAsync("FLUSHALL");
                break;
            case "restart":
                await server.KillAsync();
                await server.StartProcessAsync();
                break;
            case "full":
                await server.CommandAsync("CONFIG SET maxmemory 1");
                await Deadline.Until(() => Task.FromResult(link.IsUp), up => !up, "Redis counts as away");
                await server.CommandAsync("CONFIG SET maxmemory 0");
                break;
            case "refuse":
                await server.CommandAsync("ACL SETUSER default -xadd");
                await Deadline.Until(() => server.CommandAsync("ACL LOG"), log => log != "*0", "something was refused");
                await server.CommandAsync("ACL SETUSER default +xadd");
                break;
            default:
                await server.HangAsync();
                await Deadline.Until(() => Task.FromResult(link.IsUp), up => !up, "Redis counts as away");
                await server.GoOnAsync();
                break;
        }

        await sending;
        await SendAsync(node.Id, 2000, 100);
        Assert.Equal(Expected(2100), await node.ReceivedAsync(2100));
        Assert.False(node.Lost.IsCompleted);
    }

    [Fact]
    public async Task A_redis_that_hangs_refuses_at_once_after_the_first_timeout_and_holds_nothing()
    {
        var counters = new RedisRateCounters(link, TimeProvider.System);
        await server.HangAsync();
        for (var i = 0; i < 10_000; i++)
            Assert.True((await counters.CountAsync(new(9, (ulong)i), new(5, TimeSpan.FromMinutes(1)), default)).Allowed);
        Assert.False(link.IsUp);
        Assert.InRange(link.Waiting, 0, 10);
        await server.GoOnAsync();
    }

    /// <summary>As the script of a writer does it, which numbers on from here.</summary>
    Task<long> RecordedAsync(NodeId node, long number, string entry) => link.RunAsync(async db =>
    {
        await db.HashSetAsync(RedisKeys.InboxLast(node.Value), [new("epoch", 1), new("n", number)]);
        await db.ExecuteAsync("XADD", RedisKeys.Inbox(node.Value), $"{number}-0", "e", Convert.FromHexString(entry));
        return await db.PublishAsync(RedisKeys.Inbox(node.Value), (byte[])[.. System.Text.Encoding.ASCII.GetBytes($"{number} "), .. Convert.FromHexString(entry)]);
    }, default);

    Task SendAsync(NodeId node, int first, int count) => SendAsync(inbox, node, first, count);

    static async Task SendAsync(RedisNodeInbox inbox, NodeId node, int first, int count)
    {
        // A few at a time, in order, as partitions of a log would.
        List<Task> sending = [];
        for (var i = first; i < first + count; i++)
        {
            sending.Add(inbox.SendAsync(node, TestNode.Named($"E{i}"), default).AsTask());
            if (sending.Count < 50) continue;
            await Deadline.For(Task.WhenAll(sending), () => "events are taken");
            sending.Clear();
        }

        await Task.WhenAll(sending);
    }

    static string[] Expected(int count) => [.. Enumerable.Range(0, count).Select(i => $"E{i}")];
}
