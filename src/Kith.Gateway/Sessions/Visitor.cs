using Kith.Engine.Accounts;
using Kith.Gateway.Dispatch;
using Kith.Gateway.Protocol;
using Kith.Gateway.Resume;
using Kith.Gateway.Transport;
using Kith.Protocol;

namespace Kith.Gateway.Sessions;

/// <summary>What the handshake said.</summary>
/// <param name="Address">How clients reach this node: scheme, host and port, for READY's <c>resume_gateway_url</c>.</param>
/// <param name="Refusal">Why the connection will be closed as soon as it is open.</param>
sealed record Handshake(string Address, int Version, GatewayCloseCode? Refusal);

/// <summary>A connection that has not identified yet, or whose RESUME was refused. Belongs to the thread of the connection's loop; gives way to a <see cref="Session"/>.</summary>
sealed class Visitor(GatewayNode node, SessionStarter starter, Handshake handshake) : IGatewayConnectionHandler
{
    InboundRate rate;
    Arrival? arrival;

    public GatewayNode Node => node;

    public Handshake Handshake => handshake;

    /// <summary>IDENTIFY or RESUME is being worked on.</summary>
    public bool IsBusy { get; private set; }

    public void OnOpened(GatewayConnection connection)
    {
        if (arrival is { } resume)
        {
            arrival = null;
            Resume(connection, resume.Principal, resume.Session, resume.Sequence);
            return;
        }

        connection.Send(node.Hello);
        if (handshake.Refusal is { } refusal) connection.Close((int)refusal, "The gateway speaks version 9 and 10, in JSON.");
        else connection.SetDeadline(node.HeartbeatTimeout);
    }

    public void OnPayload(GatewayConnection connection, ReadOnlySpan<byte> payload)
    {
        if (!rate.Allows(node.Seconds)) connection.Close((int)GatewayCloseCode.RateLimited, "Too many payloads a minute.");
        else VisitorOpcodes.Handle(this, connection, payload);
    }

    public void OnDeadline(GatewayConnection connection) => connection.Close((int)GatewayCloseCode.SessionTimedOut, "Nobody identified.");

    public void OnOverflow(GatewayConnection connection) => connection.Close((int)GatewayCloseCode.UnknownError, "Answers are not read.");

    public void OnClosed(GatewayConnection connection, ConnectionClose close) => node.Metrics.Closed(close);

    public void Identify(GatewayConnection connection, Identify identify)
    {
        IsBusy = true;
        starter.Begin(this, connection, identify);
    }

    public void BeginResume(GatewayConnection connection, ResumeRequest resume)
    {
        IsBusy = true;
        starter.Begin(this, connection, resume);
    }

    /// <summary>The client must identify (again), on this connection or a new one.</summary>
    public void Invalidate(GatewayConnection connection)
    {
        IsBusy = false;
        connection.Handler = this;
        connection.Send(ControlPayload.InvalidSession);
        connection.SetDeadline(node.HeartbeatTimeout);
    }

    /// <summary>Goes to the loop where the session lives, and takes it up there.</summary>
    public void Resume(GatewayConnection connection, Principal principal, SessionId id, long sequence)
    {
        if (!connection.IsOpen) return;
        if (node.Home(id) is not { } home)
        {
            Invalidate(connection);
        }
        else if (home.Loop != connection.Loop)
        {
            arrival = new Arrival(principal, id, sequence);
            connection.MoveTo(home.Loop, this);
        }
        else
        {
            Resume(connection, home, home.Find(id), principal, sequence);
        }
    }

    void Resume(GatewayConnection connection, LoopSessions home, Session? session, Principal principal, long sequence)
    {
        // Another account's session is answered like one that does not exist.
        if (session is null || session.User != principal.Id || session.Login != principal.Session || session.BeforeReady is not null)
        {
            Invalidate(connection);
            return;
        }

        switch (home.Resume(session, connection, sequence, () => Resume(connection, principal, session.Id, sequence)))
        {
            case ResumeOutcome.TooOld:
                Invalidate(connection);
                break;
            case ResumeOutcome.FromFuture:
                connection.Close((int)GatewayCloseCode.InvalidSequence, "That event was never sent.");
                break;
        }
    }

    sealed record Arrival(Principal Principal, SessionId Session, long Sequence);
}

/// <summary>What a client may send before it has identified: one handler for each opcode.</summary>
static class VisitorOpcodes
{
    static readonly Dictionary<GatewayOpcode, Handler> Table = new()
    {
        [GatewayOpcode.Heartbeat] = Heartbeat,
        [GatewayOpcode.Identify] = Identify,
        [GatewayOpcode.PresenceUpdate] = NotAuthenticated,
        [GatewayOpcode.VoiceStateUpdate] = NotAuthenticated,
        [GatewayOpcode.Resume] = Resume,
        [GatewayOpcode.RequestGuildMembers] = NotAuthenticated,
    };

    delegate void Handler(Visitor visitor, GatewayConnection connection, ReadOnlySpan<byte> data);

    public static void Handle(Visitor visitor, GatewayConnection connection, ReadOnlySpan<byte> payload)
    {
        if (!InboundPayload.TryRead(payload, out var op, out var data)) connection.Close((int)GatewayCloseCode.DecodeError, "Not a payload.");
        else if (!Table.TryGetValue((GatewayOpcode)op, out var handler)) connection.Close((int)GatewayCloseCode.UnknownOpcode, "Unknown opcode.");
        else handler(visitor, connection, data);
    }

    /// <summary>Answered, but does not make the wait for IDENTIFY longer.</summary>
    static void Heartbeat(Visitor visitor, GatewayConnection connection, ReadOnlySpan<byte> data)
    {
        if (InboundPayload.TryReadSequence(data, out _)) connection.Send(ControlPayload.HeartbeatAck);
        else Refuse(connection);
    }

    static void Identify(Visitor visitor, GatewayConnection connection, ReadOnlySpan<byte> data)
    {
        if (visitor.IsBusy) connection.Close((int)GatewayCloseCode.AlreadyAuthenticated, "Already authenticating.");
        else if (InboundPayload.Parse<Identify>(data) is not { } identify) Refuse(connection);
        else visitor.Identify(connection, identify);
    }

    static void Resume(Visitor visitor, GatewayConnection connection, ReadOnlySpan<byte> data)
    {
        if (visitor.IsBusy) connection.Close((int)GatewayCloseCode.AlreadyAuthenticated, "Already authenticating.");
        else if (InboundPayload.Parse<ResumeRequest>(data) is not { } resume) Refuse(connection);
        else visitor.BeginResume(connection, resume);
    }

    static void NotAuthenticated(Visitor visitor, GatewayConnection connection, ReadOnlySpan<byte> data) =>
        connection.Close((int)GatewayCloseCode.NotAuthenticated, "Not authenticated.");

    static void Refuse(GatewayConnection connection) => connection.Close((int)GatewayCloseCode.DecodeError, "Malformed data.");
}
