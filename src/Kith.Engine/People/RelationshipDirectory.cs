using System.Collections.Frozen;
using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.People;

/// <summary>The relationships of users that are asked for often: every message in a DM asks whether one side has blocked the other. One query per user, then none.</summary>
public sealed class RelationshipDirectory(IRelationshipStore store, CacheChanges caches)
{
    /// <summary>About 100 bytes per relationship.</summary>
    const int Capacity = 50_000;

    readonly SharedCache<UserId, FrozenDictionary<UserId, RelationshipRecord>> sets = caches.Cache<UserId, FrozenDictionary<UserId, RelationshipRecord>>(
        "relationships", Capacity, async (user, ct) => (await store.OfUserAsync(user, ct)).ToFrozenDictionary(r => r.OtherId), change => new UserId(change.Key));

    /// <summary>All of a user's, by the other's id.</summary>
    public async ValueTask<IReadOnlyDictionary<UserId, RelationshipRecord>> OfAsync(UserId user, CancellationToken ct) =>
        await sets.Entries.GetAsync(user, ct) ?? FrozenDictionary<UserId, RelationshipRecord>.Empty;

    /// <summary>What <paramref name="other"/> is to <paramref name="user"/>; null for nothing.</summary>
    public async ValueTask<RelationshipType?> BetweenAsync(UserId user, UserId other, CancellationToken ct) =>
        (await OfAsync(user, ct)).TryGetValue(other, out var relationship) ? relationship.Type : null;

    public async ValueTask<bool> HasBlockedAsync(UserId user, UserId other, CancellationToken ct) => await BetweenAsync(user, other, ct) == RelationshipType.Blocked;

    /// <summary>After a committed change.</summary>
    public ValueTask ChangedAsync(UserId user, CancellationToken ct) => sets.ChangedAsync(user.Value, ct);
}
