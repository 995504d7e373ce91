using System.Runtime.InteropServices;
using Kith.Engine.RateLimits;

namespace Kith.Cluster.InProcess;

/// <summary>
/// Rate counters of one process. Sharded by key, each shard under a lock of its own that is held for a dictionary lookup; nothing is allocated per count.
/// Memory is bounded: a full shard first forgets windows that have ended, then those that end soonest.
/// </summary>
public sealed class InProcessRateCounters : IRateCounters
{
    /// <summary>A power of two.</summary>
    const int Shards = 64;

    /// <summary>About 56 bytes a window: 15 MB for all shards.</summary>
    const int DefaultCapacity = 262_144;

    readonly TimeProvider clock;
    readonly Shard[] shards;

    public InProcessRateCounters(TimeProvider clock)
        : this(clock, DefaultCapacity)
    {
    }

    /// <param name="capacity">Windows kept at most, over all shards.</param>
    public InProcessRateCounters(TimeProvider clock, int capacity)
    {
        this.clock = clock;
        shards = [.. Enumerable.Range(0, Shards).Select(_ => new Shard(Math.Max(1, capacity / Shards)))];
    }

    /// <summary>Windows kept now, ended ones included.</summary>
    public int Kept => shards.Sum(s => s.Kept());

    public ValueTask<RateCount> CountAsync(RateKey key, RateWindow window, CancellationToken ct) => new(Of(key).Count(key, window, clock, count: true));

    public ValueTask<RateCount> PeekAsync(RateKey key, RateWindow window, CancellationToken ct) => new(Of(key).Count(key, window, clock, count: false));

    public ValueTask ResetAsync(RateKey key, CancellationToken ct)
    {
        Of(key).Remove(key);
        return default;
    }

    Shard Of(RateKey key) => shards[(uint)key.GetHashCode() % Shards];

    /// <summary>Owned by whoever holds its lock.</summary>
    sealed class Shard(int capacity)
    {
        readonly Lock gate = new();
        readonly Dictionary<RateKey, Window> windows = [];

        public int Kept()
        {
            lock (gate) return windows.Count;
        }

        public void Remove(RateKey key)
        {
            lock (gate) windows.Remove(key);
        }

        public RateCount Count(RateKey key, RateWindow window, TimeProvider clock, bool count)
        {
            var now = clock.GetTimestamp();
            lock (gate)
            {
                if (!count && !windows.ContainsKey(key)) return new RateCount(true, window.Limit, TimeSpan.Zero);
                if (windows.Count >= capacity && !windows.ContainsKey(key)) MakeRoom(now);
                ref var state = ref CollectionsMarshal.GetValueRefOrAddDefault(windows, key, out var exists);
                if (!exists || state.EndsAt <= now)
                    state = new Window(now + (long)(window.Length.TotalSeconds * clock.TimestampFrequency));
                var allowed = state.Used < window.Limit;
                if (allowed && count) state.Used++;
                return new RateCount(allowed, Math.Max(0, window.Limit - state.Used), clock.GetElapsedTime(now, state.EndsAt));
            }
        }

        void MakeRoom(long now)
        {
            var ends = windows.Values.Select(w => w.EndsAt).Order().ToArray();
            // An eighth at once, so that the next ones need not do this again.
            var oldest = Math.Max(now, ends[Math.Min(ends.Length - 1, capacity / 8)]);
            foreach (var (key, state) in windows)
            {
                if (state.EndsAt <= oldest) windows.Remove(key);
            }
        }
    }

    /// <param name="endsAt">The clock's timestamp.</param>
    struct Window(long endsAt)
    {
        public readonly long EndsAt = endsAt;
        public int Used;
    }
}
