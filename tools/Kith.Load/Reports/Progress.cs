using Kith.Load.Measures;
using Kith.Load.Workers;

namespace Kith.Load.Reports;

/// <summary>One line on standard error that says how a run goes: rewritten each second on a terminal, a new one every ten seconds elsewhere.</summary>
internal sealed class Progress : IAsyncDisposable
{
    readonly CancellationTokenSource _end = new();
    readonly Task _task;

    public Progress(string what, SharedCounters counters) => _task = Run(what, counters, _end.Token);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _task;
        _end.Dispose();
    }

    static async Task Run(string what, SharedCounters counters, CancellationToken cancel)
    {
        var terminal = !Console.IsErrorRedirected;
        using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(terminal ? 1 : 10));
        var began = Clock.Now;
        var (delivered, acknowledged, last) = (0L, 0L, began);
        try
        {
            while (await ticks.WaitForNextTickAsync(cancel))
            {
                var (now, newDelivered, newAcknowledged) = (Clock.Now, counters.Sum(Counter.Delivered), counters.Sum(Counter.Acknowledged));
                var seconds = (now - last) / (double)Clock.Second;
                var line = $"{what} {(now - began) / Clock.Second} s: {counters.Sum(Counter.Ready):N0} ready, {counters.Sum(Counter.Lost):N0} lost, "
                    + $"{(newAcknowledged - acknowledged) / seconds:N0} messages/s, {(newDelivered - delivered) / seconds:N0} deliveries/s, {counters.Sum(Counter.Errors):N0} errors";
                await Console.Error.WriteAsync((terminal ? $"\r{line}\u001b[K" : line + "\n").AsMemory(), CancellationToken.None);
                (delivered, acknowledged, last) = (newDelivered, newAcknowledged, now);
            }
        }
        catch (OperationCanceledException)
        {
            if (terminal) await Console.Error.WriteAsync("\r\u001b[K".AsMemory(), CancellationToken.None);
        }
    }
}
