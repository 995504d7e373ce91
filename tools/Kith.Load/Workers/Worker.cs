using System.Text.Json;
using Kith.Load.Measures;
using Kith.Load.Sessions;
using Kith.Load.Sockets;
using Kith.Load.Traffic;

namespace Kith.Load.Workers;

/// <summary>
/// A child process of a run: holds sessions, sends traffic, reads commands from its standard input and answers on its standard output. It ends when the
/// input ends, so that no worker outlives its parent.
/// </summary>
internal sealed class Worker(TextReader input, TextWriter output) : IDisposable
{
    readonly SemaphoreSlim _writing = new(1);
    readonly Dictionary<Type, Func<WorkerCommand, CancellationToken, Task<Reply>>> _handlers = [];
    readonly CancellationTokenSource _ending = new();
    Prepare? _prepared;
    SharedCounters? _counters;
    SessionLoop? _sessions;
    SessionDrills? _drills;
    uint[] _numbers = [];
    int _trafficRuns;

    public static async Task<int> Run(TextReader input, TextWriter output)
    {
        using var worker = new Worker(input, output);
        worker.Handle<Prepare>(worker.OnPrepare);
        worker.Handle<OpenSessions>(worker.OnOpen);
        worker.Handle<MeasureSpan>(worker.OnMeasure);
        worker.Handle<RunTraffic>(worker.OnTraffic);
        worker.Handle<CutSessions>(worker.OnCut);
        worker.Handle<StallSessions>(worker.OnStall);
        worker.Handle<ChurnSessions>(worker.OnChurn);
        worker.Handle<CheckSessions>(worker.OnCheck);
        await worker.Serve();
        return 0;
    }

    SessionLoop Sessions => _sessions ?? throw new InvalidOperationException("Not prepared.");

    SessionDrills Drills => _drills ?? throw new InvalidOperationException("Not prepared.");

    void Handle<T>(Func<T, CancellationToken, Task<Reply>> handler)
        where T : WorkerCommand => _handlers[typeof(T)] = (command, cancel) => handler((T)command, cancel);

    async Task Serve()
    {
        List<Task> running = [];
        while (await input.ReadLineAsync(_ending.Token) is { } line)
        {
            running.RemoveAll(task => task.IsCompleted);
            running.Add(Answer(JsonSerializer.Deserialize(line, WorkerJson.Default.WorkerCommand)!));
        }

        await _ending.CancelAsync();
        await Task.WhenAll(running);
    }

    public void Dispose()
    {
        _sessions?.Dispose();
        _counters?.Dispose();
        _ending.Dispose();
        _writing.Dispose();
    }

    async Task Answer(WorkerCommand command)
    {
        Reply reply;
        try
        {
            reply = await _handlers[command.GetType()](command, _ending.Token);
        }
        catch (Exception e)
        {
            reply = new Failed(e is NotSupportedException or InvalidOperationException ? e.Message : e.ToString());
        }

        reply.Number = command.Number;
        await _writing.WaitAsync(CancellationToken.None);
        try
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(reply, WorkerJson.Default.Reply));
            await output.FlushAsync(CancellationToken.None);
        }
        finally
        {
            _writing.Release();
        }
    }

    Task<Reply> OnPrepare(Prepare command, CancellationToken cancel)
    {
        _prepared = command;
        _numbers = new uint[command.Channels.Length];
        _counters = SharedCounters.Open(command.Counters);
        Dialect dialect = command.Kind switch
        {
            TargetKind.Raw => new RawDialect(),
            TargetKind.SignalR => new SignalRDialect(),
            _ => new KithDialect(),
        };
        var options = new SessionLoopOptions(LoopbackTarget.Parse(command.Url), command.Channels, command.Run, command.FirstClient);
        _sessions = new(options, dialect, _counters.Cell(command.Cell));
        _drills = new(_sessions);
        _sessions.Start();
        return Task.FromResult<Reply>(new Done());
    }

    async Task<Reply> OnOpen(OpenSessions command, CancellationToken cancel)
    {
        var began = Clock.Now;
        await Sessions.Ask(() =>
        {
            Sessions.Pending = command.Pending;
            Sessions.Reconnects = command.Reconnects;
            Sessions.TimeToReady = new();
            Sessions.Add(command.Sessions);
            return 0;
        });
        return await Settled(began, cancel);
    }

    async Task<Reply> OnMeasure(MeasureSpan command, CancellationToken cancel)
    {
        await Sessions.Ask(() =>
        {
            Sessions.Receiver.Measure(command.From, command.Until, command.Channels);
            return 0;
        });
        return new Done();
    }

    async Task<Reply> OnTraffic(RunTraffic command, CancellationToken cancel)
    {
        var prepared = _prepared ?? throw new InvalidOperationException("Not prepared.");
        var options = new TrafficLoopOptions(LoopbackTarget.Parse(prepared.Url), prepared.Channels, prepared.Run, _numbers, prepared.FirstClient + 30_000 + (_trafficRuns++ * 1000));
        using var loop = new TrafficLoop(options, command.Plan, Sources.Create(command.Plan, prepared, _counters!), _counters!.Cell(prepared.Cell + 1));
        var cpu = Environment.CpuUsage.TotalTime;
        loop.Start();
        await await Task.WhenAny(loop.Done, loop.Completion).WaitAsync(cancel);
        var result = await loop.Done;
        return new TrafficReport(
            result.Tallies,
            [.. Enum.GetValues<OperationKind>().Select(kind => result.Latency(kind).Pack())],
            result.SendSeries.Pack(),
            result.Errors,
            result.Throttled,
            result.Retried,
            (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
    }

    async Task<Reply> OnCut(CutSessions command, CancellationToken cancel)
    {
        var began = Clock.Now;
        await Sessions.Ask(() => Drills.Cut(command.Resume));
        return await Settled(began, cancel);
    }

    async Task<Reply> OnStall(StallSessions command, CancellationToken cancel)
    {
        await Sessions.Ask(() => Drills.Stall(command.Stalled));
        return new Done();
    }

    async Task<Reply> OnChurn(ChurnSessions command, CancellationToken cancel)
    {
        var began = Clock.Now;
        await Sessions.Ask(() => Drills.Churn(command.ReconnectsPerSecond, command.PresencesPerSecond));
        await Task.Delay(Clock.Span(Math.Max(0, command.Until - began)), cancel);
        await Sessions.Ask(() => Drills.Churn(0, 0));
        return await Settled(began, cancel);
    }

    /// <summary>Waits until all has arrived, or nothing more does.</summary>
    async Task<Reply> OnCheck(CheckSessions command, CancellationToken cancel)
    {
        using var glance = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var (received, since) = (-1L, Clock.Now);
        while (true)
        {
            var report = await Sessions.Ask(() => Drills.Check(command.Expected));
            if (report.Received != received) (received, since) = (report.Received, Clock.Now);
            var patient = Clock.Now - since < command.PatienceSeconds * Clock.Second;
            if (!patient || (report.Lost == 0 && report.Checked > 0)) return report;
            await glance.WaitForNextTickAsync(cancel);
        }
    }

    /// <summary>Waits until every session is ready or given up.</summary>
    async Task<SessionsReport> Settled(long began, CancellationToken cancel)
    {
        using var glance = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (await Sessions.Ask(() => Sessions.Unsettled) > 0)
        {
            await glance.WaitForNextTickAsync(cancel);
        }

        var seconds = (Clock.Now - began) / (double)Clock.Second;
        return await Sessions.Ask(() => new SessionsReport(
            Sessions.ReadyCount, Sessions.Sessions.Count - Sessions.ReadyCount, seconds, Sessions.TimeToReady.Pack(), Sessions.InvalidSessions, new(Sessions.Losses))
        {
            OwnRss = Environment.WorkingSet / 1024,
        });
    }
}
