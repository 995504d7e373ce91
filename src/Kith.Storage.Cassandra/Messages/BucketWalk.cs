namespace Kith.Storage.Cassandra.Messages;

/// <summary>Gathers items over buckets, asking each only while there are too few, and none that is not listed.</summary>
static class BucketWalk
{
    /// <summary>Listed buckets asked for at once: two years of a channel that is never silent.</summary>
    public const int ListSize = 73;

    /// <param name="from">The first bucket that may be asked.</param>
    /// <param name="step">1 for later buckets next, -1 for earlier ones.</param>
    /// <param name="limit">How many items are wanted.</param>
    /// <param name="list">At most <see cref="ListSize"/> buckets in that direction, beginning with the given one should it be listed.</param>
    /// <param name="read">At most so many of a bucket's items, nearest first.</param>
    public static async Task<List<T>> CollectAsync<T>(int from, int step, int limit, Func<int, Task<IReadOnlyList<int>>> list, Func<int, int, Task<IReadOnlyList<T>>> read)
    {
        List<T> found = [];
        while (found.Count < limit)
        {
            var buckets = await list(from);
            foreach (var bucket in buckets)
            {
                found.AddRange(await read(bucket, limit - found.Count));
                if (found.Count >= limit) return found;
            }

            if (buckets.Count < ListSize) break;
            from = buckets[^1] + step;
        }

        return found;
    }
}
