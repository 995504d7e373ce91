using System.Buffers.Text;
using System.Text;
using Kith.Load.Measures;
using Kith.Load.Wire;

namespace Kith.Load.Sessions;

/// <summary>Discord's gateway, version 10, JSON without compression.</summary>
internal sealed class KithDialect : Dialect
{
    /// <summary>GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT: what makes messages arrive, and no more.</summary>
    const int Intents = 1 | (1 << 9) | (1 << 12) | (1 << 15);

    readonly DispatchCache _cache = new(DispatchScanner.Read);
    readonly Dictionary<int, Handler> _handlers;
    int _presences;

    public KithDialect() => _handlers = new() { [1] = OnHeartbeatAsked, [7] = OnReconnect, [9] = OnInvalidSession, [10] = OnHello, [11] = OnHeartbeatAnswered };

    delegate void Handler(SessionLoop loop, int session, ReadOnlySpan<byte> data);

    public override string Path(SessionLoop loop, int session) => "/?v=10&encoding=json";

    /// <summary>HELLO comes first.</summary>
    public override void OnOpen(SessionLoop loop, int session)
    {
    }

    public override void OnMessage(SessionLoop loop, int session, ReadOnlySpan<byte> message, long now)
    {
        var dispatch = _cache.Read(message);
        if (dispatch.Op != 0)
        {
            if (_handlers.TryGetValue(dispatch.Op, out var handler)) handler(loop, session, JsonSpan.Find(message, "d"u8));
            return;
        }

        ref var state = ref loop.Sessions[session];
        if (dispatch.Sequence != state.Sequence + 1) loop.SequenceBreaks++;
        state.Sequence = dispatch.Sequence;
        if (dispatch.Kind == EventKind.Message)
        {
            loop.Take(session, dispatch.Message, message.Length, now);
            return;
        }

        loop.Receiver.Others++;
        loop.Receiver.OtherBytes += message.Length;
        if (dispatch.Kind == EventKind.Resumed) loop.Ready(session);
        else if (dispatch.Kind == EventKind.Ready) OnReady(loop, session, JsonSpan.Find(message, "d"u8));
    }

    public override void OnHeartbeatDue(SessionLoop loop, int session)
    {
        ref var state = ref loop.Sessions[session];
        if (state.Traits.HasFlag(SessionTraits.HeartbeatUnanswered) && !state.Traits.HasFlag(SessionTraits.Stalled))
        {
            loop.Lose(session, "heartbeat not answered");
            return;
        }

        state.Traits |= SessionTraits.HeartbeatUnanswered;
        Span<byte> text = stackalloc byte[40];
        "{\"op\":1,\"d\":"u8.CopyTo(text);
        Utf8Formatter.TryFormat(state.Sequence, text[12..], out var digits);
        text[12 + digits] = (byte)'}';
        loop.Send(session, Opcode.Text, text[..(13 + digits)]);
    }

    public override void SetPresence(SessionLoop loop, int session)
    {
        var status = (_presences++ % 3) switch { 0 => "online", 1 => "idle", _ => "dnd" };
        loop.Send(session, Opcode.Text, Encoding.ASCII.GetBytes($"{{\"op\":3,\"d\":{{\"since\":null,\"activities\":[],\"status\":\"{status}\",\"afk\":false}}}}"));
    }

    static void OnHello(SessionLoop loop, int session, ReadOnlySpan<byte> data)
    {
        ref var state = ref loop.Sessions[session];
        if (Utf8Parser.TryParse(JsonSpan.Find(data, "heartbeat_interval"u8), out int interval, out _)) state.HeartbeatMilliseconds = interval;
        if (state.ResumeId is null) Identify(loop, session);
        else Resume(loop, session);
    }

    static void Identify(SessionLoop loop, int session)
    {
        loop.Sessions[session].Sequence = 0;
        loop.Send(session, Opcode.Text, Encoding.ASCII.GetBytes(
            $"{{\"op\":2,\"d\":{{\"token\":\"{loop.Token(session)}\",\"intents\":{Intents},\"properties\":{{\"os\":\"linux\",\"browser\":\"kith-load\",\"device\":\"kith-load\"}}}}}}"));
    }

    static void Resume(SessionLoop loop, int session)
    {
        ref var state = ref loop.Sessions[session];
        loop.Send(session, Opcode.Text, Encoding.ASCII.GetBytes(
            $"{{\"op\":6,\"d\":{{\"token\":\"{loop.Token(session)}\",\"session_id\":\"{Encoding.ASCII.GetString(state.ResumeId!)}\",\"seq\":{state.Sequence}}}}}"));
    }

    static void OnReady(SessionLoop loop, int session, ReadOnlySpan<byte> data)
    {
        loop.Sessions[session].ResumeId = JsonSpan.Find(data, "session_id"u8).ToArray();
        loop.Ready(session);
    }

    static void OnHeartbeatAsked(SessionLoop loop, int session, ReadOnlySpan<byte> data) => loop.Beat(session);

    static void OnHeartbeatAnswered(SessionLoop loop, int session, ReadOnlySpan<byte> data) =>
        loop.Sessions[session].Traits &= ~SessionTraits.HeartbeatUnanswered;

    static void OnReconnect(SessionLoop loop, int session, ReadOnlySpan<byte> data) => loop.Lose(session, "op 7: asked to reconnect");

    /// <summary>With true the session may still be resumed; else it is gone, what came meanwhile is missed, and the same socket may identify anew.</summary>
    static void OnInvalidSession(SessionLoop loop, int session, ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("true"u8))
        {
            loop.Lose(session, "op 9: resume later");
            return;
        }

        ref var state = ref loop.Sessions[session];
        state.ResumeId = null;
        state.Traits |= SessionTraits.Gap;
        loop.InvalidSessions++;
        Identify(loop, session);
    }
}
