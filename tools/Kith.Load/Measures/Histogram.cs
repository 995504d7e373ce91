using System.Numerics;

namespace Kith.Load.Measures;

/// <summary>
/// Counts of durations in microseconds, exact below 256 and within 1/128 above, up to 35 minutes: the layout of HdrHistogram, which the
/// package registry that builds here use does not hold.
/// </summary>
internal sealed class Histogram
{
    const int SubBucketBits = 7, SubBuckets = 1 << SubBucketBits, MostBits = 31;
    const int Buckets = (MostBits - SubBucketBits + 1) * SubBuckets;

    readonly long[] _counts = new long[Buckets];

    public long Count { get; private set; }

    public long Highest { get; private set; }

    public double Mean => Count == 0 ? 0 : _counts.Select((count, bucket) => (double)count * Middle(bucket)).Sum() / Count;

    /// <param name="microseconds">Below 0 counts as 0, beyond the range as the range's end.</param>
    /// <param name="count">How many times.</param>
    public void Record(long microseconds, long count = 1)
    {
        var value = Math.Clamp(microseconds, 0, (1L << MostBits) - 1);
        _counts[Bucket(value)] += count;
        Count += count;
        Highest = Math.Max(Highest, value);
    }

    public void Add(Histogram other)
    {
        for (var i = 0; i < Buckets; i++) _counts[i] += other._counts[i];
        Count += other.Count;
        Highest = Math.Max(Highest, other.Highest);
    }

    /// <summary>The smallest value that at least this share of all does not exceed; 0 when nothing was recorded.</summary>
    /// <param name="share">0.99 for the 99th percentile.</param>
    public long Percentile(double share)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (var i = 0; i < Buckets && Count > 0; i++)
        {
            seen += _counts[i];
            if (seen >= wanted) return Math.Min(Middle(i), Highest);
        }

        return 0;
    }

    /// <summary>Bucket and count in turn, the empty ones left out; the highest value first.</summary>
    public long[] Pack()
    {
        List<long> packed = [Highest];
        for (var i = 0; i < Buckets; i++)
        {
            if (_counts[i] != 0) packed.AddRange([i, _counts[i]]);
        }

        return [.. packed];
    }

    public static Histogram Unpack(long[] packed)
    {
        var histogram = new Histogram { Highest = packed[0] };
        for (var i = 1; i < packed.Length; i += 2)
        {
            histogram._counts[packed[i]] = packed[i + 1];
            histogram.Count += packed[i + 1];
        }

        return histogram;
    }

    static int Bucket(long value)
    {
        if (value < 2 * SubBuckets) return (int)value;
        var shift = BitOperations.Log2((ulong)value) - SubBucketBits;
        return (shift * SubBuckets) + (int)(value >> shift);
    }

    static long Middle(int bucket)
    {
        if (bucket < 2 * SubBuckets) return bucket;
        var shift = (bucket / SubBuckets) - 1;
        return ((long)(bucket - (shift * SubBuckets)) << shift) + (1L << (shift - 1));
    }
}

/// <summary>Latency second by second, for the plot.</summary>
internal sealed class LatencySeries
{
    readonly List<Histogram> _seconds = [];

    /// <summary>A run longer than this keeps its last second growing.</summary>
    const int MostSeconds = 3600;

    public IReadOnlyList<Histogram> Seconds => _seconds;

    /// <param name="since">Microseconds since the series began.</param>
    /// <param name="latency">Microseconds.</param>
    public void Record(long since, long latency) => At((int)Math.Clamp(since / Clock.Second, 0, MostSeconds)).Record(latency);

    public void Add(LatencySeries other)
    {
        for (var i = 0; i < other._seconds.Count; i++) At(i).Add(other._seconds[i]);
    }

    public long[][] Pack() => [.. _seconds.Select(second => second.Pack())];

    public static LatencySeries Unpack(long[][] packed)
    {
        var series = new LatencySeries();
        series._seconds.AddRange(packed.Select(Histogram.Unpack));
        return series;
    }

    Histogram At(int second)
    {
        while (_seconds.Count <= second) _seconds.Add(new());
        return _seconds[second];
    }
}
