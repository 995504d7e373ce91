using Kith.Domain;
using Kith.Gateway.Protocol;
using Kith.Gateway.Sessions;
using Kith.Gateway.Transport;

namespace Kith.Gateway.Resume;

/// <summary>Says of which guild a GUILD_CREATE in a ring is, and what stands there once it has been sent. One for each guild and loop.</summary>
sealed class GuildMark(GuildId guild)
{
    OutboundEvent? standIn;

    public GuildId Guild => guild;

    /// <summary>Never sent: before a RESUME that needs it the guild is made anew.</summary>
    public OutboundEvent StandIn => standIn ??= OutboundEvent.Create("", "null"u8, this);
}

/// <summary>
/// GUILD_CREATE is most of what a session is sent when it begins (tens of KB a guild), and nothing afterwards: kept until the first heartbeat for the client
/// that loses its line within the first minute, it would be most of a node's memory after a restart. So when it has left, a mark takes its place in the ring.
/// </summary>
static class GuildStandIns
{
    public static void Append(Session session, OutboundEvent creation)
    {
        session.Ring.Append(creation);
        if (session.Ring.Connection is { } connection) connection.NotifyWhenFlushed = true;
    }

    /// <summary>For all that has been sent.</summary>
    public static void Put(EventRing ring)
    {
        for (var sequence = ring.Floor + 1; sequence <= ring.Sent; sequence++)
        {
            if (ring[sequence] is { Subject: GuildMark mark } sent && sent != mark.StandIn) ring.Replace(sequence, mark.StandIn);
        }
    }

    /// <summary>Those that a client needs who has everything up to a number.</summary>
    public static IReadOnlyList<(int Sequence, GuildMark Mark)> After(EventRing ring, int sequence)
    {
        List<(int, GuildMark)>? found = null;
        for (var at = Math.Max(sequence, ring.Floor) + 1; at <= ring.Head; at++)
        {
            if (ring[at] is { Subject: GuildMark mark } held && held == mark.StandIn) (found ??= []).Add((at, mark));
        }

        return found ?? (IReadOnlyList<(int, GuildMark)>)[];
    }
}
