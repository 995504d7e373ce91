using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Messages;
using Kith.Engine.Unread;

namespace Kith.Cluster.InProcess;

/// <summary>The notification cache of a single process: up to 100,000 users, 16 bytes an unread mention.</summary>
public sealed class InProcessNotificationCache(IMentionStore mentions) : INotificationCache
{
    const int Capacity = 100_000;

    readonly ReadThroughCache<UserId, IReadOnlyList<MessageKey>> cache = new(Capacity, async (user, ct) => await mentions.UnreadDirectAsync(user, ct));

    public async ValueTask<IReadOnlyList<MessageKey>> GetAsync(UserId user, CancellationToken ct) => await cache.GetAsync(user, ct) ?? [];

    public ValueTask ForgetAsync(IReadOnlyList<UserId> users, CancellationToken ct)
    {
        foreach (var user in users)
            cache.Remove(user);
        return default;
    }

    /// <summary>Nothing: in one process the channel's tail moves after the mentions are forgotten.</summary>
    public ValueTask HoldAsync(IReadOnlyList<UserId> users, CancellationToken ct) => default;

    public ValueTask ReleaseAsync(IReadOnlyList<UserId> users, CancellationToken ct) => ForgetAsync(users, ct);

    public ValueTask ClearAsync(CancellationToken ct)
    {
        cache.Clear();
        return default;
    }
}
