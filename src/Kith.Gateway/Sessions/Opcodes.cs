using Kith.Engine.Presence;
using Kith.Gateway.Protocol;
using Kith.Gateway.Transport;
using Kith.Protocol;

namespace Kith.Gateway.Sessions;

/// <summary>What an identified client may send: one handler for each opcode.</summary>
static class SessionOpcodes
{
    /// <summary>Requests for members of one session that may be under way.</summary>
    const int MaxMemberRequests = 16;

    static readonly Dictionary<GatewayOpcode, Handler> Table = new()
    {
        [GatewayOpcode.Heartbeat] = Heartbeat,
        [GatewayOpcode.Identify] = AlreadyAuthenticated,
        [GatewayOpcode.PresenceUpdate] = UpdatePresence,
        [GatewayOpcode.VoiceStateUpdate] = Ignore,
        [GatewayOpcode.Resume] = AlreadyAuthenticated,
        [GatewayOpcode.RequestGuildMembers] = RequestMembers,
    };

    delegate void Handler(Session session, GatewayConnection connection, ReadOnlySpan<byte> data);

    public static void Handle(Session session, GatewayConnection connection, ReadOnlySpan<byte> payload)
    {
        if (!InboundPayload.TryRead(payload, out var op, out var data)) connection.Close((int)GatewayCloseCode.DecodeError, "Not a payload.");
        else if (!Table.TryGetValue((GatewayOpcode)op, out var handler)) connection.Close((int)GatewayCloseCode.UnknownOpcode, "Unknown opcode.");
        else handler(session, connection, data);
    }

    static void Heartbeat(Session session, GatewayConnection connection, ReadOnlySpan<byte> data)
    {
        if (!InboundPayload.TryReadSequence(data, out var sequence))
        {
            Refuse(connection);
            return;
        }

        session.Home.OnHeartbeat(session, connection);
        // A number that was never sent confirms nothing.
        if (sequence <= session.Ring.Sent) session.Home.Confirm(session, (int)sequence);
        connection.Send(ControlPayload.HeartbeatAck);
    }

    static void AlreadyAuthenticated(Session session, GatewayConnection connection, ReadOnlySpan<byte> data) =>
        connection.Close((int)GatewayCloseCode.AlreadyAuthenticated, "Already authenticated.");

    static void UpdatePresence(Session session, GatewayConnection connection, ReadOnlySpan<byte> data)
    {
        if (InboundPayload.Parse<ClientPresence>(data) is not { } presence || !ClientPresences.TryRead(presence, session.Client, out var said)) Refuse(connection);
        else session.Home.SetPresence(session, said);
    }

    static void RequestMembers(Session session, GatewayConnection connection, ReadOnlySpan<byte> data)
    {
        if (InboundPayload.Parse<RequestGuildMembers>(data) is not { } request) Refuse(connection);
        else if (session.MemberRequests >= MaxMemberRequests) connection.Close((int)GatewayCloseCode.RateLimited, "Too many requests for members at once.");
        else session.Home.RequestMembers(session, request);
    }

    /// <summary>Voice is not offered; clients that ask for it are not cut off.</summary>
    static void Ignore(Session session, GatewayConnection connection, ReadOnlySpan<byte> data)
    {
    }

    static void Refuse(GatewayConnection connection) => connection.Close((int)GatewayCloseCode.DecodeError, "Malformed data.");
}

/// <summary>What clients say of their presence.</summary>
static class ClientPresences
{
    const int MaxActivities = 16;

    /// <summary>False for a status that there is none of.</summary>
    public static bool TryRead(ClientPresence presence, ClientKind client, out SessionPresence said)
    {
        var known = PresenceNames.TryParse(presence.Status ?? "online", out var status);
        var activities = presence.Activities is { Count: > 0 } all ? Wire.Utf8<IEnumerable<Activity>>(all.Take(MaxActivities)) : null;
        said = SessionPresence.Of(status, client, activities);
        return known;
    }
}
