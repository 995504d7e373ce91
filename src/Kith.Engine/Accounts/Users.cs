using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Accounts;

/// <summary>Users by id, through a cache that every message's author and mention goes through. Cost of a hit: a dictionary lookup, no allocation.</summary>
public sealed class Users(IUserStore store, CacheChanges caches)
{
    const int Capacity = 200_000;

    readonly SharedCache<UserId, UserRecord> records = caches.Cache("users", Capacity, (UserId id, CancellationToken ct) => store.FindAsync(id, ct), change => new UserId(change.Key));

    public ValueTask<UserRecord?> FindAsync(UserId id, CancellationToken ct) => records.Entries.GetAsync(id, ct);

    /// <summary>What everyone sees of a user; a deleted one appears as such.</summary>
    public async ValueTask<User> WireAsync(UserId id, CancellationToken ct) => (await records.Entries.GetAsync(id, ct))?.ToWire() ?? Deleted(id);

    /// <summary>In the order asked for; at most one query, for those not at hand.</summary>
    public async ValueTask<IReadOnlyList<User>> WireManyAsync(IReadOnlyList<UserId> ids, CancellationToken ct)
    {
        var found = await FindManyAsync(ids, ct);
        return [.. ids.Select(id => found.TryGetValue(id, out var record) ? record.ToWire() : Deleted(id))];
    }

    /// <summary>Those that exist; at most one query, for those not at hand.</summary>
    public ValueTask<IReadOnlyDictionary<UserId, UserRecord>> FindManyAsync(IReadOnlyCollection<UserId> ids, CancellationToken ct) =>
        records.Entries.GetManyAsync(ids, store.FindManyAsync, static record => record.Id, ct);

    /// <summary>After a committed change.</summary>
    public ValueTask ChangedAsync(UserId id, CancellationToken ct) => records.ChangedAsync(id.Value, ct);

    static User Deleted(UserId id) => new() { Id = id, Username = $"deleted-{id}", GlobalName = "Deleted user" };
}
