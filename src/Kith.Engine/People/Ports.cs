using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.People;

/// <summary>What <paramref name="OtherId"/> is to <paramref name="UserId"/>.</summary>
/// <param name="Nickname">Only of friends.</param>
public sealed record RelationshipRecord(UserId UserId, UserId OtherId, RelationshipType Type, DateTimeOffset Since, string? Nickname = null);

/// <summary>What two users are to each other: each side as it sees the other; null for nothing.</summary>
/// <param name="MineCount">How many relationships the first has, of any kind.</param>
public sealed record RelationshipPair(RelationshipRecord? Mine, RelationshipRecord? Theirs, int MineCount, int TheirsCount);

public sealed record RelationshipChange(RelationshipPair Before, RelationshipPair After);

public interface IRelationshipStore
{
    Task<IReadOnlyList<RelationshipRecord>> OfUserAsync(UserId user, CancellationToken ct);

    /// <summary>
    /// Applies <paramref name="change"/> to the newest state of the two, both sides or none; concurrent changes of one pair run one after the other. It must be pure and
    /// quick, for it runs inside the transaction. Its refusal is passed on.
    /// </summary>
    Task<Result<RelationshipChange>> ChangeAsync(UserId me, UserId other, Func<RelationshipPair, Result<RelationshipPair>> change, CancellationToken ct);
}

/// <summary>Who follows whom.</summary>
public interface IFollowStore
{
    /// <summary>False where it was so already.</summary>
    Task<bool> AddAsync(UserId user, UserId target, DateTimeOffset at, CancellationToken ct);

    Task<bool> RemoveAsync(UserId user, UserId target, CancellationToken ct);

    /// <summary>Ascending by id, those after <paramref name="after"/>.</summary>
    Task<IReadOnlyList<UserId>> FollowersAsync(UserId target, UserId after, int limit, CancellationToken ct);

    /// <summary>Ascending by id, those after <paramref name="after"/>.</summary>
    Task<IReadOnlyList<UserId>> FollowedByAsync(UserId user, UserId after, int limit, CancellationToken ct);
}
