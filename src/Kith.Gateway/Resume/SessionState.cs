using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Presence;
using Kith.Gateway.Protocol;
using Kith.Gateway.Sessions;
using Kith.Gateway.Transport;
using Kith.Protocol;

namespace Kith.Gateway.Resume;

/// <summary>What a session is, as one gateway node tells another before it gives it away.</summary>
sealed record SessionOutline(SessionIdentity Identity, IReadOnlyList<GuildId> Guilds)
{
    public static SessionOutline Of(Session session) => new(
        new SessionIdentity(session.User, session.Login, session.IsBot, session.Intents, session.Shard, session.LargeThreshold)
        {
            Client = session.Client, CompressesPayloads = session.CompressesPayloads,
        },
        [.. session.Memberships.ToArray().Select(m => m.Group.Guild.Id)]);

    public byte[] Write()
    {
        using var bytes = new MemoryStream();
        using var to = new BinaryWriter(bytes);
        to.Write(Identity.User.Value);
        to.Write(Identity.Login.Value);
        to.Write(Identity.IsBot);
        to.Write((int)Identity.Intents);
        to.Write(Identity.Shard.Id);
        to.Write(Identity.Shard.Count);
        to.Write((byte)Identity.LargeThreshold);
        to.Write((byte)Identity.Client);
        to.Write(Identity.CompressesPayloads);
        to.Write7BitEncodedInt(Guilds.Count);
        foreach (var guild in Guilds)
            to.Write(guild.Value);
        return bytes.ToArray();
    }

    public static SessionOutline Read(byte[] bytes)
    {
        using var from = new BinaryReader(new MemoryStream(bytes, writable: false));
        var (user, login, isBot, intents) = (new UserId(from.ReadInt64()), new AuthSessionId(from.ReadInt64()), from.ReadBoolean(), (Intents)from.ReadInt32());
        var identity = new SessionIdentity(user, login, isBot, intents, new Shard(from.ReadUInt16(), from.ReadUInt16()), from.ReadByte())
        {
            Client = (ClientKind)from.ReadByte(), CompressesPayloads = from.ReadBoolean(),
        };
        return new SessionOutline(identity, [.. Enumerable.Range(0, from.Read7BitEncodedInt()).Select(_ => new GuildId(from.ReadInt64()))]);
    }
}

/// <summary>An event of a ring on its way to another node.</summary>
/// <param name="Json">As it is framed, but for the sequence number.</param>
/// <param name="Guild">Of a GUILD_CREATE, or what stands in for it.</param>
/// <param name="IsStandIn">It stands in for one that has been sent.</param>
/// <param name="Message">Of a private message: for its receipts.</param>
sealed record RingEvent(byte[] Json, GuildId? Guild, bool IsStandIn, MessageStamp? Message);

/// <summary>A session as it is given away: its ring from the last confirmed event on, and what it was told.</summary>
sealed record SessionState(int Floor, int Sent, IReadOnlyList<RingEvent> Events, SessionPresence Presence, IReadOnlyList<UserId> Watched, ToldEvents Told)
{
    public static SessionState Of(Session session, ToldEvents told)
    {
        var ring = session.Ring;
        return new SessionState(
            ring.Floor, ring.Sent, [.. Enumerable.Range(ring.Floor + 1, ring.HeldEvents).Select(at => Of(ring[at]))], session.Presence, session.Watched ?? [], told);
    }

    public byte[] Write()
    {
        using var bytes = new MemoryStream();
        using var to = new BinaryWriter(bytes);
        to.Write(Floor);
        to.Write(Sent);
        to.Write((byte)Presence.Status);
        to.Write((byte)Presence.Client);
        WriteBytes(to, Presence.Activities);
        to.Write7BitEncodedInt(Watched.Count);
        foreach (var user in Watched)
            to.Write(user.Value);
        Told.Write(to);
        to.Write7BitEncodedInt(Events.Count);
        foreach (var held in Events)
            Write(to, held);
        return bytes.ToArray();
    }

    public static SessionState Read(byte[] bytes)
    {
        using var from = new BinaryReader(new MemoryStream(bytes, writable: false));
        var (floor, sent) = (from.ReadInt32(), from.ReadInt32());
        var presence = SessionPresence.Of((PresenceStatus)from.ReadByte(), (ClientKind)from.ReadByte(), ReadBytes(from));
        UserId[] watched = [.. Enumerable.Range(0, from.Read7BitEncodedInt()).Select(_ => new UserId(from.ReadInt64()))];
        var told = ToldEvents.Read(from);
        return new SessionState(floor, sent, [.. Enumerable.Range(0, from.Read7BitEncodedInt()).Select(_ => ReadEvent(from))], presence, watched, told);
    }

    static RingEvent Of(OutboundEvent held) => held.Subject switch
    {
        GuildMark mark => new RingEvent(held.Json, mark.Guild, held == mark.StandIn, null),
        MessageStamp message => new RingEvent(held.Json, null, false, message),
        _ => new RingEvent(held.Json, null, false, null),
    };

    static void Write(BinaryWriter to, RingEvent held)
    {
        to.Write((byte)(held.Guild is not null ? held.IsStandIn ? 2 : 1 : held.Message is not null ? 3 : 0));
        WriteBytes(to, held.Json);
        if (held.Guild is { } guild) to.Write(guild.Value);
        if (held.Message is not { } message) return;
        to.Write(message.Channel.Value);
        to.Write(message.Id.Value);
        to.Write(message.Author.Value);
    }

    static RingEvent ReadEvent(BinaryReader from)
    {
        var (kind, json) = (from.ReadByte(), ReadBytes(from));
        return kind switch
        {
            1 or 2 => new RingEvent(json, new GuildId(from.ReadInt64()), kind == 2, null),
            // Of private messages only what receipts ask for.
            3 => new RingEvent(json, null, false, new MessageStamp(new ChannelId(from.ReadInt64()), new MessageId(from.ReadInt64()), new UserId(from.ReadInt64()), IsPrivate: true, [])),
            _ => new RingEvent(json, null, false, null),
        };
    }

    static void WriteBytes(BinaryWriter to, byte[] bytes)
    {
        to.Write7BitEncodedInt(bytes.Length);
        to.Write(bytes);
    }

    static byte[] ReadBytes(BinaryReader from) => from.ReadBytes(from.Read7BitEncodedInt());
}
