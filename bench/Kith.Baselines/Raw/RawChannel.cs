namespace Kith.Baselines.Raw;

/// <summary>A channel: its event log and its connections, divided among the sweepers.</summary>
internal sealed class RawChannel
{
    readonly Lock _append = new();
    readonly EventLog _log = new();
    readonly ChannelPart[] _parts;
    int _next;

    public RawChannel(string id, Sweeper[] sweepers, bool coalesce)
    {
        Id = id;
        _parts = [.. sweepers.Select(sweeper => new ChannelPart(sweeper, _log, coalesce))];
    }

    public string Id { get; }

    public ChatMessage Publish(NewMessage posted, MessageFactory messages)
    {
        ChatMessage message;
        lock (_append)
        {
            message = messages.Create(Id, posted);
            _log.Append(message);
        }

        foreach (var part in _parts) part.Schedule();
        return message;
    }

    public void Join(RawConnection connection)
    {
        var part = _parts[(uint)Interlocked.Increment(ref _next) % (uint)_parts.Length];
        lock (_append)
        {
            connection.StartAt(_log.Tail, _log.Tail.Length, part);
            part.Add(connection);
        }
    }
}

/// <summary>The connections of one channel that one sweeper writes to.</summary>
internal sealed class ChannelPart(Sweeper sweeper, EventLog log, bool coalesce)
{
    readonly Lock _members = new();
    readonly List<RawConnection> _connections = [];
    RawConnection[] _snapshot = [];
    bool _changed;
    int _scheduled;

    /// <summary>Where the channel's log ends now.</summary>
    public long End => log.End;

    public void Add(RawConnection connection)
    {
        lock (_members)
        {
            _connections.Add(connection);
            _changed = true;
        }
    }

    public void Remove(RawConnection connection)
    {
        lock (_members)
        {
            _changed |= _connections.Remove(connection);
        }
    }

    public void Schedule()
    {
        if (Interlocked.Exchange(ref _scheduled, 1) == 0) sweeper.Enqueue(this);
    }

    /// <summary>
    /// Writes what waits. Without coalescing every pass takes each connection one event further, until none is behind: the order in which
    /// a server that handles one event at a time would write.
    /// </summary>
    public void Sweep()
    {
        Volatile.Write(ref _scheduled, 0);
        var connections = Snapshot();
        bool behind;
        do
        {
            behind = false;
            foreach (var connection in connections) behind |= connection.Advance(coalesce);
        }
        while (behind);
    }

    RawConnection[] Snapshot()
    {
        lock (_members)
        {
            if (_changed)
            {
                _snapshot = [.. _connections];
                _changed = false;
            }

            return _snapshot;
        }
    }
}

/// <summary>A thread that sweeps the parts given to it. A thread of its own: long sweeps in the pool would starve the socket callbacks there.</summary>
internal sealed class Sweeper : IDisposable
{
    // Unbounded in type only: a part is in it once at most, and there are as many parts as channels.
    readonly System.Collections.Concurrent.BlockingCollection<ChannelPart> _queue = [];

    public Sweeper() => new Thread(Run) { IsBackground = true, Name = "sweeper" }.Start();

    public void Enqueue(ChannelPart part) => _queue.Add(part);

    public void Dispose() => _queue.CompleteAdding();

    void Run()
    {
        foreach (var part in _queue.GetConsumingEnumerable()) part.Sweep();
    }
}
