using System.ComponentModel;
using System.IO.Pipelines;
using Microsoft.Extensions.Logging;

namespace Kith.Gateway.Transport.Http;

/// <summary>A descriptor that an <see cref="HttpLoop"/> watches; told on the loop's thread.</summary>
internal interface IHttpLoopTarget
{
    void OnReady(EpollEvents events);
}

/// <summary>
/// A thread that receives for HTTP connections and tells who may send again. Edge-triggered, each descriptor registered once. What is
/// scheduled on it (<see cref="PipeScheduler"/>) runs on its thread; a descriptor is registered, removed and closed there only, after the
/// events of a pass, so that no event can reach a descriptor's next owner.
/// </summary>
internal sealed class HttpLoop : PipeScheduler, IDisposable
{
    internal const int ReceiveBufferSize = 64 * 1024;

    const EpollEvents Watched = EpollEvents.Readable | EpollEvents.Writable | EpollEvents.PeerHangUp | EpollEvents.EdgeTriggered;

    readonly Epoll _epoll = new();
    readonly LoopInbox<(Action<object?> Action, object? State)> _inbox = new();
    readonly Dictionary<int, IHttpLoopTarget> _targets = [];
    readonly ILogger _logger;
    readonly int _index;
    readonly Thread _thread;
    bool _stopping;

    internal HttpLoop(int index, ILogger logger)
    {
        _index = index;
        _logger = logger;
        _thread = new Thread(RunToEnd) { Name = $"http loop {index}", IsBackground = true };
        _thread.Start();
    }

    /// <summary>For one receive at a time, by the loop's thread.</summary>
    internal byte[] ReceiveBuffer { get; } = GC.AllocateUninitializedArray<byte>(ReceiveBufferSize, pinned: true);

    public override void Schedule(Action<object?> action, object? state)
    {
        _inbox.Add((action, state));
        if (Environment.CurrentManagedThreadId != _thread.ManagedThreadId)
            _epoll.Wake();
    }

    /// <summary>False where the kernel watches no more descriptors (fs.epoll.max_user_watches, or memory).</summary>
    internal bool TryAdd(int fd, IHttpLoopTarget target)
    {
        try
        {
            _epoll.Add(fd, Watched, (uint)fd);
        }
        catch (Win32Exception error)
        {
            TransportLog.WatchFailed(_logger, error);
            return false;
        }

        _targets.Add(fd, target);
        return true;
    }

    internal void Remove(int fd)
    {
        if (_targets.Remove(fd))
            _epoll.Remove(fd);
    }

    void RunToEnd()
    {
        try
        {
            while (!Volatile.Read(ref _stopping))
                Pass();
        }
        catch (Exception error)
        {
            TransportLog.HttpLoopFailed(_logger, _index, error);
            throw;
        }
        finally
        {
            _epoll.Dispose();
        }
    }

    void Pass()
    {
        var ready = _epoll.Wait(block: _inbox.IsEmpty);
        for (var i = 0; i < ready; i++)
        {
            var events = _epoll.Ready(i, out var token);
            if (token == Epoll.WakeToken)
                _epoll.AcknowledgeWake();
            else if (_targets.TryGetValue((int)token, out var target))
                target.OnReady(events);
        }

        var items = _inbox.Take();
        foreach (var (action, state) in items)
            action(state);
        items.Clear();
    }

    public void Dispose()
    {
        Volatile.Write(ref _stopping, true);
        _epoll.Wake();
        _thread.Join();
    }
}
