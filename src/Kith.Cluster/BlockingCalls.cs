using System.Collections.Concurrent;

namespace Kith.Cluster;

/// <summary>A thread for calls of a native client that block: no thread of the pool waits in them, and they never run side by side.</summary>
sealed class BlockingCalls : IDisposable
{
    readonly BlockingCollection<Action> calls = [];
    readonly Lock gate = new();
    bool isEnded;

    public BlockingCalls(string name) => new Thread(Run) { IsBackground = true, Name = name }.Start();

    public Task<T> RunAsync<T>(Func<T> call)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        calls.Add(() =>
        {
            try
            {
                done.SetResult(call());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }

    /// <summary>After the calls that wait. Any number of times: a service under several names is disposed of once for each, maybe when the thread has ended already.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (!isEnded) calls.CompleteAdding();
            isEnded = true;
        }
    }

    void Run()
    {
        foreach (var call in calls.GetConsumingEnumerable())
            call();
        lock (gate) calls.Dispose();
    }
}
