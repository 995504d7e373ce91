using System.Runtime.InteropServices;
using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Gateway.Protocol;
using Kith.Gateway.Sessions;
using Kith.Protocol;

namespace Kith.Gateway.Dispatch;

/// <summary>
/// Who on this loop is told of presences. Friends and members of small guilds are found through users and groups, so only those who asked for someone in a large
/// guild are kept as pairs. A person's session is told once of a change; a bot once for each guild, as bots' libraries keep presences by guild. Belongs to the loop's thread.
/// </summary>
sealed class PresenceDispatch(LoopSessions home)
{
    /// <summary>Users in large guilds that one session may watch; with more, those asked for first are dropped.</summary>
    public const int MaxWatched = 200;

    readonly Dictionary<UserId, List<Session>> watchers = [];
    int stamp;

    public void Deliver(Audience.OfWatchers audience, EventDispatch dispatch)
    {
        stamp++;
        foreach (var user in audience.Users)
        {
            foreach (var session in home.Users.Of(user))
                TellOnce(session, dispatch);
        }

        if (watchers.TryGetValue(audience.User, out var asked))
        {
            foreach (var session in asked)
                TellOnce(session, dispatch);
        }

        foreach (var id in audience.Guilds)
        {
            if (home.Guilds.Find(id) is { } guild) DeliverTo(guild, dispatch);
        }
    }

    /// <summary>To a session that has just entered a guild, of a change while its GUILD_CREATE was made, which may show it or what was before.</summary>
    public void DeliverTo(GuildJoin join, UserId user, GuildWelcome welcome, EventDispatch dispatch)
    {
        // Of oneself one is told whatever the guild; whether the guild is small may have become known since.
        if (join.Session.User == user || !join.IsToldPresences || welcome.Shows(user, dispatch.Event.Data.Span)) return;
        home.Append(join.Session, join.Session.IsBot ? InGuild(dispatch, join.Guild.Id) : dispatch.For(join.Session), dispatch.Event.Intents);
    }

    /// <summary>Members of a small guild learn how someone who has joined appears.</summary>
    public void Tell(GuildId guild, UserId joined) => Tell(joined, new Audience.OfWatchers(joined, [], [guild]));

    /// <summary>A user learns how another one appears.</summary>
    public void Tell(UserId user, UserId other)
    {
        if (home.Users.Any(user)) Tell(other, new Audience.OfWatchers(other, [user], []));
    }

    /// <summary>From now on the session is told of these users.</summary>
    public void Watch(Session session, IReadOnlyList<UserId> users)
    {
        if (session.Ended) return;
        UserId[] watched = [.. users.Concat(session.Watched ?? []).Distinct().Take(MaxWatched)];
        Unwatch(session);
        session.Watched = watched;
        foreach (var user in watched)
        {
            ref var sessions = ref CollectionsMarshal.GetValueRefOrAddDefault(watchers, user, out _);
            (sessions ??= []).Add(session);
        }
    }

    public void Unwatch(Session session)
    {
        foreach (var user in session.Watched ?? [])
        {
            if (!watchers.TryGetValue(user, out var sessions)) continue;
            sessions.Remove(session);
            if (sessions.Count == 0) watchers.Remove(user);
        }

        session.Watched = null;
    }

    void DeliverTo(GuildSessions guild, EventDispatch dispatch)
    {
        guild.HoldPresenceForJoins(dispatch);
        OutboundEvent? inGuild = null;
        if (!guild.IsSmall)
        {
            foreach (var bot in guild.PresenceBots)
            {
                if (!bot.WasTold(dispatch.Event)) bot.Ring.Append(inGuild ??= InGuild(dispatch, guild.Id));
            }

            return;
        }

        foreach (var group in guild.Groups)
        {
            foreach (var session in group.Sessions)
            {
                if (!session.IsBot) TellOnce(session, dispatch);
                else if (session.Takes(dispatch.Event)) session.Ring.Append(inGuild ??= InGuild(dispatch, guild.Id));
            }
        }
    }

    void TellOnce(Session session, EventDispatch dispatch)
    {
        if (session.PresenceStamp == stamp || session.IsBot || session.WasTold(dispatch.Event)) return;
        session.PresenceStamp = stamp;
        if (session.BeforeReady is { } waiting) waiting.Add(dispatch);
        else session.Ring.Append(dispatch.For(session));
    }

    void Tell(UserId about, Audience.OfWatchers audience) => home.Reads.Start(home.Loop, ct => home.Node.Engine.Welcomes.PresencesAsync([about], ct), found =>
    {
        if (found.Count == 0) return;
        Deliver(audience, new EventDispatch(home.Node, new Event
        {
            Name = "PRESENCE_UPDATE", Audience = audience, Intents = Intents.GuildPresences, Data = Wire.Utf8(found[0]),
        }));
    });

    /// <summary>The same with the guild's id as first field.</summary>
    static OutboundEvent InGuild(EventDispatch dispatch, GuildId guild)
    {
        var data = dispatch.Event.Data.Span;
        ReadOnlySpan<byte> opening = System.Text.Encoding.ASCII.GetBytes($"{{\"guild_id\":\"{guild}\",");
        return OutboundEvent.Create(dispatch.Event.Name, [.. opening, .. data[1..]]);
    }
}
