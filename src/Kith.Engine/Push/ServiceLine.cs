namespace Kith.Engine.Push;

/// <summary>
/// What is due at one push service: claimed page by page, as fast as a bounded number of requests at once allows. Requests that hang keep their places, but not those that are
/// due later from the rest. Woken and ended by one caller.
/// </summary>
sealed class ServiceLine(int width, Func<CancellationToken, Task<IReadOnlyList<PushDelivery>>> claim, Func<PushDelivery, CancellationToken, Task> deliver) : IDisposable
{
    readonly SemaphoreSlim room = new(width);
    Task claiming = Task.CompletedTask;

    public bool IsIdle => claiming.IsCompleted && room.CurrentCount == width;

    /// <summary>Something is due.</summary>
    public void Wake(CancellationToken ct)
    {
        if (claiming.IsCompleted) claiming = Task.Run(() => ClaimAsync(ct), CancellationToken.None);
    }

    /// <summary>Returns when nothing is under way any more.</summary>
    public async Task EndAsync()
    {
        await claiming;
        for (var i = 0; i < width; i++)
            await room.WaitAsync();
    }

    public void Dispose() => room.Dispose();

    async Task ClaimAsync(CancellationToken ct)
    {
        try
        {
            while (await claim(ct) is { Count: > 0 } page)
            {
                foreach (var delivery in page)
                {
                    await room.WaitAsync(ct);
                    _ = DeliverAsync(delivery, ct);
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // What was claimed and not begun is due again when its lease ends.
        }
    }

    async Task DeliverAsync(PushDelivery delivery, CancellationToken ct)
    {
        try
        {
            await deliver(delivery, ct);
        }
        finally
        {
            room.Release();
        }
    }
}
