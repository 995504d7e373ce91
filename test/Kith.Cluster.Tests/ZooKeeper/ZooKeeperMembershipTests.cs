using Kith.Cluster.ZooKeeper;
using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kith.Cluster.Tests.ZooKeeper;

public sealed class ZooKeeperFixture : IAsyncLifetime
{
    public ZooKeeperServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await ZooKeeperServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

public sealed class ZooKeeperMembershipTests(ZooKeeperFixture zookeeper) : IClassFixture<ZooKeeperFixture>, IAsyncDisposable
{
    readonly string root = $"/kith/{Guid.NewGuid():N}";
    readonly List<Member> members = [];

    [Fact]
    public async Task Ten_processes_that_start_at_once_have_ten_workers_and_know_each_other()
    {
        var ten = Enumerable.Range(0, 10).Select(n => Make($"n{n}")).ToArray();
        await Task.WhenAll(ten.Select(m => m.Membership.StartAsync(default)));
        Assert.Equal(10, ten.Select(m => m.Membership.Worker).OfType<int>().Distinct().Count());
        var minted = new HashSet<long>();
        foreach (var member in ten)
        {
            for (var n = 0; n < 100; n++)
                Assert.True(minted.Add(await NextAsync(member)));
        }

        foreach (var member in ten)
            await Deadline.Until(() => Task.FromResult(member.Membership.Live.Count), count => count == 10, "ten are live");
    }

    [Fact]
    public async Task What_a_node_says_of_itself_and_its_load_is_read_by_all_until_it_stops()
    {
        var load = 7;
        var one = Make("one", region: "eu", capacity: 50, load: () => Volatile.Read(ref load));
        var other = Make("other", address: "");
        await one.Membership.StartAsync(default);
        await other.Membership.StartAsync(default);
        Assert.Equal([new GatewayServer("one", "wss://one.example.org", "eu", 50, 7)], other.Membership.Live);
        Volatile.Write(ref load, 8);
        await Deadline.Until(() => Task.FromResult(other.Membership.Live.Single().Load), l => l == 8, "the load is read");
        await one.Membership.StopAsync(default);
        await Deadline.Until(() => Task.FromResult(other.Membership.Live.Count), count => count == 0, "it is gone");
    }

    [Fact]
    public async Task Who_would_break_by_a_change_of_the_schema_is_known_until_it_ends()
    {
        var (old, newer) = (Make("old", schema: 71), Make("newer", schema: 81));
        await old.Membership.StartAsync(default);
        await newer.Membership.StartAsync(default);
        using var processes = new OlderProcesses(Options() with { SessionTimeout = TimeSpan.FromSeconds(1) }, TimeProvider.System);
        Assert.Empty(await processes.WithoutAsync(71, default));
        Assert.Equal(["old"], await processes.WithoutAsync(81, default));
        Assert.Equal(["newer", "old"], await processes.WithoutAsync(90, default));
        await old.Membership.StopAsync(default);
        Assert.Empty(await processes.WithoutAsync(81, default));
    }

    [Fact]
    public async Task What_a_process_of_before_said_of_itself_is_read_and_its_schema_counts_as_the_oldest()
    {
        await Make("today").Membership.StartAsync(default);
        using var session = new ZooKeeperSession(Options());
        Assert.True(session.Create($"{root}/nodes/before", """{"address":"wss://before.example.org","region":"eu","capacity":5,"load":2,"instance":"b1"}""", ephemeral: true));
        var other = Make("other", address: "");
        await other.Membership.StartAsync(default);
        Assert.Contains(new GatewayServer("before", "wss://before.example.org", "eu", 5, 2), other.Membership.Live);
        using var processes = new OlderProcesses(Options() with { SessionTimeout = TimeSpan.FromSeconds(1) }, TimeProvider.System);
        Assert.Equal(["before"], await processes.WithoutAsync(1, default));
    }

    [Fact]
    public async Task Of_two_processes_with_one_configured_worker_the_second_refuses_to_start()
    {
        await Make("first", worker: 5).Membership.StartAsync(default);
        var second = Make("second", worker: 5);
        var refused = await Assert.ThrowsAsync<AlreadyTakenException>(() => second.Membership.StartAsync(default));
        Assert.Equal("Worker id 5 is another process's: first. No two may have the same.", refused.Message);
        Assert.Throws<IdsUnavailableException>(() => second.Ids.Next());
    }

    [Fact]
    public void A_worker_that_an_earlier_session_of_the_process_still_holds_is_not_its_own()
    {
        var (options, ids) = (Options(), new SnowflakeGenerator(TimeProvider.System));
        var leases = new WorkerLeases(options, "one", null, ids, TimeProvider.System);
        using var first = new ZooKeeperSession(options);
        Assert.True(leases.Renew(first));
        var worker = leases.Worker;
        using var second = new ZooKeeperSession(options);
        Assert.True(leases.Renew(second));
        Assert.NotEqual(worker, leases.Worker);
        Assert.True(leases.Renew(second));
    }

    [Fact]
    public async Task Of_two_processes_with_one_name_the_second_refuses_to_start()
    {
        await Make("same").Membership.StartAsync(default);
        await Assert.ThrowsAsync<AlreadyTakenException>(() => Make("same").Membership.StartAsync(default));
    }

    [Fact]
    public async Task A_process_that_is_cut_off_stops_minting_before_another_has_its_worker_and_goes_on_when_it_is_back()
    {
        await using var proxy = new FaultProxy(new Uri($"tcp://{zookeeper.Server.Address}"));
        var cut = Make("cut", servers: proxy.Address.Authority);
        await cut.Membership.StartAsync(default);
        var worker = cut.Membership.Worker!.Value;
        var before = await NextAsync(cut);
        proxy.Hang();

        // Waits for the session of the first to expire.
        var heir = Make("heir", worker: worker);
        await heir.Membership.StartAsync(default);
        Assert.Throws<IdsUnavailableException>(() => cut.Ids.Next());
        Assert.True(await NextAsync(heir) > before);
        Assert.Single(cut.Membership.Live);

        proxy.Release();
        await Deadline.Until(() => Task.FromResult(cut.Membership.Worker), w => w is not null && w != worker, "another worker");
        Assert.True(await NextAsync(cut) > before);
        await Deadline.Until(() => Task.FromResult(cut.Membership.Live.Count), count => count == 2, "both are live");
    }

    [Fact]
    public async Task While_ZooKeeper_restarts_the_last_known_nodes_stay_and_minting_ends_in_time()
    {
        var one = Make("one");
        var other = Make("other");
        await one.Membership.StartAsync(default);
        await other.Membership.StartAsync(default);
        await Deadline.Until(() => Task.FromResult(one.Membership.Live.Count), count => count == 2, "both are live");
        await zookeeper.Server.KillAsync();
        await Deadline.Until(() => Task.FromResult(Mints(one)), mints => !mints, "no ids");
        Assert.Equal(2, one.Membership.Live.Count);
        await zookeeper.Server.StartProcessAsync();
        foreach (var member in members)
        {
            await Deadline.Until(() => Task.FromResult(Mints(member)), mints => mints, "ids again");
            await Deadline.Until(() => Task.FromResult(member.Membership.Live.Count), count => count == 2, "both again");
        }

        Assert.NotEqual(one.Membership.Worker, other.Membership.Worker);
    }

    [Fact]
    public async Task Ids_of_a_worker_never_step_back_when_it_changes_hands_and_the_next_holders_clock_is_late()
    {
        var first = Make("first", worker: 9);
        await first.Membership.StartAsync(default);
        var last = await NextAsync(first);
        await first.Membership.StopAsync(default);
        var late = Make("late", worker: 9, clock: new LateClock(TimeSpan.FromSeconds(5)));
        await late.Membership.StartAsync(default);
        Assert.True(await NextAsync(late) > last);
        var tooLate = Make("too late", worker: 10, clock: new LateClock(TimeSpan.FromMinutes(5)));
        await late.Membership.StopAsync(default);
        var again = Make("again", worker: 10);
        await again.Membership.StartAsync(default);
        await NextAsync(again);
        await again.Membership.StopAsync(default);
        await tooLate.Membership.StartAsync(default);
        Assert.Throws<IdsUnavailableException>(() => tooLate.Ids.Next());
    }

    [Fact]
    public async Task A_ZooKeeper_that_does_not_answer_is_named_at_the_start()
    {
        var lost = Make("lost", servers: "127.0.0.1:1");
        var refused = await Assert.ThrowsAsync<UnavailableException>(() => lost.Membership.StartAsync(default));
        Assert.Equal("ZooKeeper", refused.Dependency);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in members)
        {
            await member.Membership.StopAsync(default);
            member.Membership.Dispose();
        }
    }

    static bool Mints(Member member) => TryNext(member) is not null;

    static long? TryNext(Member member)
    {
        try
        {
            return member.Ids.Next();
        }
        catch (IdsUnavailableException)
        {
            return null;
        }
    }

    /// <summary>On a machine with much else to do a lease may run out before it is renewed.</summary>
    static Task<long> NextAsync(Member member) => Deadline.Until(() => Task.FromResult(TryNext(member) ?? 0), id => id != 0, "an id");

    Member Make(
        string name, string? address = null, string region = "", int capacity = 100, Func<int>? load = null, int? worker = null, string? servers = null, TimeProvider? clock = null,
        int schema = 81)
    {
        var options = Options(servers);
        var self = new NodeAnnouncement(new NodeId(name), address ?? $"wss://{name}.example.org", region, capacity, load ?? (() => 0), schema);
        var ids = new SnowflakeGenerator(clock ?? TimeProvider.System);
        var member = new Member(ids, new ZooKeeperMembership(options, self, worker, ids, clock ?? TimeProvider.System, NullLogger<ZooKeeperMembership>.Instance));
        members.Add(member);
        return member;
    }

    ZooKeeperOptions Options(string? servers = null) => new() { Servers = servers ?? zookeeper.Server.Address, Root = root, SessionTimeout = TimeSpan.FromSeconds(4) };

    sealed record Member(SnowflakeGenerator Ids, ZooKeeperMembership Membership);

    /// <summary>The time of day is behind; durations are not.</summary>
    sealed class LateClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - by;
    }
}
