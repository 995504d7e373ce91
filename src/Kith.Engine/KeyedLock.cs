namespace Kith.Engine;

/// <summary>Mutual exclusion by name over all processes that serve one store. In a single process there is none. Adapter: MySQL.</summary>
public interface ISharedLocks
{
    /// <summary>Held until it is disposed of, or the process or its connection to the store is no more.</summary>
    /// <exception cref="Delivery.UnavailableException">The store is away, or another process holds it for too long.</exception>
    Task<IAsyncDisposable> EnterAsync(string name, CancellationToken ct);
}

/// <summary>Makes locks of one kind each; they exclude one another between processes where there are several.</summary>
public sealed class KeyedLocks(ISharedLocks? shared = null)
{
    /// <param name="kind">Two kinds have nothing to do with each other.</param>
    public KeyedLock Of(string kind) => new(kind, shared);
}

/// <summary>
/// Mutual exclusion by key, for what must be committed and announced in one order. Striped: two keys may share a lock, so nobody may hold two. Waiters are
/// served in the order they came.
/// </summary>
public sealed class KeyedLock(string kind = "", ISharedLocks? shared = null)
{
    const int Stripes = 256;

    readonly SemaphoreSlim[] stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new SemaphoreSlim(1, 1))];

    public async ValueTask<Held> EnterAsync<TKey>(TKey key, CancellationToken ct)
        where TKey : notnull
    {
        var stripe = stripes[(uint)key.GetHashCode() % Stripes];
        await stripe.WaitAsync(ct);
        if (shared is null) return new Held(stripe, null);
        try
        {
            // One of this process at a time waits for the other processes.
            return new Held(stripe, await shared.EnterAsync($"{kind} {key}", ct));
        }
        catch
        {
            stripe.Release();
            throw;
        }
    }

    public readonly struct Held(SemaphoreSlim stripe, IAsyncDisposable? elsewhere) : IDisposable
    {
        /// <summary>The next may enter; over processes, as soon as the store has heard of it.</summary>
        public void Dispose()
        {
            if (elsewhere is null) stripe.Release();
            else _ = ReleaseAsync(elsewhere, stripe);
        }

        static async Task ReleaseAsync(IAsyncDisposable elsewhere, SemaphoreSlim stripe)
        {
            try
            {
                await elsewhere.DisposeAsync();
            }
            finally
            {
                stripe.Release();
            }
        }
    }
}
