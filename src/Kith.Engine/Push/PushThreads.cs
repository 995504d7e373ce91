using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Kith.Engine.Push;

/// <summary>
/// Where pushes are thought of and encrypted: threads of their own, half as many as there are processors, which the system runs only after others. So ten thousand pushes take
/// neither threads of the pool nor processors from those who are chatting. What follows an await runs here as well; waiting takes no place.
/// </summary>
public sealed class PushThreads : TaskScheduler, IDisposable
{
    /// <summary>Of Unix' 0 (as all others) to 19: about a tenth of the time of a thread at 0, where both want all.</summary>
    const int Niceness = 10;

    const int PrioProcess = 0;

    [ThreadStatic]
    static PushThreads? here;

    /// <summary>Its monitor wakes a thread. Those of the framework spin before they sleep, for every message, and so take more time than the work.</summary>
    readonly Queue<Task> waiting = new();
    bool ended;

    public PushThreads()
    {
        for (var i = 0; i < MaximumConcurrencyLevel; i++)
            new Thread(Run) { IsBackground = true, Name = "pushes" }.Start();
    }

    public override int MaximumConcurrencyLevel => Math.Max(1, Environment.ProcessorCount / 2);

    public Task RunAsync(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();

    public Task<T> RunAsync<T>(Func<Task<T>> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();

    public void Dispose()
    {
        lock (waiting)
        {
            ended = true;
            Monitor.PulseAll(waiting);
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (waiting)
        {
            if (!ended)
            {
                waiting.Enqueue(task);
                Monitor.Pulse(waiting);
                return;
            }
        }

        // The process is ending: what is left of it runs with all else.
        ThreadPool.UnsafeQueueUserWorkItem(_ => TryExecuteTask(task), null);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => here == this && !taskWasPreviouslyQueued && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (waiting)
            return [.. waiting];
    }

    void Run()
    {
        here = this;
        // Of this thread alone, as Linux has it. Where it is refused, all is well but for the order.
        _ = setpriority(PrioProcess, 0, Niceness);
        while (TryNext(out var task))
            TryExecuteTask(task);
    }

    /// <summary>False at the end.</summary>
    bool TryNext([MaybeNullWhen(false)] out Task task)
    {
        lock (waiting)
        {
            while (waiting.Count == 0 && !ended)
                Monitor.Wait(waiting);
            return waiting.TryDequeue(out task);
        }
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int setpriority(int which, uint who, int priority);
}
