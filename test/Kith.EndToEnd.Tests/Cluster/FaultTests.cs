using System.Globalization;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Cluster;

/// <summary>A cluster with people who talk while something breaks.</summary>
public class FaultFixture : IAsyncLifetime
{
    KithCluster? cluster;
    Conversation? talk;

    public KithCluster Cluster => cluster!;

    internal Conversation Talk => talk!;

    // Short enough to wait for its end, long enough for a machine with much else to do.
    private protected virtual IReadOnlyDictionary<string, string> Options { get; } = new Dictionary<string, string>(StringComparer.Ordinal) { ["ZooKeeper:SessionTimeout"] = "10s" };

    public async ValueTask InitializeAsync()
    {
        cluster = await KithCluster.StartAsync(new KithClusterSetup { ZooKeeper = true, Options = Options });
        talk = await Conversation.BeginAsync(cluster);
    }

    public async ValueTask DisposeAsync()
    {
        if (talk is not null) await talk.DisposeAsync();
        if (cluster is not null) await cluster.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>
/// What may happen to a cluster, under load. After each: what was acknowledged is in history, and came to everyone who was there once and in order; unread counts are what a
/// recount gives; and the cluster is well again by itself.
/// </summary>
public sealed class FaultTests(FaultFixture fixture, ITestOutputHelper output) : IClassFixture<FaultFixture>
{
    readonly KithCluster cluster = fixture.Cluster;
    readonly Conversation talk = fixture.Talk;

    [Theory]
    [InlineData("api")]
    [InlineData("delivery")]
    [InlineData("gateway")]
    public Task A_process_is_killed(string role) => Under(async () =>
    {
        await cluster.KillAsync(cluster.Of(role)[0]);
        await cluster.AddAsync(role);
    });

    [Fact]
    public async Task Every_process_is_replaced_in_order()
    {
        var before = talk.Listeners.Select(l => l.Connections).ToArray();
        await Under(async () =>
        {
            foreach (var node in (string[])["gateway", "gateway", "api", "delivery"])
                await ReplaceAsync(node);
        });
        // Everyone was at a gateway that ended, some at both, and went on at another one with the same session.
        Assert.Equal(before.Select(c => c.Began), talk.Listeners.Select(l => l.Connections.Began));
        Assert.All(before.Zip(talk.Listeners), p => Assert.True(p.Second.Connections.Resumed > p.First.Resumed));

        async Task ReplaceAsync(string role)
        {
            await cluster.AddAsync(role);
            await cluster.StopAsync(cluster.Of(role)[0]);
        }
    }

    [Fact]
    public Task Redis_is_emptied() => Under(() => cluster.Redis.CommandAsync("FLUSHALL"));

    [Fact]
    public Task Redis_is_restarted() => Under(async () =>
    {
        await cluster.Redis.KillAsync();
        await cluster.Redis.StartProcessAsync();
    });

    [Fact]
    public Task Redis_hangs() => Under(async () =>
    {
        await cluster.Redis.HangAsync();
        await Task.Delay(TimeSpan.FromSeconds(3));
        // Sends go on without it.
        await talk.Talkers[0].SayAsync();
        await cluster.Redis.GoOnAsync();
    });

    [Fact]
    public Task MariaDB_is_restarted() => Under(async () =>
    {
        await cluster.MariaDb.KillAsync();
        await cluster.MariaDb.StartProcessAsync();
    });

    [Fact]
    public Task Kafka_goes_down_and_comes_back() => Under(async () =>
    {
        cluster.Kafka.Down();
        await Task.Delay(TimeSpan.FromSeconds(2));
        cluster.Kafka.Up();
    });

    [Fact]
    public Task ZooKeeper_ends_the_sessions_of_all_processes() => Under(async () =>
    {
        var before = await MembersAsync();
        Assert.Equal(cluster.Nodes.Count, before.Count);
        cluster.ZooKeeperLine.Hang();
        await Deadline.Until(cluster.ZooKeeper!.EphemeralsAsync, live => live.Count == 0, "all sessions are over");
        // From here on any worker may be another's.
        foreach (var api in cluster.Of("api"))
            Assert.Equal(503, (await new ApiClient(api.Address, talk.Mentioned.User.Token).Post($"/channels/{talk.Channel}/messages", new { content = "no id" })).Status);
        cluster.ZooKeeperLine.Release();
        var after = await Deadline.Until(MembersAsync, members => members.Count == cluster.Nodes.Count, $"all are members again; {cluster.Output()}");
        Assert.Empty(after.Keys.Intersect(before.Keys));
        output.WriteLine($"{before.Count} sessions ended; workers {string.Join(' ', before.Values.Order())} before, {string.Join(' ', after.Values.Order())} after");
    });

    [Fact]
    public Task A_process_stands_still_until_its_session_with_ZooKeeper_is_over() => Under(async () =>
    {
        var before = await MembersAsync();
        var api = cluster.Of("api")[0].Process;
        await api.HangAsync();
        await Deadline.Until(MembersAsync, members => members.Count == before.Count - 1, "its session is over");
        await api.GoOnAsync();
        var after = await Deadline.Until(MembersAsync, members => members.Count == before.Count, $"it is a member again; {cluster.Output()}");
        Assert.Single(after.Keys.Except(before.Keys));
    });

    [Fact]
    public async Task A_gateway_is_cut_off_from_Redis()
    {
        await using var proxy = new FaultProxy(new Uri($"tcp://{cluster.Redis.Address}"));
        var far = await cluster.AddAsync("gateway", $"127.0.0.1:{proxy.Address.Port}");
        // Every client that comes goes to either; those of the node that is replaced come now.
        var before = cluster.Of("gateway")[0];
        await cluster.StopAsync(before);
        var began = talk.Listeners.Select(l => l.Connections.Began).ToArray();
        await Under(async () =>
        {
            proxy.Refusing = true;
            Assert.NotEqual(0, proxy.Cut());
            await Task.Delay(TimeSpan.FromSeconds(10));
            proxy.Refusing = false;
        });
        Assert.Equal(began, talk.Listeners.Select(l => l.Connections.Began));
        await cluster.AddAsync("gateway");
        await cluster.StopAsync(far);
    }

    /// <summary>The worker of each session that has one, and is announced: one for each process, no two the same.</summary>
    async Task<IReadOnlyDictionary<string, int>> MembersAsync()
    {
        var members = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (session, paths) in await cluster.ZooKeeper!.EphemeralsAsync())
        {
            // workers/{n}/holder and nodes/{name}
            var workers = paths.Where(p => p.EndsWith("/holder", StringComparison.Ordinal)).Select(p => int.Parse(p.Split('/')[^2], CultureInfo.InvariantCulture)).ToArray();
            if (workers.Length == 1 && paths.Any(p => p.Contains("/nodes/", StringComparison.Ordinal))) members.Add(session, workers[0]);
        }

        Assert.Distinct(members.Values);
        return members;
    }

    async Task Under(Func<Task> fault) => output.WriteLine(await talk.UnderAsync(fault));
}
