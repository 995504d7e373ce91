using Kith.Domain;
using Kith.Engine.Channels;
using Kith.Engine.Guilds;
using Kith.Gateway.Protocol;
using Kith.Gateway.Sessions;
using Kith.Protocol;

namespace Kith.Gateway.Dispatch;

/// <summary>Dispatches about channels, by channel, encoded once for all sessions that get them.</summary>
sealed class ChannelNotices : Dictionary<ChannelId, OutboundEvent>
{
    public static readonly ChannelNotices None = [];
}

/// <summary>Dispatches that the gateway itself makes.</summary>
static class GuildNotices
{
    public static OutboundEvent Resumed { get; } = OutboundEvent.Create("RESUMED", "{}"u8);

    /// <summary>The session is no longer in the guild.</summary>
    public static OutboundEvent Delete(GuildId guild) => OutboundEvent.Create("GUILD_DELETE", Wire.Utf8(new UnavailableGuild(guild, null)));

    public static OutboundEvent ChannelDelete(ChannelRecord channel) => OutboundEvent.Create("CHANNEL_DELETE", Wire.Utf8(ChannelWire.OfGuild(channel, last: null)));
}

/// <summary>
/// What sessions gain and lose sight of between two states. Channels that are new in the guild or gone from it are not among them: those have events of their own.
/// </summary>
sealed class ChannelChange
{
    readonly List<ChannelRecord> gained = [];
    readonly List<ChannelRecord> lost = [];
    ChannelNotices? deletions;

    public ChannelChange(ChannelOrder before, ulong[] seen, ChannelOrder after, ulong[] visible)
    {
        var ids = after.Ids;
        for (var i = 0; i < ids.Length; i++)
        {
            var old = ReferenceEquals(before, after) ? i : before.IndexOf(ids[i]);
            if (old < 0) continue;
            var (had, has) = (ChannelOrder.Has(seen, old), ChannelOrder.Has(visible, i));
            if (has && !had) gained.Add(after.Guild.Channels[ids[i]]);
            else if (had && !has) lost.Add(before.Guild.Channels[ids[i]]);
        }
    }

    public IReadOnlyList<ChannelRecord> Gained => gained;

    public void Announce(Session session, ChannelNotices creations)
    {
        if (!session.Wants(Intents.Guilds)) return;
        foreach (var channel in lost)
            session.Ring.Append(Deletion(channel));
        foreach (var channel in gained)
        {
            if (creations.TryGetValue(channel.Id, out var creation)) session.Ring.Append(creation);
        }
    }

    OutboundEvent Deletion(ChannelRecord channel)
    {
        deletions ??= [];
        if (!deletions.TryGetValue(channel.Id, out var deletion)) deletions[channel.Id] = deletion = GuildNotices.ChannelDelete(channel);
        return deletion;
    }
}

/// <summary>How the groups of a guild's sessions go over from one version of the guild to the next. One computation for each group and channel.</summary>
sealed class VisibilityPlan
{
    readonly GuildSessions guild;
    readonly ChannelOrder before;
    readonly List<(SessionGroup Group, ulong[] Visible, ChannelChange Change)> stay = [];
    readonly List<(SessionGroup Group, GroupKey Key)> dissolve = [];
    readonly List<(Session Session, SessionGroup From, GroupKey Key)> single = [];
    readonly Dictionary<ChannelId, ChannelRecord> gained = [];

    public VisibilityPlan(GuildSessions guild, ChannelOrder before, ChannelOrder after)
    {
        (this.guild, this.before, Order) = (guild, before, after);
        foreach (var group in guild.Groups)
            PlanGroup(group);
        foreach (var user in after.Individuals.Except(before.Individuals))
            PlanIndividual(user);
    }

    public ChannelOrder Order { get; }

    /// <summary>Each channel that some session gains sight of.</summary>
    public IReadOnlyCollection<ChannelRecord> Gained => gained.Values;

    /// <summary>Brings groups and sessions to the new version, of which the guild must have been told already.</summary>
    /// <param name="creations">CHANNEL_CREATE of at least <see cref="Gained"/>.</param>
    public void Carry(ChannelNotices creations)
    {
        foreach (var (session, from, key) in single)
            guild.Move(session, key, before, from.Visible, creations);
        foreach (var (group, visible, change) in stay)
        {
            // What mentioned a role that is gone mentions its bearers no more.
            var recount = change.Gained.Count > 0 || group.Key.Roles.Any(role => before.Guild.Roles.ContainsKey(role) && !Order.Guild.Roles.ContainsKey(role));
            foreach (var session in group.Sessions)
            {
                change.Announce(session, creations);
                if (recount) guild.Home.RefreshUnread(session.User, guild.Id);
            }

            group.Adopt(Order, visible);
        }

        foreach (var (group, key) in dissolve)
        {
            foreach (var session in group.Sessions.ToArray())
                guild.Move(session, key, before, group.Visible, creations);
            guild.Home.RefreshUnread(group.Key.Individual, guild.Id);
        }
    }

    void PlanGroup(SessionGroup group)
    {
        if (group.Key.Individual.Value != 0 && !Order.Individuals.Contains(group.Key.Individual))
        {
            var key = group.Key with { Individual = default };
            dissolve.Add((group, key));
            Gain(new ChannelChange(before, group.Visible, Order, Order.VisibleTo(key)));
            return;
        }

        var visible = Order.VisibleTo(group.Key);
        var change = new ChannelChange(before, group.Visible, Order, visible);
        stay.Add((group, visible, change));
        Gain(change);
    }

    /// <summary>An overwrite names the user now, or it has become the owner.</summary>
    void PlanIndividual(UserId user)
    {
        foreach (var session in guild.Home.Users.Of(user))
        {
            if (session.GroupIn(guild) is not { } group) continue;
            var key = group.Key with { Individual = user };
            single.Add((session, group, key));
            Gain(new ChannelChange(before, group.Visible, Order, Order.VisibleTo(key)));
        }
    }

    void Gain(ChannelChange change)
    {
        foreach (var channel in change.Gained)
            gained[channel.Id] = channel;
    }
}
