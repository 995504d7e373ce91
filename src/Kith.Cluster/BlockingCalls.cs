using System.Collections.Concurrent;

namespace Kith.Cluster;

/// <summary>A thread for calls of a native client that block: no thread of the pool waits in them, and they never run side by side.</summary>
sealed class BlockingCalls : IDisposable
{
    readonly BlockingCollection<Action> calls = [];

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

    /// <summary>After the calls that wait.</summary>
    public void Dispose() => calls.CompleteAdding();

    void Run()
    {
        foreach (var call in calls.GetConsumingEnumerable())
            call();
        calls.Dispose();
    }
}
