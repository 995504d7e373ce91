namespace Kith.Engine.Push;

/// <summary>
/// Where pushes are thought of and encrypted: on half of the processors at most, so that ten thousand of them leave the rest to those who are chatting. Waiting takes no place.
/// </summary>
public sealed class PushThreads
{
    readonly TaskScheduler scheduler = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, Math.Max(1, Environment.ProcessorCount / 2)).ConcurrentScheduler;

    /// <summary>What follows an await within <paramref name="work"/> runs here as well.</summary>
    public Task RunAsync(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, scheduler).Unwrap();

    public Task<T> RunAsync<T>(Func<Task<T>> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, scheduler).Unwrap();
}
