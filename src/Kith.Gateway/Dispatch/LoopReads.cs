using Kith.Engine.Delivery;
using Kith.Gateway.Transport;
using Microsoft.Extensions.Logging;

namespace Kith.Gateway.Dispatch;

/// <summary>Reads for the loops, which must not wait: done on the thread pool, tried until they succeed, their result taken on the loop's thread.</summary>
sealed partial class LoopReads(TimeProvider clock, ILogger<LoopReads> log) : IDisposable
{
    static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LastDelay = TimeSpan.FromSeconds(5);

    readonly CancellationTokenSource stopped = new();

    /// <summary>Cancelled when the gateway is disposed of: results are of no use to anyone.</summary>
    public CancellationToken Stopped => stopped.Token;

    public void Start<T>(GatewayLoop loop, Func<CancellationToken, Task<T>> read, Action<T> then) => _ = Task.Run(() => RunAsync(loop, read, then), stopped.Token);

    /// <summary>Does something on a loop's thread and returns its result.</summary>
    public async Task<T> CallAsync<T>(GatewayLoop loop, Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post((_, _) =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }, null);
        return await done.Task.WaitAsync(stopped.Token);
    }

    public Task CallAsync(GatewayLoop loop, Action work) => CallAsync(loop, () =>
    {
        work();
        return true;
    });

    public void Dispose()
    {
        stopped.Cancel();
        stopped.Dispose();
    }

    async Task RunAsync<T>(GatewayLoop loop, Func<CancellationToken, Task<T>> read, Action<T> then)
    {
        for (var delay = FirstDelay; !stopped.IsCancellationRequested; delay = delay * 2 < LastDelay ? delay * 2 : LastDelay)
        {
            try
            {
                var result = await read(stopped.Token);
                loop.Post((_, _) => then(result), null);
                return;
            }
            catch (Exception e) when (!stopped.IsCancellationRequested)
            {
                if (e is UnavailableException away) LogAway(away.Dependency, delay);
                else LogFailed(e, delay);
                await Task.Delay(delay, clock, stopped.Token);
            }
        }
    }

    [LoggerMessage(4100, LogLevel.Warning, "{Dependency} is away: the gateway tries again in {Delay}")]
    partial void LogAway(string dependency, TimeSpan delay);

    [LoggerMessage(4101, LogLevel.Error, "A read for the gateway failed and is tried again in {Delay}")]
    partial void LogFailed(Exception e, TimeSpan delay);
}
