using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Presence;
using Kith.Gateway.Dispatch;
using Kith.Gateway.Resume;
using Kith.Gateway.Transport;
using Kith.Protocol;

namespace Kith.Gateway.Sessions;

/// <summary>What IDENTIFY settled about a session.</summary>
/// <param name="Login">The token's login: with it the session ends.</param>
/// <param name="Intents">Of a user account: all.</param>
sealed record SessionIdentity(UserId User, AuthSessionId Login, bool IsBot, Intents Intents, Shard Shard, int LargeThreshold)
{
    public ClientKind Client { get; init; }

    /// <summary>Large payloads are compressed one by one.</summary>
    public bool CompressesPayloads { get; init; }
}

/// <summary>Which guilds a session is for; 2^16 shards at most.</summary>
readonly record struct Shard(ushort Id, ushort Count)
{
    public static readonly Shard Whole = new(0, 1);

    public bool Has(GuildId guild) => Count == 1 || (int)((ulong)(guild.Value >> 22) % Count) == Id;

    /// <summary>What belongs to no guild, DMs above all, goes to the first shard.</summary>
    public bool HasPrivate => Id == 0;
}

/// <summary>
/// What a client identified for: the resumable half of a connection, with its place in the guilds and its events in sequence. Outlives connections. Belongs to the
/// thread of its loop. About 200 bytes and 16 for each guild; what can be derived is not kept.
/// </summary>
sealed class Session(LoopSessions home, SessionId id, SessionIdentity identity) : IGatewayConnectionHandler
{
    public readonly LoopSessions Home = home;
    public readonly SessionId Id = id;
    public readonly UserId User = identity.User;
    public readonly AuthSessionId Login = identity.Login;
    public readonly EventRing Ring = new(home.Loop.Rings);
    public readonly Intents Intents = identity.Intents;
    public readonly Shard Shard = identity.Shard;
    public readonly bool IsBot = identity.IsBot;
    public readonly ClientKind Client = identity.Client;
    public readonly bool CompressesPayloads = identity.CompressesPayloads;
    public readonly byte LargeThreshold = (byte)identity.LargeThreshold;

    /// <summary>Under which it began on another node; null for one of this node.</summary>
    public SessionId? Origin;

    /// <summary>Of one that came from another node not long ago: what it was told there.</summary>
    public ToldEvents? Told;

    /// <summary>The session has ended; whoever still holds it does nothing.</summary>
    public bool Ended;

    /// <summary>Requests for members that are being answered.</summary>
    public byte MemberRequests;

    /// <summary>The last presence that reached this session, so that one change reaches it once on however many ways.</summary>
    public int PresenceStamp;

    /// <summary>Grows with each connection lost and regained; tells whether an expiry is still meant.</summary>
    public int Attachment;

    /// <summary>What it last said of itself.</summary>
    public SessionPresence Presence = SessionPresence.Of(PresenceStatus.Online, identity.Client);

    /// <summary>Another session of the same user on this loop.</summary>
    public Session? NextOfUser;

    /// <summary>Until READY is sent: what must follow it.</summary>
    public List<EventDispatch>? BeforeReady = [];

    /// <summary>Guilds whose GUILD_CREATE is on its way; null where there is none.</summary>
    public List<GuildJoin>? Joins;

    /// <summary>Users whose presence it asked for in large guilds; null where there is none.</summary>
    public UserId[]? Watched;

    TaskCompletionSource? drained;
    Membership[] memberships = [];
    int guilds;
    InboundRate rate;

    /// <summary>Nothing waits for a read before it goes into the ring.</summary>
    public bool IsQuiet
    {
        get
        {
            if (BeforeReady is not null || Joins is not null || MemberRequests > 0) return false;
            foreach (var membership in Memberships)
            {
                if (membership.Group.Guild.IsWaiting) return false;
            }

            return true;
        }
    }

    public bool IsConnected => Ring.Connection is not null;

    /// <summary>Whether member and presence events may be told to it.</summary>
    public bool Wants(Intents intents) => intents == Intents.None || (Intents & intents) != Intents.None;

    /// <summary>It asked for such events, and has not been told this one elsewhere.</summary>
    public bool Takes(Event e) => Wants(e.Intents) && !WasTold(e);

    public bool WasTold(Event e) => Told is { } told && told.Has(e);

    public ReadOnlySpan<Membership> Memberships => memberships.AsSpan(0, guilds);

    /// <summary>The group it is in; null where it is no member of the guild.</summary>
    public SessionGroup? GroupIn(GuildSessions guild)
    {
        var at = IndexOf(guild);
        return at < 0 ? null : memberships[at].Group;
    }

    /// <summary>Takes the session into a group, out of the guild's group it was in.</summary>
    public void Enter(SessionGroup group)
    {
        Leave(group.Guild);
        if (guilds == memberships.Length) Array.Resize(ref memberships, Math.Max(4, guilds + (guilds / 2)));
        memberships[guilds++] = new Membership(group, group.Add(this));
    }

    /// <summary>False where it was no member.</summary>
    public bool Leave(GuildSessions guild)
    {
        var at = IndexOf(guild);
        if (at < 0) return false;
        var left = memberships[at];
        memberships[at] = memberships[--guilds];
        memberships[guilds] = default;
        if (left.Group.RemoveAt(left.Index) is { } moved) moved.MovedTo(left.Group, left.Index);
        return true;
    }

    /// <summary>Once a client has read so much that more may be put into its ring, or has gone: for answers of many megabytes.</summary>
    public Task Drained(int pendingBytes)
    {
        if (Ended || Ring.Connection is not { IsOpen: true } connection || Ring.PendingBytes <= pendingBytes) return Task.CompletedTask;
        connection.NotifyWhenFlushed = true;
        return (drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    public void OnOpened(GatewayConnection connection)
    {
        // Connections come here after IDENTIFY or RESUME.
    }

    public void OnPayload(GatewayConnection connection, ReadOnlySpan<byte> payload)
    {
        if (!rate.Allows(Home.Seconds)) connection.Close((int)GatewayCloseCode.RateLimited, "Too many payloads a minute.");
        else SessionOpcodes.Handle(this, connection, payload);
    }

    public void OnDeadline(GatewayConnection connection) => connection.Close((int)GatewayCloseCode.SessionTimedOut, "No heartbeat.");

    public void OnOverflow(GatewayConnection connection) => connection.Close((int)GatewayCloseCode.UnknownError, "Events come faster than they are read.");

    public void OnFlushed(GatewayConnection connection)
    {
        ForgetReady();
        GuildStandIns.Put(Ring);
        OnDrained();
    }

    public void OnClosed(GatewayConnection connection, ConnectionClose close)
    {
        OnDrained();
        Home.OnConnectionLost(this, close);
    }

    public void OnDrained()
    {
        drained?.SetResult();
        drained = null;
    }

    /// <summary>READY, which is first, tells the session's id: nobody who has not read it can resume, so nobody needs it again. It would be most of what an idle session holds.</summary>
    void ForgetReady()
    {
        if (Ring.Floor == 0) Ring.Acknowledge(1);
    }

    void MovedTo(SessionGroup group, int index)
    {
        var at = IndexOf(group.Guild);
        memberships[at] = new Membership(group, index);
    }

    int IndexOf(GuildSessions guild)
    {
        for (var i = 0; i < guilds; i++)
        {
            if (memberships[i].Group.Guild == guild) return i;
        }

        return -1;
    }
}

/// <summary>A session's place in a guild.</summary>
/// <param name="Index">Where the group's array has the session.</param>
readonly record struct Membership(SessionGroup Group, int Index);
