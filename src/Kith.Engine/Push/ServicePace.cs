using System.Collections.Concurrent;

namespace Kith.Engine.Push;

/// <summary>
/// Bounds requests under way, so that services that are slow cannot take the room of those that are not: half of it is for services whose last answer came quickly. One that is
/// not known yet counts as slow, since users choose services and could name many. And no more begin within a second than the options say.
/// </summary>
public sealed class ServicePace(PushOptions options, TimeProvider clock) : IDisposable
{
    static readonly TimeSpan Quick = TimeSpan.FromSeconds(1);

    static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(250);

    /// <summary>Services remembered as quick; then all start anew.</summary>
    const int Capacity = 10_000;

    readonly SemaphoreSlim forQuick = new((options.Requests + 1) / 2), forSlow = new(options.Requests / 2);
    readonly Lock gate = new();
    DateTimeOffset next;
    readonly ConcurrentDictionary<string, bool> quick = new(StringComparer.Ordinal);

    public async Task<T> RunAsync<T>(string service, Func<Task<T>> request, CancellationToken ct)
    {
        var room = quick.ContainsKey(service) ? forQuick : forSlow;
        await room.WaitAsync(ct);
        try
        {
            var began = clock.GetTimestamp();
            var result = await request();
            if (clock.GetElapsedTime(began) > Quick) quick.TryRemove(service, out _);
            else if (quick.Count < Capacity) quick.TryAdd(service, true);
            else quick.Clear();
            return result;
        }
        finally
        {
            room.Release();
        }
    }

    /// <summary>A turn among all pushes of this process. Up to a quarter of a second's worth may go at once.</summary>
    public Task TurnAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        TimeSpan wait;
        lock (gate)
        {
            var earliest = now - Burst;
            next = (next < earliest ? earliest : next) + TimeSpan.FromSeconds(1.0 / options.PerSecond);
            wait = next - now;
        }

        return wait <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(wait, clock, ct);
    }

    public void Dispose()
    {
        forQuick.Dispose();
        forSlow.Dispose();
    }
}
