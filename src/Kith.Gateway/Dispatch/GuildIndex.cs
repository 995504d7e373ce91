using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Gateway.Sessions;

namespace Kith.Gateway.Dispatch;

/// <summary>The guilds that sessions of one loop are in. Belongs to the loop's thread.</summary>
sealed class GuildIndex(LoopSessions home)
{
    readonly Dictionary<GuildId, GuildSessions> guilds = [];

    public GuildSessions? Find(GuildId id) => guilds.GetValueOrDefault(id);

    /// <summary>Takes an event of a guild; one that has nobody here costs a look-up.</summary>
    public void Process(GuildId id, EventDispatch dispatch)
    {
        if (!guilds.TryGetValue(id, out var guild))
        {
            if (dispatch.Event.Effect is not SessionEffect.Joined joined || !home.Users.Any(joined.User))
            {
                if (dispatch.Event.Audience is Audience.OfUsers users) home.DeliverToUsers(users.Users, dispatch);
                return;
            }

            guild = Open(id);
        }

        guild.Process(dispatch);
    }

    /// <summary>The session's guilds as READY lists them: their events are kept for it from now on. What the returned joins need is made off the loop.</summary>
    public IReadOnlyList<GuildJoin> JoinInitial(Session session, IReadOnlyList<GuildId> ids, bool isMove = false)
    {
        List<GuildJoin> joins = new(ids.Count);
        foreach (var id in ids)
        {
            if ((Find(id) ?? Open(id)).Join(session, cause: null, isMove) is { } join) joins.Add(join);
        }

        return joins;
    }

    /// <summary>All sessions of a user enter a guild.</summary>
    public void JoinAll(GuildSessions guild, UserId user, EventDispatch cause)
    {
        foreach (var session in home.Users.Of(user))
        {
            if (session.BeforeReady is { } waiting) waiting.Add(cause);
            else JoinLater(session, guild, cause);
        }

        if (guild.IsSmall) home.Presences.Tell(guild.Id, user);
    }

    /// <summary>A guild joined after READY.</summary>
    public void JoinLater(Session session, GuildId id, EventDispatch cause)
    {
        if (session.Shard.Has(id)) JoinLater(session, Find(id) ?? Open(id), cause);
    }

    /// <summary>Makes the GUILD_CREATE of one join, off the loop.</summary>
    public void Welcome(GuildJoin join)
    {
        var request = WelcomeRequest.Of(join.Session, join.Guild.Mark, join.Tails);
        home.Reads.Start(home.Loop, async ct =>
        {
            await home.Reads.SettleAsync(ct);
            return join.IsMove ? await home.Node.Engine.Welcomes.PlaceAsync(request.Guild, request.User, ct) : await home.Node.Engine.Welcomes.MakeAsync(request, ct);
        }, welcome => Complete(join, welcome));
    }

    public void Complete(GuildJoin join, GuildWelcome welcome)
    {
        if (!join.Guild.Complete(join, welcome)) Welcome(join);
    }

    /// <summary>Forgets a guild that has nobody left here.</summary>
    public void Tidy(GuildSessions guild)
    {
        if (guild.IsEmpty && guilds.Remove(guild.Id)) home.Node.OnGuildHosted(guild.Id, hosted: false);
    }

    void JoinLater(Session session, GuildSessions guild, EventDispatch cause)
    {
        if (session.Shard.Has(guild.Id) && guild.Join(session, cause) is { } join) Welcome(join);
    }

    GuildSessions Open(GuildId id)
    {
        var guild = new GuildSessions(id, home);
        guilds.Add(id, guild);
        home.Node.OnGuildHosted(id, hosted: true);
        return guild;
    }
}
