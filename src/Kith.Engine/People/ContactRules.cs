using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Preferences;
using Kith.Protocol;

namespace Kith.Engine.People;

/// <summary>Who may write to whom. Dictionary lookups once the caches are warm: every message in a DM asks.</summary>
public sealed class ContactRules(RelationshipDirectory relationships, Settings settings)
{
    /// <summary>Why <paramref name="from"/> may not reach <paramref name="to"/> privately: 50007, or null where they may. One answer for all reasons, so that it betrays none.</summary>
    public async ValueTask<Error?> RefuseAsync(UserRecord from, UserRecord to, CancellationToken ct)
    {
        if (from.Id == to.Id || from.Bot && to.Bot) return ErrorCode.CannotMessageUser;
        var type = await relationships.BetweenAsync(to.Id, from.Id, ct);
        if (type == RelationshipType.Blocked) return ErrorCode.CannotMessageUser;
        if (type != RelationshipType.Friend && !to.Bot && (await settings.OfAsync(to.Id, ct)).FriendsOnlyDms) return ErrorCode.CannotMessageUser;
        return null;
    }

    /// <summary>The same for a message in a DM, which the one who blocked may not write either.</summary>
    public async ValueTask<Error?> RefuseMessageAsync(UserRecord from, UserRecord to, CancellationToken ct) =>
        await relationships.HasBlockedAsync(from.Id, to.Id, ct) ? ErrorCode.CannotMessageUser : await RefuseAsync(from, to, ct);
}
