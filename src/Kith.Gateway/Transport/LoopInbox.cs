namespace Kith.Gateway.Transport;

/// <summary>Something to be done on a loop's thread, where it owns all that it touches.</summary>
public interface ILoopWork
{
    void Run(GatewayLoop loop);
}

/// <summary>Work from other threads, in the order it came. Many add, one takes; taking a thousand costs one lock.</summary>
internal sealed class LoopInbox<T>
{
    readonly Lock _gate = new();
    readonly List<TaskCompletionSource> _waiters = [];
    T[] _adding = new T[64];
    T[] _taken = new T[64];
    int _count;

    internal bool IsEmpty => Volatile.Read(ref _count) == 0;

    internal void Add(in T item) => TryAdd(item, int.MaxValue);

    /// <summary>False, and nothing added, where as many as the limit wait already.</summary>
    internal bool TryAdd(in T item, int limit)
    {
        lock (_gate)
        {
            if (_count >= limit)
                return false;
            if (_count == _adding.Length)
                Array.Resize(ref _adding, _count * 2);
            _adding[_count++] = item;
            return true;
        }
    }

    /// <summary>Completes when less than the limit waits: now, or once the loop has taken what there is.</summary>
    internal Task WhenBelow(int limit)
    {
        lock (_gate)
        {
            if (_count < limit)
                return Task.CompletedTask;
            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add(waiter);
            return waiter.Task;
        }
    }

    /// <summary>Everything that has been added; valid until the next call. Whoever takes clears the items when they are done.</summary>
    internal Span<T> Take()
    {
        lock (_gate)
        {
            (_adding, _taken) = (_taken, _adding);
            var count = _count;
            _count = 0;
            foreach (var waiter in _waiters)
                waiter.SetResult();
            _waiters.Clear();
            return _taken.AsSpan(0, count);
        }
    }
}

/// <summary>One piece of work for a <see cref="GatewayLoop"/>, in one of the shapes it may have.</summary>
internal readonly record struct LoopWorkItem(object Work, object? State)
{
    internal void Run(GatewayLoop loop)
    {
        switch (Work)
        {
            case ILoopWork work:
                work.Run(loop);
                break;
            case Action<GatewayLoop> simple:
                simple(loop);
                break;
            default:
                ((Action<GatewayLoop, object?>)Work)(loop, State);
                break;
        }
    }
}
