using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Presence;
using Kith.Gateway.Protocol;
using Kith.Gateway.Resume;
using Kith.Gateway.Sessions;
using Kith.Gateway.Transport;
using Kith.Protocol;

namespace Kith.Gateway.Dispatch;

/// <summary>All that one loop knows of sessions, and the one place where they begin, lose their connection, and end. Belongs to the loop's thread.</summary>
sealed class LoopSessions
{
    readonly SessionTable table;
    readonly DetachedSessions detached;
    readonly Newcomers newcomers;
    readonly RecentPrivateMessages recent = new();

    // Sessions that came from other nodes, by the names that their clients know.
    readonly Dictionary<SessionId, Session> adopted = [];

    public LoopSessions(GatewayNode node, GatewayLoop loop)
    {
        (Node, Loop) = (node, loop);
        table = new SessionTable(loop.Index);
        detached = new DetachedSessions(this);
        newcomers = new Newcomers(this);
        Guilds = new GuildIndex(this);
        Presences = new PresenceDispatch(this);
        loop.AddTicker(_ => detached.Expire());
        loop.AddTicker(_ => newcomers.Expire());
    }

    public GatewayNode Node { get; }

    public GatewayLoop Loop { get; }

    public UserSessions Users { get; } = new();

    public GuildIndex Guilds { get; }

    public PresenceDispatch Presences { get; }

    public GuildReads Reads => Node.Engine.Guilds;

    /// <summary>Whole seconds since the gateway began; does not go back.</summary>
    public int Seconds => Node.Seconds;

    public int Count => table.Count;

    /// <summary>Takes an event that was published: applies what it changes, then hands it to whom it is for.</summary>
    public void Process(EventDispatch dispatch)
    {
        switch (dispatch.Event.Effect)
        {
            case SessionEffect.Revoked revoked:
                Revoke(revoked);
                break;
            case SessionEffect.WatchChanged { Watches: true } watch:
                Presences.Tell(watch.User, watch.Other);
                Presences.Tell(watch.Other, watch.User);
                break;
        }

        if (dispatch.Guild is { } guild) Guilds.Process(guild, dispatch);
        else if (dispatch.Event.Audience is Audience.OfUsers users) DeliverToUsers(users.Users, dispatch);
        else if (dispatch.Event.Audience is Audience.OfWatchers watchers) Presences.Deliver(watchers, dispatch);
    }

    public void DeliverToUsers(IReadOnlyList<UserId> users, EventDispatch dispatch)
    {
        if (!dispatch.HasData) return;
        if (dispatch.Event is { Name: "MESSAGE_CREATE", Message: { Previous: not null } message }) recent.Add(message, users, Node.Lately);
        var reached = 0;
        foreach (var user in users)
        {
            foreach (var session in Users.Of(user))
            {
                if (!session.Shard.HasPrivate || !session.Takes(dispatch.Event)) continue;
                if (session.BeforeReady is { } waiting) waiting.Add(dispatch);
                else session.Ring.Append(dispatch.For(session));
                reached++;
            }
        }

        CountDeliveries(reached);
    }

    public void Append(Session session, OutboundEvent outbound, Intents intents)
    {
        if (!session.Ended && session.Wants(intents)) session.Ring.Append(outbound);
    }

    public void CountDeliveries(int sessions) => Node.Metrics.Delivered(sessions);

    /// <summary>A user's marks in a guild may count differently now: they are told anew, off the loop.</summary>
    public void RefreshUnread(UserId user, GuildId guild)
    {
        foreach (var session in Users.Of(user))
        {
            if (session.IsBot) return;
        }

        Reads.RefreshUnread(this, user, guild);
    }

    /// <summary>A session for a client that has identified. Events for its user are kept from now on, to follow READY.</summary>
    public Session Begin(SessionIdentity identity, GatewayConnection connection)
    {
        var session = table.Add(id => new Session(this, id, identity));
        Users.Add(session);
        Node.Engine.Roster.Host(session.User);
        Connect(session, connection);
        return session;
    }

    /// <summary>READY, and what happened since its state was read.</summary>
    public void SendReady(Session session, OutboundEvent ready, SessionPresence presence)
    {
        if (session.Ended) return;
        session.Ring.Append(ready);
        if (session.Ring.Connection is { } connection) connection.NotifyWhenFlushed = true;
        SetPresence(session, presence);
        Node.Metrics.Began();
        var followers = session.BeforeReady!;
        session.BeforeReady = null;
        foreach (var dispatch in followers)
        {
            if (dispatch.Event.Effect is SessionEffect.Joined joined && joined.User == session.User) Guilds.JoinLater(session, joined.Guild, dispatch);
            if (IsForSelf(dispatch, session.User)) Append(session, dispatch.For(session), dispatch.Event.Intents);
        }
    }

    /// <summary>Lets events leave through a connection and hears what comes from it.</summary>
    public void Connect(Session session, GatewayConnection connection)
    {
        session.Attachment++;
        if (session.CompressesPayloads) connection.CompressPayloads();
        session.Ring.Attach(connection);
        connection.Handler = session;
        connection.SetDeadline(Node.HeartbeatTimeout);
    }

    /// <summary>Takes up a session where its client has lost it. The connection must belong to this loop.</summary>
    /// <param name="again">Called when <see cref="ResumeOutcome.Later"/> is over, to try once more.</param>
    public ResumeOutcome Resume(Session session, GatewayConnection connection, long sequence, Action again)
    {
        if (sequence > session.Ring.Sent) return ResumeOutcome.FromFuture;
        if (sequence < session.Ring.Floor) return ResumeOutcome.TooOld;
        if (session.Ring.Connection is { } old)
        {
            session.Ring.Detach();
            Lose(session);
            old.Handler = FormerConnection.Instance;
            old.Close((int)GatewayCloseCode.SessionTimedOut, "The session was resumed by another connection.");
        }

        if (GuildStandIns.After(session.Ring, (int)sequence) is { Count: > 0 } standIns)
        {
            Restore(session, standIns, again);
            return ResumeOutcome.Later;
        }

        Node.Engine.Receipts.Note(session.User, session.Ring, (int)sequence);
        if (!session.Ring.Rewind((int)sequence)) throw new InvalidOperationException("The ring refuses what it just held.");
        Connect(session, connection);
        session.Ring.Append(GuildNotices.Resumed);
        SetPresence(session, session.Presence);
        return ResumeOutcome.Resumed;
    }

    /// <summary>Makes GUILD_CREATE again where a stand-in was kept of it. It then shows the guild as it is now, so marks are told anew as well.</summary>
    void Restore(Session session, IReadOnlyList<(int Sequence, GuildMark Mark)> standIns, Action then)
    {
        var requests = standIns.Select(s => (s.Sequence, Request: WelcomeRequest.Of(session, s.Mark))).ToArray();
        Reads.Start(Loop, async ct =>
        {
            List<(int Sequence, GuildMark Mark, OutboundEvent? Creation)> made = new(requests.Length);
            foreach (var (sequence, request) in requests)
                made.Add((sequence, request.Mark, (await Node.Engine.Welcomes.MakeAsync(request, ct)).Create));
            return made;
        }, made =>
        {
            foreach (var (sequence, mark, creation) in made)
            {
                if (session.Ended || sequence <= session.Ring.Floor) continue;
                // Who has left the guild meanwhile is told so by the event that follows.
                session.Ring.Replace(sequence, creation ?? GuildNotices.Delete(mark.Guild));
                RefreshUnread(session.User, mark.Guild);
            }

            then();
        });
    }

    public void OnHeartbeat(Session session, GatewayConnection connection)
    {
        if (session.IsConnected) connection.SetDeadline(Node.HeartbeatTimeout);
    }

    /// <summary>The client has everything up to this number.</summary>
    public void Confirm(Session session, int sequence)
    {
        Node.Engine.Receipts.Note(session.User, session.Ring, sequence);
        session.Ring.Acknowledge(sequence);
    }

    public Session? Find(SessionId id) => table.Find(id) ?? adopted.GetValueOrDefault(id);

    /// <summary>Makes room for a session that is still on another node: its events are kept from now on.</summary>
    public AdoptedSession Adopt(SessionId origin, SessionOutline outline)
    {
        var session = table.Add(id => new Session(this, id, outline.Identity) { Origin = origin });
        Users.Add(session);
        Node.Engine.Roster.Host(session.User);
        return new AdoptedSession(session, Guilds.JoinInitial(session, outline.Guilds, isMove: true));
    }

    /// <summary>The session is here: what it was told there, then what waited for it. It has no connection yet.</summary>
    public void Restore(Session session, SessionState state)
    {
        if (session.Ended) return;
        session.Ring.Restore(state.Floor, state.Sent, [.. state.Events.Select(Restored)]);
        session.Presence = state.Presence;
        Presences.Watch(session, state.Watched);
        newcomers.Add(session, state.Told);
        adopted[session.Origin!.Value] = session;
        Node.OnAdopted(session.Origin.Value, this);
        var followers = session.BeforeReady!;
        session.BeforeReady = null;
        foreach (var dispatch in followers.Where(d => !session.WasTold(d.Event)))
        {
            if (dispatch.Event.Effect is SessionEffect.Joined joined && joined.User == session.User) Guilds.JoinLater(session, joined.Guild, dispatch);
            if (IsForSelf(dispatch, session.User)) Append(session, dispatch.For(session), dispatch.Event.Intents);
        }

        Lose(session);
    }

    /// <summary>What it has been told, here and before. Nothing of its guilds may be waiting.</summary>
    /// <param name="progress">How far this loop has taken events off the log.</param>
    public ToldEvents ToldTo(Session session, IReadOnlyList<LogPosition> progress)
    {
        var lately = Node.Lately;
        var messages = new Dictionary<ChannelId, MessageId>();
        foreach (var membership in session.Memberships)
        {
            foreach (var (channel, id) in membership.Group.Guild.Told)
            {
                if (id > lately) messages[channel] = id;
            }
        }

        foreach (var message in recent.Of(session.User))
            messages[message.Channel] = message.Id;
        return new ToldEvents(lately, progress, messages).After(session.Told);
    }

    /// <summary>The session goes to another node, and its connection, if it still has one, ends.</summary>
    public void GiveAway(Session session)
    {
        if (session.Ring.Connection is { } old)
        {
            session.Ring.Detach();
            old.Handler = FormerConnection.Instance;
            old.Close((int)GatewayCloseCode.SessionTimedOut, "The session was resumed at another node.");
        }

        End(session);
    }

    OutboundEvent Restored(RingEvent held)
    {
        if (held.Guild is not { } id) return OutboundEvent.FromJson(held.Json, held.Message);
        var mark = Guilds.Find(id)?.Mark ?? new GuildMark(id);
        return held.IsStandIn ? mark.StandIn : OutboundEvent.FromJson(held.Json, mark);
    }

    public void SetPresence(Session session, SessionPresence presence)
    {
        session.Presence = presence;
        if (session.IsConnected) Node.Engine.Roster.Connect(session.User, (long)session.Id.Low, presence);
    }

    public void RequestMembers(Session session, RequestGuildMembers request)
    {
        session.MemberRequests++;
        Node.Engine.Members.Begin(session, request);
    }

    /// <summary>The session goes on without a client for a while, unless the client said good-bye.</summary>
    public void OnConnectionLost(Session session, ConnectionClose close)
    {
        Node.Metrics.Closed(close);
        if (session.Ended) return;
        if (close is { End: ConnectionEnd.Client, Code: (int)GatewayCloseCode.Normal or (int)GatewayCloseCode.GoingAway } || session.BeforeReady is not null) End(session);
        else Lose(session);
    }

    /// <summary>The session is no more, and its connection, if it has one, is closed with this code.</summary>
    public void End(Session session, GatewayCloseCode code, string reason)
    {
        var connection = session.Ring.Connection;
        End(session);
        connection?.Close((int)code, reason);
    }

    /// <summary>Events for this node were lost: whoever is here begins anew.</summary>
    public void EndAll()
    {
        foreach (var session in table.All())
        {
            session.Ring.Connection?.Send(ControlPayload.Reconnect);
            End(session, GatewayCloseCode.UnknownError, "The session cannot go on.");
        }
    }

    public void End(Session session)
    {
        if (session.Ended) return;
        session.Ended = true;
        session.Told = null;
        table.Remove(session);
        if (session.Origin is { } origin && adopted.Remove(origin)) Node.OnLeft(origin);
        Users.Remove(session);
        session.Ring.Clear();
        session.OnDrained();
        Presences.Unwatch(session);
        foreach (var join in session.Joins?.ToArray() ?? [])
            Leave(session, join.Guild);
        foreach (var membership in session.Memberships.ToArray())
            Leave(session, membership.Group.Guild);
        Node.Engine.Roster.Disconnect(session.User, (long)session.Id.Low);
        Node.Engine.Roster.Unhost(session.User);
    }

    void Lose(Session session)
    {
        // First what belongs to the loop: whoever sees the user offline may count on the session's time running.
        detached.Add(session);
        Node.Engine.Roster.Disconnect(session.User, (long)session.Id.Low);
    }

    static bool IsForSelf(EventDispatch dispatch, UserId user) => dispatch.HasData && dispatch.Event.Audience switch
    {
        Audience.OfUsers users => users.Users.Contains(user),
        Audience.OfWatchers => true,
        _ => false,
    };

    void Leave(Session session, GuildSessions guild)
    {
        guild.Remove(session);
        Guilds.Tidy(guild);
    }

    void Revoke(SessionEffect.Revoked revoked)
    {
        foreach (var session in Users.Of(revoked.User))
        {
            if (revoked.Session is { } login ? session.Login == login : session.Login != revoked.Keep)
                End(session, GatewayCloseCode.AuthenticationFailed, "The login has ended.");
        }
    }
}
