using Kith.Gateway.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kith.Gateway.Transport;

/// <summary>The gateway's loops. One per process; it owns every socket that <see cref="GatewayUpgrade"/> has taken.</summary>
public sealed class GatewayTransport : IDisposable
{
    static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(250);

    readonly GatewayLoop[] _loops;
    readonly ITimer _timer;
    readonly ILogger _logger;
    bool _disposed;

    public GatewayTransport(IOptions<GatewayTransportOptions> options, TimeProvider time, ILogger<GatewayTransport> logger)
    {
        Time = time;
        _logger = logger;
        _loops = Enumerable.Range(0, options.Value.EffectiveLoops).Select(index => new GatewayLoop(index, options.Value, time, logger)).ToArray();
        foreach (var loop in _loops)
            loop.Start();
        _timer = time.CreateTimer(_ => Tick(), null, TickPeriod, TickPeriod);
    }

    internal TimeProvider Time { get; }

    public IReadOnlyList<GatewayLoop> Loops => _loops;

    public int Connections => _loops.Sum(loop => loop.Connections);

    /// <summary>Where a new connection goes.</summary>
    public GatewayLoop LeastLoaded => _loops.MinBy(loop => loop.Connections)!;

    /// <summary>Does the same on every loop, such as handing an event to all sessions of a guild that live there.</summary>
    public void PostToAll(ILoopWork work)
    {
        foreach (var loop in _loops)
            loop.Post(work);
    }

    /// <summary>
    /// Before a shutdown: asks every client to reconnect (op 7), in waves so that they do not all arrive at another node at once, and gives
    /// them time to leave. Those still here at the end are closed with the code given, which leaves their sessions resumable.
    /// Handlers go on as usual meanwhile. New connections are the caller's to keep out.
    /// </summary>
    public async Task Drain(DrainPlan plan, CancellationToken cancellationToken)
    {
        TransportLog.Draining(_logger, Connections);
        // In one step on each loop, so that nobody is asked both as a newcomer and as one who is here.
        await Task.WhenAll(_loops.Select(loop => SendWaves(loop, plan, owner => owner.AskNewcomersToLeave(), cancellationToken)));
        var deadline = Time.GetTimestamp();
        while (Connections > 0 && Time.GetElapsedTime(deadline) < plan.Grace)
            await Task.Delay(TickPeriod, Time, cancellationToken);
        await Task.WhenAll(_loops.Select(loop => OnLoop(loop, work => CloseAll(work, plan.CloseCode)))).WaitAsync(cancellationToken);
        deadline = Time.GetTimestamp();
        while (Connections > 0 && Time.GetElapsedTime(deadline) < plan.CloseGrace)
            await Task.Delay(TickPeriod, Time, cancellationToken);
    }

    /// <summary>Asks every client that is here now to reconnect (op 7), in the plan's waves. The node goes on: who comes back may come back to it.</summary>
    public Task AskToReconnect(DrainPlan plan, CancellationToken cancellationToken) => Task.WhenAll(_loops.Select(loop => SendWaves(loop, plan, static _ => { }, cancellationToken)));

    async Task SendWaves(GatewayLoop loop, DrainPlan plan, Action<GatewayLoop> first, CancellationToken cancellationToken)
    {
        var here = await OnLoop(loop, owner =>
        {
            first(owner);
            return Connected(owner);
        }).WaitAsync(cancellationToken);
        for (var from = 0; from < here.Count; from += plan.WaveSize)
        {
            if (from > 0)
                await Task.Delay(plan.WaveInterval, Time, cancellationToken);
            var wave = here.Slice(from, Math.Min(plan.WaveSize, here.Count - from));
            await OnLoop(loop, owner => SendWave(owner, wave)).WaitAsync(cancellationToken);
        }
    }

    static int SendWave(GatewayLoop loop, List<GatewayConnection> wave)
    {
        foreach (var connection in wave)
        {
            // Another loop asks it for itself.
            if (connection.IsAt(loop))
                connection.Send(ControlPayload.Reconnect);
        }

        return wave.Count;
    }

    static List<GatewayConnection> Connected(GatewayLoop loop)
    {
        var all = new List<GatewayConnection>(loop.Connections);
        loop.CollectConnections(all);
        return all;
    }

    static int CloseAll(GatewayLoop loop, int code)
    {
        var all = Connected(loop);
        foreach (var connection in all)
            connection.Close(code);
        return all.Count;
    }

    static Task<T> OnLoop<T>(GatewayLoop loop, Func<GatewayLoop, T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(
            (owner, _) =>
            {
                try
                {
                    done.SetResult(work(owner));
                }
                catch (Exception error)
                {
                    done.SetException(error);
                    throw;
                }
            },
            null);
        return done.Task;
    }

    void Tick()
    {
        foreach (var loop in _loops)
            loop.OnTimer();
    }

    /// <summary>Ends every connection and the loops.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _timer.Dispose();
        foreach (var loop in _loops)
            loop.RequestStop();
        foreach (var loop in _loops)
            loop.Dispose();
    }
}

/// <summary>How a node sends its clients away.</summary>
public sealed record DrainPlan
{
    /// <summary>Clients of one loop that are asked together.</summary>
    public int WaveSize { get; init; } = 2000;

    public TimeSpan WaveInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long those asked may take to leave by themselves.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>4000, after which clients reconnect and resume.</summary>
    public int CloseCode { get; init; } = 4000;

    /// <summary>How long those closed may take to confirm.</summary>
    public TimeSpan CloseGrace { get; init; } = TimeSpan.FromSeconds(5);
}
