using Kith.Load.Measures;
using Kith.Load.Sessions;
using Kith.Load.Traffic;

namespace Kith.Load.Workers;

/// <summary>Where the load goes.</summary>
/// <param name="Url">Loopback only.</param>
internal sealed record Target(string Url, TargetKind Kind);

/// <summary>
/// The workers of a run. Sessions are divided among as many processes as files allow; traffic is sent by the first.
/// </summary>
internal sealed class Fleet : IAsyncDisposable
{
    /// <summary>Files that a worker needs besides its sessions: HTTP connections and the runtime's own.</summary>
    const int OtherFiles = 1200;

    readonly List<WorkerProcess> _workers = [];

    /// <summary>1 where the first worker is for bystanders, else 0.</summary>
    readonly int _apart;

    Fleet(SharedCounters counters, bool apart) => (Counters, _apart) = (counters, apart ? 1 : 0);

    public SharedCounters Counters { get; }

    /// <param name="sessions">How many there will be.</param>
    /// <param name="apart">A worker of their own for those of <see cref="OpenApart"/>, who then wait for the server only, and not for what the load does with all others.</param>
    public static async Task<Fleet> Start(Target target, ulong[] channels, int sessions, CancellationToken cancel, bool apart = false)
    {
        var path = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"kith-load-{Environment.ProcessId}-{Clock.Now:x}");
        var fleet = new Fleet(SharedCounters.Create(path), apart);
        try
        {
            var count = fleet._apart + Math.Max(1, (sessions + SessionsPerWorker() - 1) / SessionsPerWorker());
            if (count * 2 > SharedCounters.MostLoops) throw new InvalidOperationException($"{sessions} sessions would need {count} processes; {SharedCounters.MostLoops / 2} is the limit.");
            var run = (ushort)Random.Shared.Next(1, ushort.MaxValue);
            for (var i = 0; i < count; i++)
            {
                var worker = WorkerProcess.Start();
                fleet._workers.Add(worker);
                await worker.Ask<Done>(new Prepare(target.Url, target.Kind, channels, run, path, i * SessionsPerWorker(), i * 2), cancel);
            }

            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens sessions, divided evenly; may be called again for more.</summary>
    public async Task<SessionsResult> Open(IReadOnlyList<SessionSpec> sessions, int pending, bool reconnects, CancellationToken cancel)
    {
        var most = Most.Count();
        var share = (sessions.Count + most - 1) / most;
        return SessionsResult.Join(await Task.WhenAll(Most.Select((worker, i) =>
            worker.Ask<SessionsReport>(new OpenSessions(sessions.Skip(i * share).Take(share).ToArray(), Math.Max(1, pending / most), reconnects), cancel))));
    }

    /// <summary>Opens sessions of bystanders.</summary>
    public Task OpenApart(IReadOnlyList<SessionSpec> sessions, int pending, CancellationToken cancel) =>
        _workers[0].Ask<SessionsReport>(new OpenSessions([.. sessions], pending, Reconnects: true), cancel);

    /// <param name="channels">How many channels, from the first, are measured.</param>
    public Task Measure(long from, long until, int channels, CancellationToken cancel) =>
        AskAll<Done>(_workers.Select(_ => new MeasureSpan(from, until, channels)), cancel);

    public async Task<TrafficTotals> Send(TrafficPlan plan, CancellationToken cancel) =>
        new(await _workers[0].Ask<TrafficReport>(new RunTraffic(plan), cancel));

    /// <summary>Cuts what was opened last, and waits until it is back.</summary>
    public async Task<SessionsResult> Cut(bool resume, CancellationToken cancel) =>
        SessionsResult.Join(await Task.WhenAll(Most.Select(worker => worker.Ask<SessionsReport>(new CutSessions(resume), cancel))));

    public Task Stall(bool stalled, CancellationToken cancel) => AskAll<Done>(_workers.Select(_ => new StallSessions(stalled)), cancel);

    public async Task<SessionsResult> Churn(double reconnects, double presences, long until, CancellationToken cancel) =>
        SessionsResult.Join(await AskAll<SessionsReport>(_workers.Select(_ => new ChurnSessions(reconnects / _workers.Count, presences / _workers.Count, until)), cancel));

    public async Task<CheckTotals> Check(Tally[] expected, TimeSpan patience, CancellationToken cancel) =>
        new(await AskAll<CheckReport>(_workers.Select(_ => new CheckSessions(expected, patience.TotalSeconds)), cancel));

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers) await worker.DisposeAsync();
        Counters.Dispose();
    }

    IEnumerable<WorkerProcess> Most => _workers.Skip(_apart);

    static int SessionsPerWorker() => Math.Max(1000, MachineInfo.MostFiles - OtherFiles);

    Task<T[]> AskAll<T>(IEnumerable<WorkerCommand> commands, CancellationToken cancel)
        where T : Reply => Task.WhenAll(commands.Select((command, i) => _workers[i].Ask<T>(command, cancel)));
}
