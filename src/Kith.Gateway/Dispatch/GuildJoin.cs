using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Gateway.Protocol;
using Kith.Gateway.Sessions;
using Kith.Protocol;

namespace Kith.Gateway.Dispatch;

/// <summary>
/// A session on its way into a guild: while its GUILD_CREATE is made off the loop, what happens in the guild waits here, unfiltered, and follows it, as far as the
/// session may see it by then. Belongs to the loop's thread.
/// </summary>
/// <param name="cause">The event that tells others of it, which the session itself does not get.</param>
sealed class GuildJoin(Session session, GuildSessions guild, EventDispatch? cause)
{
    List<EventDispatch>? held;

    public Session Session => session;

    public GuildSessions Guild => guild;

    /// <summary>The session or its membership has ended meanwhile.</summary>
    public bool Cancelled { get; set; }

    /// <summary>The membership has changed since the work began: it must be done again.</summary>
    public bool Stale { get; set; }

    /// <summary>Came while the guild was waiting for something else.</summary>
    public GuildWelcome? Arrived { get; set; }

    /// <summary>Newest message by channel as READY's counts go through them; null where there are no counts, and for a guild that was joined later.</summary>
    public IReadOnlyDictionary<ChannelId, MessageId>? Tails { get; set; }

    /// <summary>The session comes from another node, where it was in the guild: it gets no GUILD_CREATE, and what it was told there not once more.</summary>
    public bool IsMove { get; init; }

    /// <summary>A guild that READY announced; others were joined later.</summary>
    public bool IsInitial => cause is null;

    /// <summary>In large guilds only bots are, see <see cref="GuildSessions.SmallGuild"/>. A guild that has not been read yet counts as small.</summary>
    public bool IsToldPresences => guild.IsSmall || session.IsBot;

    public void Hold(EventDispatch dispatch)
    {
        if (dispatch != cause && dispatch.HasData) (held ??= []).Add(dispatch);
    }

    public IReadOnlyList<EventDispatch> Held => held ?? (IReadOnlyList<EventDispatch>)[];
}

/// <summary>What was made off the loop for a session that enters a guild.</summary>
/// <param name="Guild">The version that it shows; null where the guild is gone.</param>
/// <param name="Member">Null where the user is no member (any more).</param>
/// <param name="Create">GUILD_CREATE; null for a bot that did not ask for guilds.</param>
sealed record GuildWelcome(GuildSnapshot? Guild, MemberRecord? Member, OutboundEvent? Create)
{
    /// <summary>Those that GUILD_CREATE tells.</summary>
    public IReadOnlyList<PresenceUpdate> Presences { get; init; } = [];

    /// <summary>Whether GUILD_CREATE shows the user just so as a change that came while it was made.</summary>
    public bool Shows(UserId user, ReadOnlySpan<byte> presence)
    {
        foreach (var shown in Presences)
        {
            if (shown.User.Id == user) return presence.SequenceEqual(Wire.Utf8(shown));
        }

        return false;
    }
}
