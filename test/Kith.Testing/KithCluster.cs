using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Kith.Domain;
using Xunit;

namespace Kith.Testing;

/// <summary>How many processes of each kind, and what differs from the defaults.</summary>
public sealed record KithClusterSetup
{
    public int Api { get; init; } = 2;

    public int Gateways { get; init; } = 2;

    public int Deliveries { get; init; } = 2;

    /// <summary>Whether workers of ids are leased from a ZooKeeper; else each process has a number of its own.</summary>
    public bool ZooKeeper { get; init; }

    /// <summary>Whether gateways send clients to a line that tests may cut.</summary>
    public bool HasLine { get; init; }

    /// <summary>Brokers to use; null for a mock of the cluster's own.</summary>
    public string? Kafka { get; init; }

    /// <summary>Whether the processes tell what they count.</summary>
    public bool Metrics { get; init; }

    /// <summary>The server's assembly, if not the one beside the tests.</summary>
    public string Program { get; init; } = KithProcess.Program;

    /// <summary>Options of all processes, by path.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>Real <c>kith</c> processes in roles, over a MariaDB, a Redis and a Kafka of their own, behind one address.</summary>
public sealed class KithCluster : IKithServer, IAsyncDisposable
{
    /// <summary>The environment's variable that is 0 where many processes share a machine: threads with nothing to do then sleep at once (docs/operations.md).</summary>
    public const string Spinning = "DOTNET_ThreadPool_UnfairSemaphoreSpinLimit";

    const string Database = "kith";
    const int Partitions = 8;

    readonly KithClusterSetup setup;
    readonly TemporaryFolder folder = new();
    readonly FrontDoor front;
    readonly FaultProxy? line;
    readonly FaultProxy? zooKeeperLine;
    readonly MockKafka? kafka;
    readonly List<ClusterNode> nodes = [];
    int workers;

    KithCluster(KithClusterSetup setup, MariaDb mariaDb, RedisServer redis, ZooKeeperServer? zooKeeper)
    {
        (this.setup, Program, MariaDb, Redis, ZooKeeper) = (setup, setup.Program, mariaDb, redis, zooKeeper);
        if (setup.Kafka is null) kafka = new MockKafka(1, ("kith-events", Partitions));
        if (zooKeeper is not null) zooKeeperLine = new FaultProxy(new Uri($"tcp://{zooKeeper.Address}"));
        front = new FrontDoor(gateway => [.. Of(gateway ? "gateway" : "api").Select(n => n.Address)]);
        if (setup.HasLine) line = new FaultProxy(front.Address);
    }

    /// <summary>What processes run that are started from now on.</summary>
    public string Program { get; set; }

    public MariaDb MariaDb { get; }

    public RedisServer Redis { get; }

    /// <summary>Where none was given.</summary>
    public MockKafka Kafka => kafka!;

    public ZooKeeperServer? ZooKeeper { get; }

    /// <summary>Through which all processes talk to ZooKeeper.</summary>
    public FaultProxy ZooKeeperLine => zooKeeperLine!;

    /// <summary>Where clients go.</summary>
    public Uri Address => front.Address;

    public static async Task<KithCluster> StartAsync(KithClusterSetup? setup = null)
    {
        setup ??= new KithClusterSetup();
        var (mariaDb, redis, zooKeeper) = (MariaDb.StartAsync(Database), RedisServer.StartAsync(), setup.ZooKeeper ? ZooKeeperServer.StartAsync() : null);
        var cluster = new KithCluster(setup, await mariaDb, await redis, zooKeeper is null ? null : await zooKeeper);
        string[] roles = [.. Enumerable.Repeat("gateway", setup.Gateways), .. Enumerable.Repeat("api", setup.Api), .. Enumerable.Repeat("delivery", setup.Deliveries)];
        try
        {
            await Task.WhenAll(roles.Select(role => cluster.AddAsync(role)));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public ApiClient Anonymous() => new(Address, token: null);

    /// <summary>The one to which gateways send clients: a way of its own would end there.</summary>
    public Line OpenLine() => new(line!, isShared: true);

    /// <summary>Those that live, in the order in which they were started.</summary>
    public IReadOnlyList<ClusterNode> Of(string role)
    {
        lock (nodes) return [.. nodes.Where(n => n.Role == role)];
    }

    /// <summary>All that live.</summary>
    public IReadOnlyList<ClusterNode> Nodes
    {
        get
        {
            lock (nodes) return [.. nodes];
        }
    }

    /// <summary>Starts one more process and waits until it is ready.</summary>
    /// <param name="role">What it does.</param>
    /// <param name="redis">Where it finds Redis, if not at its own address.</param>
    /// <param name="options">What is otherwise for this one.</param>
    public async Task<ClusterNode> AddAsync(string role, string? redis = null, params (string Option, string Value)[] options)
    {
        var worker = Interlocked.Increment(ref workers);
        var metrics = setup.Metrics ? new Uri($"http://127.0.0.1:{FreePort()}") : null;
        if (metrics is not null) options = [.. options, ("Metrics:Address", metrics.GetLeftPart(UriPartial.Authority))];
        var process = await KithProcess.ServeBy(
            Program, Path.Combine(folder.Path, $"{role}{worker}"), Environment(worker, redis ?? Redis.Address), ["--roles", role, .. options.SelectMany(o => new[] { "--set", $"{o.Option}={o.Value}" })]);
        var node = new ClusterNode(role, process, metrics);
        lock (nodes) nodes.Add(node);
        return node;
    }

    /// <summary>Starts a process that is meant not to start: ends when it has ended.</summary>
    public Task<(int ExitCode, string Output, string Error)> RefusedAsync(string role, params (string Option, string Value)[] options)
    {
        var all = Options(Interlocked.Increment(ref workers), Redis.Address);
        foreach (var (option, value) in options)
            all[option] = value;
        return KithProcess.RunBy(
            Program, ["serve", "--urls", "http://127.0.0.1:0", "--data", Path.Combine(folder.Path, "refused"), "--roles", role, .. Arguments(all)]);
    }

    /// <summary>Makes accounts that are members of a server, by the command line: hundreds a second, and none of them is announced.</summary>
    public async Task<TestUser[]> AddMembersAsync(GuildId guild, int count)
    {
        var worker = Interlocked.Increment(ref workers);
        var tokens = Path.Combine(folder.Path, $"tokens{worker}");
        var (code, _, error) = await KithProcess.Run(
            ["user", "create", $"member{worker}n", "--count", $"{count}", "--join", $"{guild}", "--tokens", tokens, "--data", folder.Path, .. Arguments(Options(worker, Redis.Address))]);
        Assert.True(code == 0, error);
        // "id name token"
        return [.. (await File.ReadAllLinesAsync(tokens)).Select(line => line.Split(' ')).Select(f => new TestUser(UserId.From(long.Parse(f[0], CultureInfo.InvariantCulture)), f[1], f[2], new ApiClient(Address, f[2])))];
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync(ClusterNode node)
    {
        Remove(node);
        await node.Process.DisposeAsync();
    }

    /// <summary>An orderly end; while it goes on, no new connection comes to the node.</summary>
    public async Task StopAsync(ClusterNode node)
    {
        Remove(node);
        await using (node.Process)
        {
            var code = await node.Process.Terminate();
            Assert.True(code == 0, $"The {node.Role} ended with {code}:\n{node.Process.Output}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
            await KillAsync(node);
        if (line is not null) await line.DisposeAsync();
        await front.DisposeAsync();
        kafka?.Dispose();
        if (zooKeeperLine is not null) await zooKeeperLine.DisposeAsync();
        if (ZooKeeper is not null) await ZooKeeper.DisposeAsync();
        await Redis.DisposeAsync();
        await MariaDb.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>What all processes say, for a failure's report.</summary>
    public string Output() => string.Join('\n', Nodes.Select(n => $"--- {n.Role} {n.Process.Id}\n{n.Process.Output}"));

    static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    void Remove(ClusterNode node)
    {
        lock (nodes) nodes.Remove(node);
    }

    static IEnumerable<string> Arguments(Dictionary<string, string> options) => options.SelectMany(o => new[] { "--set", $"{o.Key}={o.Value}" });

    Dictionary<string, string> Environment(int worker, string redis) => new(
        Options(worker, redis).Select(o => KeyValuePair.Create("KITH__" + o.Key.Replace(":", "__", StringComparison.Ordinal), o.Value)), StringComparer.Ordinal)
        {
            [Spinning] = "0",
        };

    Dictionary<string, string> Options(int worker, string redis)
    {
        var options = new Dictionary<string, string>(setup.Options, StringComparer.Ordinal)
        {
            ["MySql:Connection"] = MariaDb.ConnectionString(Database),
            ["Redis:Address"] = redis,
            ["Kafka:Servers"] = setup.Kafka ?? Kafka.Servers,
            ["Kafka:Replication"] = "1",
            ["Accounts:Key"] = Convert.ToBase64String(new byte[32]),
        };
        // An older program knows no such option.
        if (setup.Kafka is null && Program == KithProcess.Program) options["Kafka:FetchWait"] = $"{MockKafka.FetchWait.TotalMilliseconds:0}ms";
        if (ZooKeeper is null)
        {
            options["Cluster:Worker"] = worker.ToString(CultureInfo.InvariantCulture);
        }
        else
        {
            options["ZooKeeper:Servers"] = ZooKeeperLine.Address.Authority;
            options["Gateway:Url"] = new UriBuilder(line?.Address ?? Address) { Scheme = "ws" }.Uri.GetLeftPart(UriPartial.Authority);
        }

        return options;
    }
}

/// <param name="Metrics">Where it tells what it counts; null where it does not.</param>
public sealed record ClusterNode(string Role, KithProcess Process, Uri? Metrics)
{
    static readonly HttpClient Http = new();

    public Uri Address => Process.Address;

    /// <summary>What a counter stands at; 0 before it has counted anything.</summary>
    /// <param name="series">Its name with its labels, as /metrics writes them.</param>
    public async Task<long> CountAsync(string series)
    {
        var lines = (await Http.GetStringAsync(new Uri(Metrics!, "/metrics"))).Split('\n');
        return lines.FirstOrDefault(l => l.StartsWith(series + " ", StringComparison.Ordinal)) is { } line ? long.Parse(line[(series.Length + 1)..], CultureInfo.InvariantCulture) : 0;
    }
}
