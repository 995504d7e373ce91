using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Delivery;
using Kith.Protocol;

namespace Kith.Engine.People;

/// <summary>Friends, friend requests and blocks. Each change is one transaction over both sides, then told to both, in the order of the commits.</summary>
public sealed class Relationships(IRelationshipStore store, RelationshipDirectory directory, RelationshipEvents events, Users users, KeyedLock locks, TimeProvider clock)
{
    /// <summary>UTF-16 units.</summary>
    public const int MaxNickname = 32;

    /// <summary>All of a user's relationships: one query, and one for the users not at hand.</summary>
    public async Task<IReadOnlyList<Relationship>> OfAsync(UserId user, CancellationToken ct)
    {
        var records = (await directory.OfAsync(user, ct)).Values.OrderBy(r => r.OtherId.Value).ToArray();
        var others = await users.WireManyAsync([.. records.Select(r => r.OtherId)], ct);
        return [.. records.Zip(others, RelationshipEvents.ToWire)];
    }

    /// <summary>Asks someone to be friends, or accepts what they asked.</summary>
    public Task<Result<Done>> BefriendAsync(Principal me, UserId other, CancellationToken ct) =>
        ChangeAsync(me, other, pair => RelationshipRules.Befriend(pair, me.Id, other, clock.GetUtcNow()), ct);

    public Task<Result<Done>> BlockAsync(Principal me, UserId other, CancellationToken ct) =>
        ChangeAsync(me, other, pair => RelationshipRules.Block(pair, me.Id, other, clock.GetUtcNow()), ct);

    /// <summary>Ends whatever is between the two on one's own side: unfriends, withdraws, declines, unblocks.</summary>
    public Task<Result<Done>> EndAsync(Principal me, UserId other, CancellationToken ct) => ChangeAsync(me, other, RelationshipRules.End, ct);

    public Task<Result<Done>> RenameAsync(Principal me, UserId other, string? nickname, CancellationToken ct)
    {
        var errors = new FormErrors();
        errors.Length("nickname", nickname, 0, MaxNickname);
        if (errors.Error is { } wrong) return Task.FromResult<Result<Done>>(wrong);
        return ChangeAsync(me, other, pair => RelationshipRules.Rename(pair, string.IsNullOrWhiteSpace(nickname) ? null : nickname.Trim()), ct);
    }

    async Task<Result<Done>> ChangeAsync(Principal me, UserId other, Func<RelationshipPair, Result<RelationshipPair>> rule, CancellationToken ct)
    {
        if (me.User.Bot) return ErrorCode.BotsCannotUse;
        if (other == me.Id) return ErrorCode.CannotFriendSelf;
        if (await users.FindAsync(other, ct) is not { } target) return ErrorCode.UnknownUser;
        if (target.Bot) return ErrorCode.InvalidAccountType;
        using var held = await locks.EnterAsync(Math.Min(me.Id.Value, other.Value), ct);
        if (!(await store.ChangeAsync(me.Id, other, rule, ct)).Ok(out var change, out var refusal)) return refusal;
        await directory.ChangedAsync(me.Id, CancellationToken.None);
        await directory.ChangedAsync(other, CancellationToken.None);
        // The change is committed: whoever asked may leave, those concerned are told.
        await events.TellAsync(change, me.User, target, CancellationToken.None);
        return Done.Instance;
    }
}
