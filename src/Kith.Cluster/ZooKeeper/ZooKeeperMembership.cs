using Kith.Domain;
using Kith.Engine.Delivery;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kith.Cluster.ZooKeeper;

/// <summary>Another live process has this one's worker id or name.</summary>
public sealed class AlreadyTakenException(string message) : InvalidOperationException(message);

/// <summary>
/// This process's membership of the cluster: it is announced with its load, it leases a worker id, and it knows the live gateways. Renewed five times within the session's timeout. While
/// ZooKeeper is away the last known list stays; ids are minted until two thirds of the timeout have passed since the server last answered, which is before anyone else can have the worker.
/// </summary>
public sealed partial class ZooKeeperMembership : BackgroundService, IGatewayServers
{
    readonly ZooKeeperOptions options;
    readonly TimeProvider clock;
    readonly ILogger<ZooKeeperMembership> log;
    readonly BlockingCalls calls = new("zookeeper");
    readonly WorkerLeases workers;
    readonly LiveNodes nodes;
    readonly int? worker;
    readonly NodeAnnouncement self;

    /// <summary>Owned by the thread of <see cref="calls"/>.</summary>
    ZooKeeperSession? session;

    volatile bool well;

    /// <param name="worker">The configured worker id; null: one is found.</param>
    public ZooKeeperMembership(ZooKeeperOptions options, NodeAnnouncement self, int? worker, SnowflakeGenerator ids, TimeProvider clock, ILogger<ZooKeeperMembership> log)
    {
        (this.options, this.self, this.worker, this.clock, this.log) = (options, self, worker, clock, log);
        var instance = Guid.NewGuid().ToString("N");
        workers = new WorkerLeases(options, self.Node.Value, worker, ids, clock);
        nodes = new LiveNodes(options, self, instance);
    }

    public IReadOnlyList<GatewayServer> Live => nodes.Live;

    /// <summary>Of this process, while it has one.</summary>
    public int? Worker => workers.Worker;

    /// <summary>The last renewal went well.</summary>
    public bool IsMember => well;

    TimeSpan Interval => options.SessionTimeout / 5;

    /// <summary>Returns with a worker id. What a process that was killed has left is waited for, for as long as its session may last.</summary>
    /// <exception cref="AlreadyTakenException">Another process has the configured worker id, or the name, and keeps it.</exception>
    /// <exception cref="UnavailableException">No server answers.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var deadline = clock.GetUtcNow() + options.SessionTimeout + options.SessionTimeout;
        while (true)
        {
            var (step, failure) = await StepAsync();
            if (step == Step.Done) break;
            if (clock.GetUtcNow() >= deadline) await GiveUpAsync(step, failure);
            await Task.Delay(Interval / 4, clock, cancellationToken);
        }

        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Task left = calls.RunAsync(() =>
        {
            Leave();
            return true;
        });
        // A server that does not answer may keep the call for long; what is not released ends with the session.
        await left.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override void Dispose()
    {
        calls.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var (step, failure) = await StepAsync();
            if (step == Step.Done && !well) LogWell(workers.Worker);
            if (step != Step.Done && well) LogIll(failure, step);
            well = step == Step.Done;
        }
    }

    async Task GiveUpAsync(Step step, Exception? failure)
    {
        var rival = workers.Rival;
        await StopAsync(CancellationToken.None);
        throw step switch
        {
            Step.Worker when worker is not null => new AlreadyTakenException($"Worker id {worker} is another process's: {rival?.Split(' ')[0]}. No two may have the same."),
            Step.Worker => new AlreadyTakenException($"All {WorkerLeases.Count} worker ids are taken."),
            Step.Name => new AlreadyTakenException($"Another process has the name {self.Node}."),
            _ => new UnavailableException("ZooKeeper", failure),
        };
    }

    Task<(Step Step, Exception? Failure)> StepAsync() => calls.RunAsync<(Step, Exception?)>(() =>
    {
        try
        {
            session ??= new ZooKeeperSession(options);
            if (!workers.Renew(session)) return (Step.Worker, null);
            if (!nodes.Announce(session)) return (Step.Name, null);
            nodes.Read(session);
            return (Step.Done, null);
        }
        catch (IOException e)
        {
            if (e is ZooKeeperException { IsFinal: true })
            {
                session?.Dispose();
                session = null;
            }

            return (Step.Connect, e);
        }
    });

    void Leave()
    {
        try
        {
            if (session is not null) workers.Release(session);
        }
        catch (IOException e)
        {
            // What is not released here ends with the session.
            LogIll(e, Step.Connect);
        }

        session?.Dispose();
        session = null;
    }

    /// <summary>What a renewal got to.</summary>
    enum Step
    {
        Connect,
        Worker,
        Name,
        Done,
    }

    [LoggerMessage(2140, LogLevel.Information, "ZooKeeper: member of the cluster, minting ids for worker {Worker}")]
    partial void LogWell(int? worker);

    [LoggerMessage(2141, LogLevel.Error, "ZooKeeper: membership cannot be renewed ({Step}); soon no ids are minted")]
    partial void LogIll(Exception? e, Step step);
}
