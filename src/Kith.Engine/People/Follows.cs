using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Protocol;

namespace Kith.Engine.People;

/// <summary>Following: one-sided, without asking. Whoever was blocked neither follows nor is followed.</summary>
public sealed class Follows(IFollowStore store, RelationshipDirectory relationships, Users users, KeyedLock locks, TimeProvider clock)
{
    public async Task<Result<Done>> FollowAsync(Principal me, UserId target, CancellationToken ct)
    {
        if (me.User.Bot) return ErrorCode.BotsCannotUse;
        if (target == me.Id) return ErrorCode.CannotFriendSelf;
        if (await users.FindAsync(target, ct) is null) return ErrorCode.UnknownUser;
        using var held = await locks.EnterAsync(Math.Min(me.Id.Value, target.Value), ct);
        if (await relationships.HasBlockedAsync(target, me.Id, ct) || await relationships.HasBlockedAsync(me.Id, target, ct)) return ErrorCode.MissingAccess;
        await store.AddAsync(me.Id, target, clock.GetUtcNow(), ct);
        return Done.Instance;
    }

    public async Task<Result<Done>> UnfollowAsync(Principal me, UserId target, CancellationToken ct)
    {
        await store.RemoveAsync(me.Id, target, ct);
        return Done.Instance;
    }

    /// <summary>Who follows a user; anyone may ask.</summary>
    public async Task<Result<User[]>> FollowersAsync(UserId target, UserId after, int limit, CancellationToken ct)
    {
        if (await users.FindAsync(target, ct) is null) return ErrorCode.UnknownUser;
        return (User[])[.. await users.WireManyAsync(await store.FollowersAsync(target, after, limit, ct), ct)];
    }

    /// <summary>Whom a user follows; only they themselves ask.</summary>
    public async Task<IReadOnlyList<User>> FollowedByAsync(Principal me, UserId after, int limit, CancellationToken ct) =>
        await users.WireManyAsync(await store.FollowedByAsync(me.Id, after, limit, ct), ct);
}
