using Kith.Domain;
using Kith.Engine.Guilds;

namespace Kith.Engine.Channels;

/// <summary>A channel that a user sees, with what unread marks need of the membership.</summary>
/// <param name="Floor">Messages up to here were there before the user joined: read, unless marked otherwise.</param>
/// <param name="Roles">The user's in that guild; empty for DMs and groups.</param>
public sealed record VisibleChannel(ChannelRecord Channel, MessageId Floor, IReadOnlyList<RoleId> Roles);

/// <summary>All text channels that a user sees: two queries, whatever the number of guilds, once their snapshots are at hand.</summary>
public sealed class VisibleChannels(IMemberStore members, IChannelStore privates, GuildDirectory guilds)
{
    public async ValueTask<IReadOnlyList<VisibleChannel>> OfAsync(UserId user, CancellationToken ct)
    {
        List<VisibleChannel> found = [];
        foreach (var channel in await privates.OfUserAsync(user, ct))
            found.Add(new VisibleChannel(channel, default, []));
        foreach (var member in await members.OfUserAsync(user, ct))
            await AddGuildAsync(found, member, ct);
        return found;
    }

    /// <summary>Of one guild; empty where the user is no member.</summary>
    public async ValueTask<IReadOnlyList<VisibleChannel>> OfGuildAsync(UserId user, GuildId guild, CancellationToken ct)
    {
        List<VisibleChannel> found = [];
        if (await guilds.MemberAsync(guild, user, ct) is { } member) await AddGuildAsync(found, member, ct);
        return found;
    }

    async ValueTask AddGuildAsync(List<VisibleChannel> found, MemberRecord member, CancellationToken ct)
    {
        if (await guilds.FindAsync(member.GuildId, ct) is not { } guild) return;
        foreach (var channel in guild.Channels.Values)
        {
            if (channel.IsText && guild.PermissionsIn(channel, member.UserId, member.Roles).HasFlag(Permissions.ViewChannel))
                found.Add(new VisibleChannel(channel, member.ReadFloor, member.Roles));
        }
    }
}
