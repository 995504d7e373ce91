using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Delivery;
using Kith.Engine.Messages;
using Kith.Engine.Unread;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>
/// Renews the caches and tells of a committed change of a membership. Whoever changes one holds <see cref="EnterAsync"/> from before the commit until it is told,
/// so that the changes of one membership are announced in the order they are committed.
/// </summary>
public sealed class MemberAnnouncements(
    GuildDirectory guilds, MemberCounts counts, Users users, INotificationCache notifications, MessageSender messages, IEventLog events, KeyedLocks locks)
{
    /// <summary>Bit of system_channel_flags: no message about new members.</summary>
    const int SuppressJoinMessages = 1;

    readonly KeyedLock order = locks.Of("member");

    public ValueTask<KeyedLock.Held> EnterAsync(GuildId guild, UserId user, CancellationToken ct) => order.EnterAsync((guild, user), ct);

    /// <summary>The new member's own sessions get the guild (and not this event of it), everyone else's the member; then comes the message in the system channel.</summary>
    public async Task JoinedAsync(UserRecord user, MemberRecord member, CancellationToken ct)
    {
        await guilds.MemberChangedAsync(member.GuildId, user.Id, ct);
        await counts.ChangedAsync(member.GuildId, ct);
        await events.PublishAsync(new Event
        {
            Name = "GUILD_MEMBER_ADD", Audience = new Audience.OfGuild(member.GuildId), Intents = Intents.GuildMembers,
            Data = Wire.Utf8(member.ToWire(user.ToWire(), member.GuildId)), Effect = new SessionEffect.Joined(member.GuildId, user.Id),
        }, ct);
        if (await guilds.FindAsync(member.GuildId, ct) is not { } guild || (guild.Guild.Settings.SystemChannelFlags & SuppressJoinMessages) != 0) return;
        if (guild.Guild.Settings.SystemChannelId is { } id && guild.Channels.TryGetValue(id, out var channel))
            await messages.SendSystemAsync(channel, guild, new Principal(user, default), MessageType.UserJoin, "", ct);
    }

    public async Task ChangedAsync(MemberRecord member, CancellationToken ct)
    {
        await guilds.MemberChangedAsync(member.GuildId, member.UserId, ct);
        var wire = member.ToWire(await users.WireAsync(member.UserId, ct), member.GuildId);
        await events.PublishAsync(new Event
        {
            Name = "GUILD_MEMBER_UPDATE", Audience = new Audience.OfGuild(member.GuildId), Intents = Intents.GuildMembers, Data = Wire.Utf8(wire),
            Effect = new SessionEffect.MemberChanged(member.GuildId, member.UserId),
        }, ct);
    }

    public async Task LeftAsync(IReadOnlyList<MemberRecord> gone, CancellationToken ct)
    {
        if (gone.Count == 0) return;
        var guild = gone[0].GuildId;
        foreach (var member in gone)
            await guilds.MemberChangedAsync(guild, member.UserId, ct);
        await counts.ChangedAsync(guild, ct);
        // Their read marks in the guild are gone with them.
        await notifications.ForgetAsync([.. gone.Select(m => m.UserId)], ct);
        var wires = await users.WireManyAsync([.. gone.Select(m => m.UserId)], ct);
        foreach (var user in wires)
        {
            await events.PublishAsync(Silent(user.Id, guild, new SessionEffect.Left(guild, user.Id)), ct);
            await events.PublishAsync(OfGuild("GUILD_MEMBER_REMOVE", guild, Intents.GuildMembers, new GuildUser(guild, user)), ct);
        }
    }

    public async Task BannedAsync(GuildId guild, UserId user, bool banned, CancellationToken ct) => await events.PublishAsync(
        OfGuild(banned ? "GUILD_BAN_ADD" : "GUILD_BAN_REMOVE", guild, Intents.GuildModeration, new GuildUser(guild, await users.WireAsync(user, ct)), Permissions.BanMembers), ct);

    static Event Silent(UserId user, GuildId about, SessionEffect effect) => new() { Name = "", Data = default, Audience = new Audience.OfUsers(user, about.Value), Effect = effect };

    static Event OfGuild<T>(string name, GuildId guild, Intents intents, T data, Permissions needed = Permissions.None) => new()
    {
        Name = name, Audience = new Audience.OfGuild(guild, needed), Intents = intents, Data = Wire.Utf8(data),
    };

    sealed record GuildUser(GuildId GuildId, User User);
}
