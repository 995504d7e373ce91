using Kith.Domain;
using Kith.Engine.Delivery;
using Microsoft.Extensions.Logging;

namespace Kith.Engine.Presence;

/// <summary>
/// Gathers who ceased to appear, and writes them many at once. To become invisible counts as leaving: whoever hides must not be given away by when the
/// connection really ended. Belongs to the one that publishes presences.
/// </summary>
public sealed partial class LastSeen(ILastSeenStore store, TimeProvider clock, ILogger<LastSeen> log)
{
    readonly Dictionary<UserId, DateTimeOffset> unwritten = [];

    public void Left(UserId user) => unwritten[user] = clock.GetUtcNow();

    public void Returned(UserId user) => unwritten.Remove(user);

    /// <summary>One write for all; where the store is away they wait for the next call.</summary>
    public async Task SaveAsync(CancellationToken ct)
    {
        if (unwritten.Count == 0) return;
        try
        {
            await store.SaveAsync(unwritten, ct);
            unwritten.Clear();
        }
        catch (UnavailableException e)
        {
            LogUnsaved(e, unwritten.Count);
        }
    }

    [LoggerMessage(1301, LogLevel.Warning, "When {Users} users were last seen could not be written yet")]
    partial void LogUnsaved(Exception e, int users);
}
