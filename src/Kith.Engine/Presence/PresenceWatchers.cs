using Kith.Domain;
using Kith.Engine.Channels;
using Kith.Engine.Delivery;
using Kith.Engine.Guilds;
using Kith.Engine.People;
using Kith.Protocol;

namespace Kith.Engine.Presence;

/// <summary>
/// Who is told when a user appears differently: friends, partners of open DMs, and members of shared guilds; never who was blocked by the user. Found when it happens,
/// by two queries, rather than kept as pairs for all who are connected. The user's own sessions are among them.
/// </summary>
public sealed class PresenceWatchers(IMemberStore members, IChannelStore channels, RelationshipDirectory relationships)
{
    public async ValueTask<Audience.OfWatchers> OfAsync(UserId user, CancellationToken ct)
    {
        var guilds = await members.OfUserAsync(user, ct);
        return new Audience.OfWatchers(user, [user, .. await ContactsAsync(user, ct)], [.. guilds.Select(m => m.GuildId)]);
    }

    /// <summary>Whether someone may know how a user appears.</summary>
    public async ValueTask<bool> MayWatchAsync(UserId watcher, UserId user, CancellationToken ct)
    {
        if (watcher == user) return true;
        if (await relationships.HasBlockedAsync(user, watcher, ct)) return false;
        if ((await ContactsAsync(user, ct)).Contains(watcher)) return true;
        var theirs = (await members.OfUserAsync(watcher, ct)).Select(m => m.GuildId).ToHashSet();
        return (await members.OfUserAsync(user, ct)).Any(m => theirs.Contains(m.GuildId));
    }

    async ValueTask<IReadOnlySet<UserId>> ContactsAsync(UserId user, CancellationToken ct)
    {
        var related = await relationships.OfAsync(user, ct);
        HashSet<UserId> contacts = [.. related.Values.Where(r => r.Type == RelationshipType.Friend).Select(r => r.OtherId)];
        foreach (var partner in (await channels.OfUserAsync(user, ct)).Where(c => c.Type == ChannelType.Dm).SelectMany(c => c.Recipients))
        {
            if (related.GetValueOrDefault(partner)?.Type != RelationshipType.Blocked && !await relationships.HasBlockedAsync(partner, user, ct)) contacts.Add(partner);
        }

        contacts.Remove(user);
        return contacts;
    }
}
