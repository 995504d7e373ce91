using System.Collections.Concurrent;

namespace Kith.Engine;

/// <summary>Something that processes may have cached has changed.</summary>
/// <param name="Cache">Its name, without a space.</param>
/// <param name="Second">The other half of a key of two; <see cref="All"/> for every key with this first half.</param>
public readonly record struct CacheChange(string Cache, long Key, long Second = 0)
{
    public const long All = -1;
}

/// <summary>Tells the other processes of a cluster what to forget. In a single process there is none.</summary>
public interface IChangeFeed
{
    /// <summary>After a commit, before it is answered or announced. Returns when the others have forgotten, or cannot be waited for: what they cached then ends within moments.</summary>
    ValueTask AnnounceAsync(CacheChange change, CancellationToken ct);
}

/// <summary>All caches of this process, by name. Changes made here are told to the other processes, and theirs are applied here.</summary>
public sealed class CacheChanges(TimeProvider clock)
{
    /// <summary>What a lost message could leave behind ends with it.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>While other processes' changes may not come.</summary>
    static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    readonly ConcurrentDictionary<string, (Action<CacheChange> Forget, Action Clear)> caches = new(StringComparer.Ordinal);
    IChangeFeed? feed;
    Func<bool> hears = static () => true;

    /// <summary>From now on there are other processes.</summary>
    /// <param name="feed">Tells them.</param>
    /// <param name="hears">Whether their changes come.</param>
    public void Connect(IChangeFeed feed, Func<bool> hears) => (this.feed, this.hears) = (feed, hears);

    /// <summary>A cache of what other processes may change.</summary>
    /// <param name="keyOf">The key that a change names.</param>
    public SharedCache<TKey, TValue> Cache<TKey, TValue>(string name, int capacity, Func<TKey, CancellationToken, Task<TValue?>> read, Func<CacheChange, TKey> keyOf)
        where TKey : notnull
        where TValue : class
    {
        var cache = new SharedCache<TKey, TValue>(name, this, new ReadThroughCache<TKey, TValue>(capacity, read, IsFresh, clock));
        caches[name] = (change => cache.Entries.Remove(keyOf(change)), cache.Entries.Clear);
        return cache;
    }

    /// <summary>As the other, for keys of two ids.</summary>
    public SharedCache<TKey, TValue> Cache<TKey, TValue>(
        string name, int capacity, Func<TKey, CancellationToken, Task<TValue?>> read, Func<CacheChange, TKey> keyOf, Func<TKey, long> firstOf)
        where TKey : notnull
        where TValue : class
    {
        var cache = Cache(name, capacity, read, keyOf);
        caches[name] = (change =>
        {
            if (change.Second == CacheChange.All) cache.Entries.RemoveWhere(key => firstOf(key) == change.Key);
            else cache.Entries.Remove(keyOf(change));
        }, cache.Entries.Clear);
        return cache;
    }

    /// <summary>Something was changed here: forgotten at once, and by the others before this returns.</summary>
    public async ValueTask ChangedAsync(CacheChange change, CancellationToken ct)
    {
        Apply(change);
        if (feed is not null) await feed.AnnounceAsync(change, ct);
    }

    /// <summary>Something was changed elsewhere. A cache that this process does not have is nothing to it.</summary>
    public void Apply(CacheChange change)
    {
        if (caches.TryGetValue(change.Cache, out var cache)) cache.Forget(change);
    }

    /// <summary>Changes may have been missed.</summary>
    public void Clear()
    {
        foreach (var cache in caches.Values)
            cache.Clear();
    }

    /// <param name="age">Since the value began to be read.</param>
    bool IsFresh(TimeSpan age) => feed is null || age < (hears() ? Longest : Shortest);
}

/// <summary>A cache that forgets what any process changes.</summary>
public sealed class SharedCache<TKey, TValue>(string name, CacheChanges changes, ReadThroughCache<TKey, TValue> entries)
    where TKey : notnull
    where TValue : class
{
    public ReadThroughCache<TKey, TValue> Entries => entries;

    public ValueTask ChangedAsync(long key, CancellationToken ct) => changes.ChangedAsync(new CacheChange(name, key), ct);

    public ValueTask ChangedAsync(long key, long second, CancellationToken ct) => changes.ChangedAsync(new CacheChange(name, key, second), ct);
}
