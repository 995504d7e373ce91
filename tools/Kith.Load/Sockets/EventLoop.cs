using System.Collections.Concurrent;

namespace Kith.Load.Sockets;

/// <summary>A thread that waits for sockets. Everything but <see cref="Post"/> runs on it.</summary>
internal abstract class EventLoop : IDisposable
{
    readonly ConcurrentQueue<Action> _posted = [];
    readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Thread _thread;
    volatile bool _stopping;

    protected EventLoop(string name) => _thread = new(Run) { IsBackground = true, Name = name };

    protected Epoll Epoll { get; } = new();

    /// <summary>Completes when the thread ends; fails when an exception ended it, and then the worker must end as well.</summary>
    public Task Completion => _completion.Task;

    public void Start() => _thread.Start();

    public void Post(Action action)
    {
        _posted.Enqueue(action);
        Epoll.Wake();
    }

    /// <summary>Runs a function on the loop's thread; fails when the loop has failed.</summary>
    public async Task<T> Ask<T>(Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                answer.SetResult(question());
            }
            catch (Exception e)
            {
                answer.SetException(e);
            }
        });
        if (await Task.WhenAny(answer.Task, Completion) != answer.Task) await Completion;
        return await answer.Task;
    }

    public void Dispose()
    {
        _stopping = true;
        Epoll.Wake();
        _thread.Join();
        Epoll.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>How long the next wait may last.</summary>
    protected abstract TimeSpan Patience();

    protected abstract void OnEvent(ulong tag, uint events);

    /// <summary>Called once per turn, after the events.</summary>
    protected abstract void OnTurn();

    /// <summary>Called as the thread ends: the place to close what is open.</summary>
    protected abstract void OnStop();

    void Run()
    {
        // A timer may be 50 µs late by default; paced sends are measured from when they were due.
        _ = Libc.ThreadOption(Libc.SetTimerSlack, 1, 0, 0, 0);
        try
        {
            while (!_stopping) Turn();
            OnStop();
            _completion.SetResult();
        }
        catch (Exception e)
        {
            _completion.SetException(e);
        }
    }

    void Turn()
    {
        var count = Epoll.Wait(_posted.IsEmpty ? Patience() : TimeSpan.Zero);
        for (var i = 0; i < count; i++)
        {
            var (events, tag) = Epoll[i];
            if (tag == Epoll.WakeTag) Epoll.ClearWake();
            else OnEvent(tag, events);
        }

        while (_posted.TryDequeue(out var action)) action();
        OnTurn();
    }
}
