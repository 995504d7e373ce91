using Kith.Domain;
using Kith.Engine.Channels;
using Kith.Engine.Delivery;
using Kith.Engine.Guilds;
using Kith.Engine.People;
using Kith.Protocol;

namespace Kith.Engine.Accounts;

/// <summary>What follows a committed change of a user: the cache, then everyone who sees the user.</summary>
public sealed class ProfileEvents(
    Users users, IMemberStore members, MemberAnnouncements announcements, IChannelStore channels, RelationshipDirectory relationships, IEventLog log)
{
    /// <summary>
    /// USER_UPDATE to the user's own sessions. Where everyone may see the change: GUILD_MEMBER_UPDATE once for each of the user's guilds, and USER_UPDATE with what everyone
    /// sees to friends and to those with whom the user shares a DM or group. Two queries, and one for who is not at hand.
    /// </summary>
    public async Task ChangedAsync(UserId id, bool isPublic, CancellationToken ct)
    {
        await users.ChangedAsync(id, ct);
        if (await users.FindAsync(id, ct) is not { } user) return;
        await log.PublishAsync(Update(user.ToSelfWire(), [id]), ct);
        if (!isPublic) return;
        var wire = user.ToWire();
        foreach (var membership in await members.OfUserAsync(id, ct))
            await TellGuildAsync(membership.GuildId, id, ct);
        var friends = (await relationships.OfAsync(id, ct)).Values.Where(r => r.Type == RelationshipType.Friend).Select(r => r.OtherId);
        UserId[] others = [.. friends.Union(await channels.PartnersOfAsync(id, ct))];
        // Not to bots: their libraries take USER_UPDATE for their own, or fail on a user they have not seen.
        UserId[] people = [.. (await users.FindManyAsync(others, ct)).Values.Where(u => !u.Bot).Select(u => u.Id)];
        if (people.Length > 0) await log.PublishAsync(Update(wire, people), ct);
    }

    async Task TellGuildAsync(GuildId guild, UserId user, CancellationToken ct)
    {
        // Its roles may have changed since they were listed: what is told last must be the newest.
        using var held = await announcements.EnterAsync(guild, user, ct);
        if (await members.FindAsync(guild, user, ct) is { } member) await announcements.ChangedAsync(member, ct);
    }

    static Event Update<T>(T user, IReadOnlyList<UserId> to)
        where T : User => new() { Name = "USER_UPDATE", Data = Wire.Utf8(user), Audience = new Audience.OfUsers(to) };
}
