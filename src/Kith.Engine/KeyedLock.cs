namespace Kith.Engine;

/// <summary>
/// Mutual exclusion by key, for what must be committed and announced in one order. Striped: two keys may share a lock, so nobody may hold two. Waiters are
/// served in the order they came.
/// </summary>
public sealed class KeyedLock
{
    const int Stripes = 256;

    readonly SemaphoreSlim[] stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new SemaphoreSlim(1, 1))];

    public async ValueTask<Held> EnterAsync<TKey>(TKey key, CancellationToken ct)
        where TKey : notnull
    {
        var stripe = stripes[(uint)key.GetHashCode() % Stripes];
        await stripe.WaitAsync(ct);
        return new Held(stripe);
    }

    public readonly struct Held(SemaphoreSlim stripe) : IDisposable
    {
        public void Dispose() => stripe.Release();
    }
}
