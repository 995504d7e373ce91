using Kith.Load.Measures;
using Kith.Load.Workers;

namespace Kith.Load.Sessions;

/// <summary>What is done to sessions in the course of a run. All of it runs on the loop's thread, through <see cref="Sockets.EventLoop.Ask{T}"/>.</summary>
internal sealed class SessionDrills(SessionLoop loop)
{
    readonly Random _random = new(1);
    double _reconnects;
    double _presences;
    long _lastTurn;

    /// <summary>Cuts sessions by reset, as when a balancer dies; they queue to come back and their time counts from now.</summary>
    public int Cut(bool resume)
    {
        var cut = 0;
        loop.TimeToReady = new();
        for (var session = loop.LatestAdded; session < loop.Sessions.Count; session++)
        {
            if (loop.Sessions[session].Phase != SessionPhase.Ready) continue;
            if (!resume) Forget(session);
            Leave(session);
            cut++;
        }

        return cut;
    }

    public int Stall(bool stalled)
    {
        var touched = 0;
        for (var session = 0; session < loop.Sessions.Count; session++)
        {
            if (!loop.Sessions[session].Traits.HasFlag(SessionTraits.Slow)) continue;
            if (stalled) loop.StopReading(session);
            else loop.ReadAgain(session);
            touched++;
        }

        return touched;
    }

    /// <summary>Sets the rates at which sessions reconnect and change their presence, per second; 0 and 0 ends it.</summary>
    public int Churn(double reconnects, double presences)
    {
        _lastTurn = Clock.Now;
        if (reconnects > 0) loop.TimeToReady = new();
        loop.EachTurn = reconnects + presences > 0 ? now => Turn(now, reconnects, presences) : null;
        return 0;
    }

    /// <summary>Compares what every session has received with what was sent.</summary>
    public CheckReport Check(Tally[] expected)
    {
        int whole = 0, excused = 0;
        long lost = 0, surplus = 0;
        for (var i = 0; i < loop.Sessions.Count; i++)
        {
            ref var session = ref loop.Sessions[i];
            if (session.Phase != SessionPhase.Ready || (session.Traits & (SessionTraits.Gap | SessionTraits.Stalled)) != SessionTraits.None)
            {
                excused++;
                continue;
            }

            whole++;
            foreach (ref readonly var watch in loop.Sessions.Watches(session))
            {
                var (seen, sent) = (watch.Tally, expected[watch.Channel]);
                if (seen.Equals(sent)) continue;
                lost += Math.Max(seen.Messages == sent.Messages ? 1 : 0, (long)sent.Messages - seen.Messages);
                surplus += Math.Max(0, (long)seen.Messages - sent.Messages);
            }
        }

        var receiver = loop.Receiver;
        return new(whole, excused, lost, surplus, receiver.Repeats, receiver.Disorders, receiver.Strays, loop.SequenceBreaks)
        {
            Latency = receiver.Latency.Pack(),
            Series = receiver.Series.Pack(),
            Losses = new(loop.Losses),
            MessageBytes = receiver.Bytes,
            Received = receiver.Received,
            InvalidSessions = loop.InvalidSessions,
            OtherEvents = receiver.Others,
            OtherBytes = receiver.OtherBytes,
        };
    }

    void Leave(int session)
    {
        loop.Disconnect(session, cut: true);
        loop.Sessions[session].Began = Clock.Now;
        loop.Enqueue(session);
    }

    /// <summary>The session will come back as a new one.</summary>
    void Forget(int session) => loop.Sessions[session].ResumeId = null;

    void Turn(long now, double reconnects, double presences)
    {
        var seconds = (now - _lastTurn) / (double)Clock.Second;
        _lastTurn = now;
        for (_presences += presences * seconds; _presences >= 1; _presences--)
        {
            if (AnyReady() is { } session) loop.SetPresence(session);
        }

        for (_reconnects += reconnects * seconds; _reconnects >= 1; _reconnects--)
        {
            if (AnyReady() is not { } session) continue;
            if (_random.Next(2) == 0) Forget(session);
            Leave(session);
        }
    }

    int? AnyReady()
    {
        if (loop.Sessions.Count == 0) return null;
        var session = _random.Next(loop.Sessions.Count);
        return loop.Sessions[session].Phase == SessionPhase.Ready ? session : null;
    }
}
