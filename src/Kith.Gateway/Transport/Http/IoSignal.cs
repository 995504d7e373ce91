using System.Threading.Tasks.Sources;

namespace Kith.Gateway.Transport.Http;

/// <summary>
/// Lets one waiter know that a descriptor may be ready, as edge-triggered epoll tells it: a signal that comes before the wait is kept. One
/// waiter at a time; any thread may signal. A wait may end without cause, so the waiter tries and waits again.
/// </summary>
internal sealed class IoSignal : IValueTaskSource
{
    const int None = 0;
    const int Signalled = 1;
    const int Waiting = 2;

    ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
    int _state;

    internal ValueTask Wait()
    {
        if (Interlocked.CompareExchange(ref _state, None, Signalled) == Signalled)
            return ValueTask.CompletedTask;
        _source.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, None) == None)
            return new ValueTask(this, _source.Version);
        Volatile.Write(ref _state, None);
        return ValueTask.CompletedTask;
    }

    internal void Signal()
    {
        if (Interlocked.Exchange(ref _state, Signalled) == Waiting)
            _source.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _source.OnCompleted(continuation, state, token, flags);
}
