using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Accounts;

/// <summary>Users by id, through a cache that every message's author and mention goes through. Cost of a hit: a dictionary lookup, no allocation.</summary>
public sealed class Users(IUserStore store)
{
    const int Capacity = 200_000;

    readonly ReadThroughCache<UserId, UserRecord> records = new(Capacity, store.FindAsync);

    public ValueTask<UserRecord?> FindAsync(UserId id, CancellationToken ct) => records.GetAsync(id, ct);

    /// <summary>What everyone sees of a user; a deleted one appears as such.</summary>
    public async ValueTask<User> WireAsync(UserId id, CancellationToken ct) => (await records.GetAsync(id, ct))?.ToWire() ?? Deleted(id);

    /// <summary>In the order asked for; at most one query, for those not at hand.</summary>
    public async ValueTask<IReadOnlyList<User>> WireManyAsync(IReadOnlyList<UserId> ids, CancellationToken ct)
    {
        var found = await FindManyAsync(ids, ct);
        return [.. ids.Select(id => found.TryGetValue(id, out var record) ? record.ToWire() : Deleted(id))];
    }

    /// <summary>Those that exist; at most one query, for those not at hand.</summary>
    public ValueTask<IReadOnlyDictionary<UserId, UserRecord>> FindManyAsync(IReadOnlyCollection<UserId> ids, CancellationToken ct) =>
        records.GetManyAsync(ids, store.FindManyAsync, static record => record.Id, ct);

    /// <summary>After a change was committed here or elsewhere.</summary>
    public void Changed(UserId id) => records.Remove(id);

    static User Deleted(UserId id) => new() { Id = id, Username = $"deleted-{id}", GlobalName = "Deleted user" };
}
