using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Kith.Engine.Push;

/// <summary>What became of pushes since this process started, by kind; also under the meter <c>Kith.Push</c>.</summary>
public sealed class PushCounters : IDisposable
{
    /// <summary>Upper bounds in milliseconds; a last bucket takes the rest.</summary>
    static readonly int[] Bounds = [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

    readonly Meter meter = new("Kith.Push");
    readonly Counter<long> pushes;
    readonly Histogram<double> latency;
    readonly ConcurrentDictionary<PushKind, Tally> tallies = new();

    public PushCounters()
    {
        pushes = meter.CreateCounter<long>("kith.push.requests", "{push}", "Pushes handed to push services, by kind and outcome.");
        latency = meter.CreateHistogram<double>("kith.push.latency", "ms", "How long push services take to answer.");
    }

    public void Count(PushKind kind, PushVerdict verdict, TimeSpan took)
    {
        var tally = tallies.GetOrAdd(kind, static _ => new Tally());
        Interlocked.Increment(ref tally.Verdicts[(int)verdict]);
        var bucket = Array.FindIndex(Bounds, b => took.TotalMilliseconds <= b);
        Interlocked.Increment(ref tally.Latencies[bucket < 0 ? Bounds.Length : bucket]);
        var of = new KeyValuePair<string, object?>("kind", kind.ToString());
        pushes.Add(1, of, new KeyValuePair<string, object?>("verdict", verdict.ToString()));
        latency.Record(took.TotalMilliseconds, of);
    }

    /// <summary>Given up: too old, or nothing to say any more.</summary>
    public void CountDropped(PushKind kind) => Interlocked.Increment(ref tallies.GetOrAdd(kind, static _ => new Tally()).Dropped);

    public IReadOnlyDictionary<PushKind, PushFigures> Read() => tallies.ToDictionary(t => t.Key, t => t.Value.Read());

    public void Dispose() => meter.Dispose();

    sealed class Tally
    {
        public readonly long[] Verdicts = new long[Enum.GetValues<PushVerdict>().Length];
        public readonly long[] Latencies = new long[Bounds.Length + 1];
        public long Dropped;

        public PushFigures Read() => new(
            Verdicts[(int)PushVerdict.Accepted], Verdicts[(int)PushVerdict.Retry], Verdicts[(int)PushVerdict.Refused], Verdicts[(int)PushVerdict.Gone], Interlocked.Read(ref Dropped),
            Share(.5), Share(.99));

        /// <summary>The bound of the bucket in which a share of all lies; null where nothing was counted, or it lies beyond.</summary>
        int? Share(double share)
        {
            var (total, sum) = (Latencies.Sum(), 0L);
            for (var i = 0; i < Bounds.Length; i++)
            {
                sum += Latencies[i];
                if (total > 0 && sum >= share * total) return Bounds[i];
            }

            return null;
        }
    }
}

/// <param name="Sent">Taken by the push service.</param>
/// <param name="Failed">To be tried again.</param>
/// <param name="Refused">For good.</param>
/// <param name="Removed">The device was gone.</param>
/// <param name="Dropped">Read, deleted or too old before it could be sent.</param>
/// <param name="LatencyP50">Milliseconds, rounded up to a bucket.</param>
public sealed record PushFigures(long Sent, long Failed, long Refused, long Removed, long Dropped, int? LatencyP50, int? LatencyP99);
