namespace Kith.Gateway.Transport;

/// <summary>Something to be done on a loop's thread, where it owns all that it touches.</summary>
public interface ILoopWork
{
    void Run(GatewayLoop loop);
}

/// <summary>Work from other threads, in the order it came. Many add, one takes; taking a thousand costs one lock.</summary>
internal sealed class LoopInbox
{
    readonly Lock _gate = new();
    readonly Queue<TaskCompletionSource> _waiters = new();
    Item[] _adding = new Item[256];
    Item[] _taken = new Item[256];
    int _count;

    internal bool IsEmpty => Volatile.Read(ref _count) == 0;

    /// <summary>False, and nothing added, where as many as the limit wait already.</summary>
    internal bool TryAdd(in Item item, int limit)
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

    /// <summary>Completes once the loop has taken what waits now.</summary>
    internal Task WhenTaken(int limit)
    {
        lock (_gate)
        {
            if (_count < limit)
                return Task.CompletedTask;
            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Enqueue(waiter);
            return waiter.Task;
        }
    }

    /// <summary>Everything that has been added; valid until the next call.</summary>
    internal Span<Item> Take()
    {
        lock (_gate)
        {
            (_adding, _taken) = (_taken, _adding);
            var count = _count;
            _count = 0;
            while (_waiters.TryDequeue(out var waiter))
                waiter.SetResult();
            return _taken.AsSpan(0, count);
        }
    }

    internal readonly record struct Item(object Work, object? State)
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
}
