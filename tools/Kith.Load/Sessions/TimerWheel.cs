using Kith.Load.Measures;

namespace Kith.Load.Sessions;

/// <summary>
/// One timer per session in 12 bytes: doubly linked lists through arrays, one list per tick. A timer further away than the wheel turns once per
/// minute and is put back. It belongs to the loop's thread.
/// </summary>
internal sealed class TimerWheel
{
    public const long TickMicroseconds = 50_000;

    const int Buckets = 2048, None = -1;

    readonly int[] _heads = new int[Buckets];
    int[] _next = [];
    int[] _previous = [];
    long[] _due = [];
    long _tick = Clock.Now / TickMicroseconds;

    public TimerWheel() => Array.Fill(_heads, None);

    public void Grow(int sessions)
    {
        Array.Resize(ref _next, sessions);
        Array.Resize(ref _previous, sessions);
        Array.Resize(ref _due, sessions);
    }

    /// <summary>Sets the session's timer, instead of the one it may have.</summary>
    /// <param name="due">Microseconds of <see cref="Clock"/>.</param>
    public void Set(int session, long due)
    {
        Cancel(session);
        _due[session] = Math.Max(due / TickMicroseconds, _tick + 1);
        Link(session);
    }

    public void Cancel(int session)
    {
        if (_due[session] == 0) return;
        var (previous, next) = (_previous[session], _next[session]);
        if (next != None) _previous[next] = previous;
        if (previous != None) _next[previous] = next;
        else _heads[Bucket(session)] = next;
        _due[session] = 0;
    }

    /// <summary>Appends the sessions whose time has come, and clears their timers.</summary>
    public void Collect(long now, List<int> due)
    {
        for (var target = now / TickMicroseconds; _tick < target;)
        {
            _tick++;
            for (var session = _heads[_tick % Buckets]; session != None;)
            {
                var next = _next[session];
                if (_due[session] <= _tick)
                {
                    Cancel(session);
                    due.Add(session);
                }

                session = next;
            }
        }
    }

    public TimeSpan UntilNextTick(long now) => Clock.Span(Math.Max(0, ((_tick + 1) * TickMicroseconds) - now));

    int Bucket(int session) => (int)(_due[session] % Buckets);

    void Link(int session)
    {
        var bucket = Bucket(session);
        var head = _heads[bucket];
        _previous[session] = None;
        _next[session] = head;
        if (head != None) _previous[head] = session;
        _heads[bucket] = session;
    }
}
