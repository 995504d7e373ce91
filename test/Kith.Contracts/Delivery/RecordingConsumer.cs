using Kith.Engine.Delivery;

namespace Kith.Contracts.Delivery;

/// <summary>Keeps what it is given, in order.</summary>
public sealed class RecordingConsumer : IEventConsumer
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Lock gate = new();
    readonly List<Event> events = [];
    readonly SemaphoreSlim recorded = new(0);

    /// <summary>Asked before an event is kept.</summary>
    public Func<Event, ValueTask> OnEvent { get; set; } = _ => default;

    public IReadOnlyList<Event> Events
    {
        get
        {
            lock (gate) return [.. events];
        }
    }

    public async ValueTask HandleAsync(Event e, CancellationToken ct)
    {
        await OnEvent(e);
        lock (gate) events.Add(e);
        recorded.Release();
    }

    /// <summary>Returns when there are so many.</summary>
    public async Task WaitForAsync(int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (Events.Count < count)
        {
            try
            {
                await recorded.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException e)
            {
                throw new TimeoutException($"{Events.Count} events of {count} came within {Patience.TotalSeconds} s.", e);
            }
        }
    }
}
