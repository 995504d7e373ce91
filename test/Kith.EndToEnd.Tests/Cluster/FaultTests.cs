using System.Diagnostics;
using System.Globalization;
using Kith.Domain;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Cluster;

/// <summary>A cluster with people who talk while something breaks.</summary>
public sealed class FaultFixture : IAsyncLifetime
{
    const int Listeners = 6;

    readonly List<Listener> listeners = [];

    KithCluster? cluster;

    public KithCluster Cluster => cluster!;

    public ChannelId Channel { get; private set; }

    internal IReadOnlyList<Listener> All => listeners;

    internal IReadOnlyList<Talker> Talkers { get; private set; } = [];

    /// <summary>Whom every tenth message mentions.</summary>
    internal Listener Mentioned => listeners[0];

    public async ValueTask InitializeAsync()
    {
        cluster = await KithCluster.StartAsync(new KithClusterSetup
        {
            ZooKeeper = true,
            // Short enough to wait for its end, long enough for a machine with much else to do.
            Options = new Dictionary<string, string>(StringComparer.Ordinal) { ["ZooKeeper:SessionTimeout"] = "10s" },
        });
        var owner = await Cluster.Anonymous().Register();
        var guild = await owner.CreateGuild();
        Channel = guild.General;
        var users = await Task.WhenAll(Enumerable.Range(0, Listeners).Select(_ => Cluster.Anonymous().Register()));
        await guild.Admit(users);
        listeners.AddRange(users.Select(u => new Listener(Cluster.Address, u, Channel)));
        Talkers = [.. new[] { owner, users[1], users[2] }.Select(u => new Talker(u, Channel, users[0]))];
        foreach (var listener in listeners)
            await Deadline.Until(() => Task.FromResult(listener.Stretches.Length), n => n > 0, $"{listener.User.Name} is there; {Cluster.Output()}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in listeners)
            await listener.DisposeAsync();
        if (cluster is not null) await cluster.DisposeAsync();
    }
}

/// <summary>
/// What may happen to a cluster, under load. After each: what was acknowledged is in history, and came to everyone who was there once and in order; unread counts are what a
/// recount gives; and the cluster is well again by itself.
/// </summary>
public sealed class FaultTests(FaultFixture fixture, ITestOutputHelper output) : IClassFixture<FaultFixture>
{
    readonly KithCluster cluster = fixture.Cluster;

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
        var before = fixture.All.Select(l => l.Connections).ToArray();
        await Under(async () =>
        {
            foreach (var node in (string[])["gateway", "gateway", "api", "delivery"])
                await ReplaceAsync(node);
        });
        // Everyone was at a gateway that ended, some at both, and went on at another one with the same session.
        Assert.Equal(before.Select(c => c.Began), fixture.All.Select(l => l.Connections.Began));
        Assert.All(before.Zip(fixture.All), p => Assert.True(p.Second.Connections.Resumed > p.First.Resumed));

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
        await fixture.Talkers[0].SayAsync();
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
            Assert.Equal(503, (await new ApiClient(api.Address, fixture.Mentioned.User.Token).Post($"/channels/{fixture.Channel}/messages", new { content = "no id" })).Status);
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
        var began = fixture.All.Select(l => l.Connections.Began).ToArray();
        await Under(async () =>
        {
            proxy.Refusing = true;
            Assert.NotEqual(0, proxy.Cut());
            await Task.Delay(TimeSpan.FromSeconds(10));
            proxy.Refusing = false;
        });
        Assert.Equal(began, fixture.All.Select(l => l.Connections.Began));
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

    /// <summary>Talks, breaks, talks on, and looks at everything.</summary>
    async Task Under(Func<Task> fault)
    {
        using var until = new CancellationTokenSource();
        var failures = fixture.Talkers.Sum(t => t.Failures);
        var talking = fixture.Talkers.Select(t => Task.Run(() => t.TalkAsync(until.Token))).ToArray();
        var wellAgain = new Stopwatch();
        try
        {
            await TalkedAsync(20);
            await fault();
            wellAgain.Start();
            await TalkedAsync(20);
        }
        finally
        {
            // Even after a failure: who talks on would spoil what the next fault finds.
            await until.CancelAsync();
            await Deadline.For(Task.WhenAll(talking), () => $"talkers are answered; {cluster.Output()}");
        }

        var newest = fixture.Talkers.SelectMany(t => t.Acknowledged.Keys).MaxBy(id => id.Value);
        foreach (var listener in fixture.All)
            await Deadline.Until(() => Task.FromResult(listener.Newest), id => id >= newest, $"{listener.User.Name} has the newest message, {newest}; {cluster.Output()}");
        var time = wellAgain.Elapsed;

        var history = await HistoryAsync();
        var acknowledged = fixture.Talkers.SelectMany(t => t.Acknowledged).ToDictionary(m => m.Key, m => m.Value);
        Assert.Empty(acknowledged.Keys.Except(history.Keys));
        foreach (var listener in fixture.All)
            CheckListener(listener, [.. acknowledged.Keys], history);
        await CheckCountsAsync(history);
        output.WriteLine(
            $"{acknowledged.Count} acknowledged, {history.Count} in history, {fixture.Talkers.Sum(t => t.Failures) - failures} attempts failed, well after {time.TotalSeconds:0.0} s; "
            + string.Join(", ", fixture.All.Select(l => $"{l.Connections.Began} begun/{l.Connections.Resumed} resumed")));
    }

    /// <summary>Until every talker has got so many more acknowledged.</summary>
    async Task TalkedAsync(int more)
    {
        foreach (var talker in fixture.Talkers)
        {
            var enough = talker.Acknowledged.Count + more;
            await Deadline.Until(() => Task.FromResult(talker.Acknowledged.Count), n => n >= enough, $"{enough} messages are acknowledged; {cluster.Output()}", TimeSpan.FromSeconds(60));
        }
    }

    static void CheckListener(Listener listener, MessageId[] acknowledged, Dictionary<MessageId, (UserId Author, string Content)> history)
    {
        foreach (var stretch in listener.Stretches)
        {
            var came = stretch.Came.ToArray();
            Assert.True(came.Zip(came.Skip(1)).All(pair => pair.First < pair.Second), $"{listener.User.Name} got messages twice or out of order: {Disorder(stretch, came)}");
            if (came.Length == 0) continue;
            var missed = acknowledged.Where(id => id > stretch.Tail && id <= came[^1]).Except(came).ToArray();
            Assert.True(missed.Length == 0, $"{listener.User.Name} missed {missed.Length} of {acknowledged.Length}: {string.Join(", ", missed.Take(5).Select(id => $"{history[id].Content} ({id}, before number {came.Count(c => c < id)})"))}; resumed at {string.Join(' ', stretch.Resumed)}");
            Assert.Empty(came.Except(history.Keys));
        }
    }

    static string Disorder(Stretch stretch, MessageId[] came)
    {
        var at = Enumerable.Range(1, came.Length - 1).Where(i => came[i] <= came[i - 1]).ToArray();
        return $"{string.Join(", ", at.Take(5).Select(i => $"{came[i - 1]} then {came[i]}, which is number {i} and came {(Array.IndexOf(came, came[i]) < i ? "before" : "late")}"))}; "
            + $"{at.Length} of {came.Length}; resumed at {string.Join(' ', stretch.Resumed)}";
    }

    async Task CheckCountsAsync(Dictionary<MessageId, (UserId Author, string Content)> history)
    {
        var user = fixture.Mentioned.User;
        var (unread, mentions) = (history.Values.Count(m => m.Author != user.Id), history.Values.Count(m => m.Content.Contains(user.Mention, StringComparison.Ordinal)));
        foreach (var api in cluster.Of("api"))
        {
            var counted = (await new ApiClient(api.Address, user.Token).Get($"/channels/{fixture.Channel}/unread")).Ok();
            Assert.Equal((unread, mentions), (counted.Int("unread_count"), counted.Int("mention_count")));
        }

        await Deadline.Until(() => Task.FromResult(fixture.Mentioned.Mentions), n => n == mentions, $"the client counts {mentions} mentions");
    }

    /// <summary>Since the mentioned one joined.</summary>
    async Task<Dictionary<MessageId, (UserId Author, string Content)>> HistoryAsync()
    {
        var user = fixture.Mentioned.User;
        var floor = (await user.Api.Get($"/channels/{fixture.Channel}/unread")).Ok().Id<MessageId>("last_read_message_id");
        Dictionary<MessageId, (UserId, string)> all = [];
        for (var after = floor; ;)
        {
            var page = (await user.Api.Get($"/channels/{fixture.Channel}/messages?limit=100&after={after}")).Ok().Items();
            foreach (var message in page)
                all[message.Id<MessageId>()] = (message.GetProperty("author").Id<UserId>(), message.Str("content")!);
            if (page.Count < 100) return all;
            after = page[0].Id<MessageId>();
        }
    }
}
