using System.Collections.Immutable;
using Kith.Domain;
using Kith.Protocol;

namespace Kith.Client;

/// <summary>
/// What a session knows: made from READY, changed by one event after another, never in place. After the same events two states are equal in content, and equal
/// to one made from a new READY: <see cref="Apply"/> holds the rules of docs/protocol.md for what is unread.
/// </summary>
public sealed record ClientState
{
    public required SelfUser User { get; init; }

    public ImmutableDictionary<GuildId, GuildState> Guilds { get; init; } = ImmutableDictionary<GuildId, GuildState>.Empty;

    /// <summary>Channels of guilds, DMs and groups, with their newest message's id.</summary>
    public ImmutableDictionary<ChannelId, Channel> Channels { get; init; } = ImmutableDictionary<ChannelId, Channel>.Empty;

    /// <summary>Marks of channels that have one; see <see cref="LastRead"/> for the others.</summary>
    public ImmutableDictionary<ChannelId, ChannelMark> Marks { get; init; } = ImmutableDictionary<ChannelId, ChannelMark>.Empty;

    /// <summary>Bots have no marks.</summary>
    public bool CountsUnread { get; init; }

    public static ClientState From(Ready ready)
    {
        var channels = ready.PrivateChannels.ToImmutableDictionary(c => c.Id);
        return new ClientState
        {
            User = ready.User,
            Channels = channels,
            CountsUnread = ready.ReadState is not null,
            Marks = (ready.ReadState?.Entries ?? []).ToImmutableDictionary(e => e.Id, e => new ChannelMark
            {
                LastRead = e.LastMessageId,
                Counted = e.MentionCount,
                // A guild's channels come with GUILD_CREATE, which then says how far the count reaches.
                CountedThrough = channels.TryGetValue(e.Id, out var channel) ? NewestOf(channel) : default,
                Version = e.Version,
            }),
        };
    }

    /// <summary>The state after the event; the same object where it changes nothing. A <see cref="SessionStarted"/> starts afresh.</summary>
    public ClientState Apply(GatewayEvent e) => Reducers.Apply(this, e);

    /// <summary>Messages past this id are unread: what was acked last, before any ack the moment of joining.</summary>
    public MessageId LastRead(ChannelId channel)
    {
        if (Marks.TryGetValue(channel, out var mark)) return mark.LastRead;
        return Channels.TryGetValue(channel, out var known) && known.GuildId is { } guild && Guilds.TryGetValue(guild, out var state)
            ? new MessageId(Math.Max(0, Snowflake.AtTime(state.JoinedAt) - 1)) : default;
    }

    public bool IsUnread(ChannelId channel) => Channels.TryGetValue(channel, out var known) && NewestOf(known) > LastRead(channel);

    /// <summary>Unread mentions.</summary>
    public int Mentions(ChannelId channel) => Marks.TryGetValue(channel, out var mark) ? mark.Mentions : 0;

    /// <summary>Whether a message counts as a mention of this user: once, however many ways it mentions.</summary>
    public bool IsMentioned(ChannelId channel, UserId author, IEnumerable<UserId> users, IEnumerable<RoleId> roles, bool everyone)
    {
        if (author == User.Id || !Channels.TryGetValue(channel, out var known)) return false;
        if (known.GuildId is not { } guild) return true;
        if (everyone || users.Contains(User.Id)) return true;
        return Guilds.TryGetValue(guild, out var state) && state.Members.TryGetValue(User.Id, out var self) && roles.Any(self.Roles.Contains);
    }

    internal static MessageId NewestOf(Channel channel) => channel.LastMessageId.Or(null) ?? default;
}
