using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.People;

/// <summary>What may become of two users' relationship. Pure: each takes the newest state of both sides and returns the next, or why not.</summary>
static class RelationshipRules
{
    /// <summary>Of any kind, friends, requests and blocks together.</summary>
    public const int Most = 1_000;

    /// <summary>Asks, or accepts what the other asked.</summary>
    public static Result<RelationshipPair> Befriend(RelationshipPair pair, UserId me, UserId other, DateTimeOffset now) => (pair.Mine?.Type, pair.Theirs?.Type) switch
    {
        (RelationshipType.Friend, _) => ErrorCode.AlreadyFriends,
        (RelationshipType.Outgoing, _) => pair,
        (RelationshipType.Blocked, _) => ErrorCode.FriendRequestBlocked,
        // Told apart from nothing else that refuses requests: who is blocked does not learn it.
        (_, RelationshipType.Blocked) => ErrorCode.RecipientsBlocked,
        (RelationshipType.Incoming, _) => pair with { Mine = new(me, other, RelationshipType.Friend, now), Theirs = new(other, me, RelationshipType.Friend, now) },
        _ when pair.MineCount >= Most || pair.TheirsCount >= Most => ErrorCode.MaxFriends,
        _ => pair with { Mine = new(me, other, RelationshipType.Outgoing, now), Theirs = new(other, me, RelationshipType.Incoming, now) },
    };

    /// <summary>Blocks; the other's block of oneself stays.</summary>
    public static Result<RelationshipPair> Block(RelationshipPair pair, UserId me, UserId other, DateTimeOffset now)
    {
        if (pair.Mine?.Type == RelationshipType.Blocked) return pair;
        if (pair.Mine is null && pair.MineCount >= Most) return ErrorCode.MaxFriends;
        return pair with { Mine = new(me, other, RelationshipType.Blocked, now), Theirs = pair.Theirs?.Type == RelationshipType.Blocked ? pair.Theirs : null };
    }

    /// <summary>Ends a friendship, withdraws or declines a request, unblocks.</summary>
    public static Result<RelationshipPair> End(RelationshipPair pair) => pair.Mine is null
        ? ErrorCode.UnknownUser
        : pair with { Mine = null, Theirs = pair.Theirs?.Type == RelationshipType.Blocked ? pair.Theirs : null };

    public static Result<RelationshipPair> Rename(RelationshipPair pair, string? nickname) => pair.Mine?.Type == RelationshipType.Friend
        ? pair with { Mine = pair.Mine with { Nickname = nickname } }
        : ErrorCode.UnknownUser;
}
