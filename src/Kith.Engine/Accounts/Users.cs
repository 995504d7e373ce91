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
        var missing = ids.Where(id => records.Peek(id) is null).Distinct().ToArray();
        if (missing.Length > 0)
        {
            foreach (var record in await store.FindManyAsync(missing, ct))
                records.Set(record.Id, record);
        }

        return [.. ids.Select(id => records.Peek(id)?.ToWire() ?? Deleted(id))];
    }

    /// <summary>After a change was committed here or elsewhere.</summary>
    public void Changed(UserId id) => records.Remove(id);

    static User Deleted(UserId id) => new() { Id = id, Username = $"deleted-{id}", GlobalName = "Deleted user" };
}
