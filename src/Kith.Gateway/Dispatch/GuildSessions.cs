using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Guilds;
using Kith.Engine.Presence;
using Kith.Gateway.Protocol;
using Kith.Gateway.Resume;
using Kith.Gateway.Sessions;
using Kith.Protocol;

namespace Kith.Gateway.Dispatch;

/// <summary>
/// The sessions of one loop that are in one guild, in groups that see the same. Takes the guild's events one after the other, always against the newest state of
/// the guild; where something must be read first, the events wait here in order. Belongs to the loop's thread.
/// </summary>
sealed class GuildSessions(GuildId id, LoopSessions home)
{
    /// <summary>Members of a guild in which everyone is told of everyone's presence: what all who come cause grows with the square of it.</summary>
    public const int SmallGuild = 100;

    /// <summary>Events that may wait for a read; with more the store has been away for long, and the sessions must begin anew.</summary>
    const int MaxHeld = 16_384;

    readonly Dictionary<GroupKey, SessionGroup> groups = [];
    readonly List<GuildJoin> joins = [];
    readonly List<Session> presenceBots = [];
    readonly Queue<EventDispatch> held = [];
    readonly Dictionary<ChannelId, MessageId> told = [];
    ChannelOrder? order;
    bool waiting;
    long demandedVersion;

    public GuildId Id => id;

    public LoopSessions Home => home;

    /// <summary>What GUILD_CREATE of this guild is known by in the rings.</summary>
    public GuildMark Mark { get; } = new(id);

    /// <summary>As far as this loop knows; exact but for members who came or went while it was being read.</summary>
    public int Members { get; private set; }

    public bool IsSmall => Members <= SmallGuild;

    public bool IsEmpty => groups.Count == 0 && joins.Count == 0 && !waiting && held.Count == 0;

    /// <summary>Events wait for something that is being read.</summary>
    public bool IsWaiting => waiting || held.Count > 0;

    public IEnumerable<SessionGroup> Groups => groups.Values;

    /// <summary>The newest message that was told of each channel, where several processes tell.</summary>
    public IReadOnlyDictionary<ChannelId, MessageId> Told => told;

    /// <summary>Bots that are told of presences however large the guild.</summary>
    public IReadOnlyList<Session> PresenceBots => presenceBots;

    public void Process(EventDispatch dispatch)
    {
        held.Enqueue(dispatch);
        if (held.Count > MaxHeld) Abandon();
        else Resume();
    }

    /// <summary>The session will be in the guild once its GUILD_CREATE has been made; from now on no event is missed.</summary>
    public GuildJoin? Join(Session session, EventDispatch? cause, bool isMove = false)
    {
        if (session.GroupIn(this) is not null || session.Joins?.Exists(j => j.Guild == this) == true) return null;
        var join = new GuildJoin(session, this, cause) { IsMove = isMove };
        joins.Add(join);
        (session.Joins ??= []).Add(join);
        return join;
    }

    /// <summary>False where it has to be made again.</summary>
    public bool Complete(GuildJoin join, GuildWelcome welcome)
    {
        if (join.Cancelled) return true;
        if (join.Stale)
        {
            join.Stale = false;
            return false;
        }

        if (welcome.Guild is not { } shown || welcome.Member is not { } member)
        {
            Drop(join);
            home.Append(join.Session, GuildNotices.Delete(id), Intents.Guilds);
            home.Guilds.Tidy(this);
            return true;
        }

        if (waiting || !Refresh())
        {
            join.Arrived = welcome;
            return true;
        }

        if (shown.Version < order!.Guild.Version) return false;
        Drop(join);
        Welcome(join, welcome, member);
        return true;
    }

    /// <summary>The session ends or leaves: nothing of the guild reaches it any more.</summary>
    public bool Remove(Session session)
    {
        if (session.Joins?.Find(j => j.Guild == this) is { } join)
        {
            Drop(join);
            return true;
        }

        return session.Leave(this);
    }

    public void OnEntered(Session session)
    {
        if (session.IsBot && session.Wants(Intents.GuildPresences)) presenceBots.Add(session);
    }

    public void OnLeft(Session session, SessionGroup group)
    {
        if (session.IsBot) presenceBots.Remove(session);
        if (group.Count == 0) groups.Remove(group.Key);
    }

    void Drop(GuildJoin join)
    {
        join.Cancelled = true;
        joins.Remove(join);
        join.Session.Joins!.Remove(join);
        if (join.Session.Joins.Count == 0) join.Session.Joins = null;
    }

    void Welcome(GuildJoin join, GuildWelcome welcome, MemberRecord member)
    {
        var group = GroupOf(KeyOf(order!, member.UserId, member.Roles));
        join.Session.Enter(group);
        if (welcome.Create is { } creation) GuildStandIns.Append(join.Session, creation);
        foreach (var dispatch in join.Held)
        {
            if (join.Session.WasTold(dispatch.Event)) continue;
            if (dispatch.Event.Audience is Audience.OfWatchers watched) home.Presences.DeliverTo(join, watched.User, welcome, dispatch);
            else if (IsFor(group, dispatch.Event.Audience)) home.Append(join.Session, dispatch.For(join.Session), dispatch.Event.Intents);
        }

        if (!join.IsInitial) home.RefreshUnread(join.Session.User, id);
    }

    /// <summary>Whether the newest state of the guild is the one at hand; else it is being read, and <see cref="Resume"/> follows.</summary>
    bool Refresh()
    {
        var newest = home.Reads.Peek(id);
        if (order is null || newest is null)
        {
            Await(ct => home.Reads.LoadAsync(id, ct), OnLoaded);
            return false;
        }

        if (newest.Version <= order.Guild.Version) return true;
        var plan = new VisibilityPlan(this, order, new ChannelOrder(newest));
        if (plan.Gained.Count == 0)
        {
            Adopt(plan, ChannelNotices.None);
            return true;
        }

        // Sessions may end meanwhile, so the plan is made again.
        Await(ct => home.Reads.CreationsAsync(plan.Gained, ct), creations => Adopt(new VisibilityPlan(this, order, plan.Order), creations));
        return false;
    }

    void OnLoaded(LoadedGuild? loaded)
    {
        if (loaded is null)
        {
            Delete();
            while (held.TryDequeue(out var dispatch))
            {
                if (dispatch.Event.Audience is Audience.OfUsers) Deliver(dispatch);
            }

            return;
        }

        if (order is not null) return;
        order = new ChannelOrder(loaded.Guild);
        Members = loaded.Members;
    }

    void Adopt(VisibilityPlan plan, ChannelNotices creations)
    {
        order = plan.Order;
        plan.Carry(creations);
    }

    /// <summary>False where the guild must be read again first; then nothing has happened.</summary>
    bool TryApply(EventDispatch dispatch)
    {
        switch (dispatch.Event.Effect)
        {
            case SessionEffect.GuildChanged changed when !IsAt(changed.Version):
                return false;
            case SessionEffect.MemberChanged changed when Regroup(changed.User, dispatch):
                // The event follows once the member has been read.
                return true;
            case SessionEffect.Joined joined:
                Members++;
                home.Guilds.JoinAll(this, joined.User, dispatch);
                break;
            case SessionEffect.Left left:
                Members--;
                RemoveAll(left.User);
                break;
            case SessionEffect.GuildDeleted:
                Delete();
                break;
        }

        Deliver(dispatch);
        return true;
    }

    /// <summary>The change may come from another process, of which the caches here know nothing yet: then they are asked to forget, once.</summary>
    bool IsAt(long version)
    {
        if (order!.Guild.Version >= version || demandedVersion >= version) return true;
        demandedVersion = version;
        home.Reads.Invalidate(id);
        return Refresh();
    }

    /// <summary>False where the user has no session here that it could change.</summary>
    bool Regroup(UserId user, EventDispatch dispatch)
    {
        SessionGroup? group = null;
        foreach (var session in home.Users.Of(user))
        {
            if (session.Joins?.Find(j => j.Guild == this) is { } join) join.Stale = true;
            group ??= session.GroupIn(this);
        }

        if (group is null) return false;
        var (current, seen) = (order!, group.Visible);
        Await(ct => home.Reads.MemberAsync(current, user, seen, ct), changed =>
        {
            if (changed.Member is null) RemoveAll(user);
            else MoveAll(user, KeyOf(current, user, changed.Member.Roles), changed.Gained);
            TellOfItself(user, dispatch);
            Deliver(dispatch);
        });
        return true;
    }

    /// <summary>A bot learns of its own roles whatever its intents.</summary>
    void TellOfItself(UserId user, EventDispatch dispatch)
    {
        foreach (var session in home.Users.Of(user))
        {
            if (session.IsBot && !session.Wants(dispatch.Event.Intents) && !session.WasTold(dispatch.Event) && session.GroupIn(this) is not null) session.Ring.Append(dispatch.For(session));
        }
    }

    void MoveAll(UserId user, GroupKey key, ChannelNotices creations)
    {
        var moved = false;
        foreach (var session in home.Users.Of(user))
        {
            if (session.GroupIn(this) is not { } before || before.Key.Equals(key)) continue;
            Move(session, key, order!, before.Visible, creations);
            moved = true;
        }

        if (moved) home.RefreshUnread(user, id);
    }

    /// <summary>Takes a session into another group, and announces what it sees then and did not see before, and the other way round.</summary>
    public void Move(Session session, GroupKey key, ChannelOrder before, ulong[] seen, ChannelNotices creations)
    {
        var group = GroupOf(key);
        session.Enter(group);
        new ChannelChange(before, seen, order!, group.Visible).Announce(session, creations);
    }

    void RemoveAll(UserId user)
    {
        foreach (var session in home.Users.Of(user))
        {
            // Before READY, which lists the guild, the join goes on and finds the membership gone.
            if (session.BeforeReady is null && Remove(session)) home.Append(session, GuildNotices.Delete(id), Intents.Guilds);
        }
    }

    /// <summary>The guild is no more.</summary>
    void Delete()
    {
        foreach (var session in (Session[])[.. groups.Values.SelectMany(g => g.Sessions.ToArray()), .. joins.Where(j => j.Session.BeforeReady is null).Select(j => j.Session)])
        {
            if (Remove(session)) home.Append(session, GuildNotices.Delete(id), Intents.Guilds);
        }

        order = null;
    }

    /// <summary>The state of the guild could not be read for long: rather than skip events in silence the sessions end, and clients start new ones.</summary>
    void Abandon()
    {
        held.Clear();
        foreach (var session in (Session[])[.. groups.Values.SelectMany(g => g.Sessions.ToArray()), .. joins.Select(j => j.Session)])
            home.End(session, GatewayCloseCode.UnknownError, "The guild cannot be read.");
    }

    void Deliver(EventDispatch dispatch)
    {
        if (!dispatch.HasData) return;
        if (dispatch.Event.Audience is Audience.OfUsers users)
        {
            home.DeliverToUsers(users.Users, dispatch);
            return;
        }

        var reached = 0;
        foreach (var group in groups.Values)
        {
            if (IsFor(group, dispatch.Event.Audience)) reached += group.Deliver(dispatch);
        }

        if (dispatch.Event is { Name: "MESSAGE_CREATE", Message: { Previous: not null } message }) told[message.Channel] = message.Id;
        HoldForJoins(dispatch);
        home.CountDeliveries(reached);
    }

    /// <summary>Keeps an event for those who are on their way into the guild.</summary>
    public void HoldForJoins(EventDispatch dispatch)
    {
        foreach (var join in joins)
            join.Hold(dispatch);
    }

    /// <summary>When all come at once, nothing is kept of what nobody will be told: it would grow with the square of them.</summary>
    public void HoldPresenceForJoins(EventDispatch dispatch)
    {
        foreach (var join in joins)
        {
            if (join.IsToldPresences) join.Hold(dispatch);
        }
    }

    bool IsFor(SessionGroup group, Audience audience) => audience switch
    {
        Audience.OfGuild guild => (group.Permissions & guild.Needed) == guild.Needed,
        Audience.OfChannel channel => Sees(group, channel),
        _ => false,
    };

    bool Sees(SessionGroup group, Audience.OfChannel audience)
    {
        if (audience.Gone is { } gone) return Has(group, gone, audience.Needed);
        if (!order!.Has(group.Visible, audience.Channel)) return false;
        return audience.Needed == Permissions.ViewChannel || Has(group, order.Guild.Channels[audience.Channel], audience.Needed);
    }

    bool Has(SessionGroup group, ChannelRecord channel, Permissions needed) =>
        (order!.Guild.PermissionsIn(channel, group.Key.Individual, group.Key.Roles) & needed) == needed;

    public static GroupKey KeyOf(ChannelOrder order, UserId user, IReadOnlyList<RoleId> roles) => new(order.Individuals.Contains(user) ? user : default, roles);

    public SessionGroup GroupOf(GroupKey key)
    {
        if (groups.TryGetValue(key, out var group)) return group;
        group = new SessionGroup(this, key);
        group.Adopt(order!, order!.VisibleTo(key));
        groups.Add(key, group);
        return group;
    }

    /// <summary>Reads something off the loop; the guild's events wait meanwhile.</summary>
    void Await<T>(Func<CancellationToken, Task<T>> read, Action<T> then)
    {
        waiting = true;
        home.Reads.Start(home.Loop, read, result =>
        {
            waiting = false;
            then(result);
            Resume();
        });
    }

    /// <summary>Goes on with what waits, until something must be read again.</summary>
    void Resume()
    {
        if (waiting) return;
        foreach (var join in joins.Where(j => j.Arrived is not null).ToArray())
        {
            var welcome = join.Arrived!;
            join.Arrived = null;
            if (!Complete(join, welcome)) home.Guilds.Welcome(join);
            if (waiting) return;
        }

        while (!waiting && held.TryPeek(out var dispatch) && (IsMoot(dispatch) || (Refresh() && TryApply(dispatch))))
            held.Dequeue();
        home.Guilds.Tidy(this);
    }

    /// <summary>Nobody is here any more, so that the guild need not be read.</summary>
    bool IsMoot(EventDispatch dispatch)
    {
        if (groups.Count + joins.Count > 0 || dispatch.Event.Effect is SessionEffect.Joined) return false;
        if (dispatch.Event.Audience is Audience.OfUsers) Deliver(dispatch);
        return true;
    }
}
