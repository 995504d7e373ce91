using System.Collections.Concurrent;

namespace Kith.Engine;

/// <summary>
/// Keeps what was read from a store, up to <paramref name="capacity"/> entries; concurrent readers of one key share one read. A removal also discards
/// a read still under way, so a change that is committed before <see cref="Remove"/> is never hidden by an older read. What is absent is not kept.
/// Entries leave by the clock algorithm: one pass of grace for those used since the hand last passed.
/// </summary>
/// <param name="capacity">Entries kept, and up to a sixteenth more.</param>
/// <param name="read">Null for what does not exist.</param>
/// <param name="isFresh">Whether a value that was read so long ago is still good; null: it always is.</param>
/// <param name="clock">Tells the age; needed where it matters.</param>
public sealed class ReadThroughCache<TKey, TValue>(
    int capacity, Func<TKey, CancellationToken, Task<TValue?>> read, Func<TimeSpan, bool>? isFresh = null, TimeProvider? clock = null)
    where TKey : notnull
    where TValue : class
{
    readonly ConcurrentDictionary<TKey, Entry> entries = new();
    int sweeping;

    /// <summary>Entries since the last count, about.</summary>
    int uncounted;

    const int MostUncounted = 256;

    public int Count => entries.Count;

    /// <summary>The value if it is at hand, without reading.</summary>
    public TValue? Peek(TKey key)
    {
        if (!entries.TryGetValue(key, out var entry) || entry.Value is not { } value) return null;
        if (isFresh is not null && !isFresh(clock!.GetElapsedTime(entry.Since)))
        {
            entries.TryRemove(KeyValuePair.Create(key, entry));
            return null;
        }

        entry.Used = true;
        return value;
    }

    public async ValueTask<TValue?> GetAsync(TKey key, CancellationToken ct)
    {
        if (Peek(key) is { } value) return value;
        var entry = entries.GetOrAdd(key, NewEntry);
        // The read is shared, so it must not end with the first reader's patience.
        var reading = entry.ReadOnce(() => read(key, CancellationToken.None));
        try
        {
            value = await reading.WaitAsync(ct);
        }
        catch (Exception) when (reading.IsFaulted)
        {
            entries.TryRemove(KeyValuePair.Create(key, entry));
            throw;
        }

        if (value is null)
        {
            entries.TryRemove(KeyValuePair.Create(key, entry));
        }
        else
        {
            entry.Value = value;
            Grown(1);
        }

        return value;
    }

    /// <summary>Those that exist; what is not at hand is read at once by <paramref name="readMany"/>.</summary>
    public async ValueTask<IReadOnlyDictionary<TKey, TValue>> GetManyAsync(
        IReadOnlyCollection<TKey> keys, Func<IReadOnlyCollection<TKey>, CancellationToken, Task<IReadOnlyList<TValue>>> readMany, Func<TValue, TKey> keyOf, CancellationToken ct)
    {
        Dictionary<TKey, TValue> found = new(keys.Count);
        Dictionary<TKey, Entry> missing = [];
        foreach (var key in keys)
        {
            if (Peek(key) is { } value) found[key] = value;
            // In place before the read begins, so that a removal meanwhile discards what is read.
            else missing[key] = entries.GetOrAdd(key, NewEntry);
        }

        if (missing.Count == 0) return found;
        foreach (var value in await readMany(missing.Keys, ct))
        {
            var key = keyOf(value);
            found[key] = value;
            if (missing.Remove(key, out var entry)) entry.Value = value;
        }

        foreach (var absent in missing)
            entries.TryRemove(absent);
        Grown(found.Count);
        return found;
    }

    /// <summary>Puts the newest state, after its commit.</summary>
    public void Set(TKey key, TValue value)
    {
        entries[key] = new Entry(Now) { Value = value, Used = true };
        Grown(1);
    }

    public void Remove(TKey key) => entries.TryRemove(key, out _);

    public void RemoveWhere(Predicate<TKey> matches)
    {
        foreach (var (key, _) in entries)
        {
            if (matches(key)) Remove(key);
        }
    }

    public void Clear() => entries.Clear();

    long Now => clock?.GetTimestamp() ?? 0;

    Entry NewEntry(TKey key) => new(Now);

    /// <summary>Counting takes every lock of the table, so it is done after a number of entries only.</summary>
    void Grown(int added)
    {
        if ((uncounted += added) < Math.Min(capacity / 16, MostUncounted)) return;
        uncounted = 0;
        if (entries.Count > capacity) Sweep();
    }

    void Sweep()
    {
        if (Interlocked.Exchange(ref sweeping, 1) == 1) return;
        try
        {
            var excess = entries.Count - capacity + (capacity / 16);
            foreach (var (key, entry) in entries)
            {
                if (entry.Used) entry.Used = false;
                else if (entries.TryRemove(KeyValuePair.Create(key, entry)) && --excess <= 0) return;
            }
        }
        finally
        {
            Volatile.Write(ref sweeping, 0);
        }
    }

    /// <param name="since">The clock's timestamp at which the value began to be read.</param>
    sealed class Entry(long since)
    {
        public long Since => since;

        Task<TValue?>? reading;
        volatile TValue? value;

        public TValue? Value
        {
            get => value;
            set
            {
                this.value = value;
                // A finished task would be half of what an entry costs.
                lock (this)
                    reading = null;
            }
        }

        public bool Used { get; set; }

        public Task<TValue?> ReadOnce(Func<Task<TValue?>> start)
        {
            lock (this)
                return value is { } kept ? Task.FromResult<TValue?>(kept) : reading ??= start();
        }
    }
}
