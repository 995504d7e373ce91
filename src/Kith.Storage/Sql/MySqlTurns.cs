namespace Kith.Storage.Sql;

/// <summary>
/// Who may have a connection. The connector's pool blocks the thread of whoever waits for one, and the threads that would give connections back are then missing; here nobody waits on a thread.
/// </summary>
sealed class MySqlTurns(int most) : IDisposable
{
    /// <summary>Seconds, for a connection to become free or to be made.</summary>
    public const int Patience = 5;

    readonly SemaphoreSlim free = new(most);

    /// <summary>A turn, which ends with what is returned.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken ct) =>
        await free.WaitAsync(TimeSpan.FromSeconds(Patience), ct) ? new Turn(free) : throw new TimeoutException($"All connections have been in use for {Patience} seconds.");

    public void Dispose() => free.Dispose();

    sealed class Turn(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
