using System.Text;
using Kith.Load.Wire;

namespace Kith.Load.Sessions;

/// <summary>
/// As much of SignalR's JSON hub protocol as a receiver needs: handshake, one Join invocation per channel, invocations received, pings both ways.
/// Records end with 0x1e and may share a WebSocket message.
/// </summary>
internal sealed class SignalRDialect : Dialect
{
    const byte RecordEnd = 0x1e;

    /// <summary>SignalR's client default; its server gives up after 30 s of silence.</summary>
    const int PingMilliseconds = 15_000;

    readonly DispatchCache _cache = new(Read);

    public override string Path(SessionLoop loop, int session) => "/hub";

    /// <summary>The session's sequence number counts the channels joined.</summary>
    public override void OnOpen(SessionLoop loop, int session)
    {
        loop.Sessions[session].Sequence = 0;
        loop.Send(session, Opcode.Text, "{\"protocol\":\"json\",\"version\":1}\u001e"u8);
    }

    public override void OnMessage(SessionLoop loop, int session, ReadOnlySpan<byte> message, long now)
    {
        while (message.IndexOf(RecordEnd) is >= 0 and var end)
        {
            OnRecord(loop, session, message[..end], now);
            message = message[(end + 1)..];
        }

        if (!message.IsEmpty) throw new InvalidDataException("A SignalR record is divided between two messages.");
    }

    public override void OnHeartbeatDue(SessionLoop loop, int session) => loop.Send(session, Opcode.Text, "{\"type\":6}\u001e"u8);

    void OnRecord(SessionLoop loop, int session, ReadOnlySpan<byte> record, long now)
    {
        if (loop.Sessions[session].Phase == SessionPhase.Ready)
        {
            var dispatch = _cache.Read(record);
            if (dispatch.Kind == EventKind.Message) loop.Take(session, dispatch.Message, record.Length, now);
        }
        else if (record.SequenceEqual("{}"u8))
        {
            Join(loop, session);
        }
        else if (record.IndexOf("\"type\":3"u8) >= 0 && ++loop.Sessions[session].Sequence == loop.Sessions[session].WatchCount)
        {
            loop.Sessions[session].HeartbeatMilliseconds = PingMilliseconds;
            loop.Ready(session);
        }
        else if (record.IndexOf("\"error\""u8) >= 0)
        {
            loop.Lose(session, "signalr: " + Encoding.UTF8.GetString(record));
        }
    }

    static void Join(SessionLoop loop, int session)
    {
        foreach (var channel in loop.ChannelsOf(session))
            loop.Send(session, Opcode.Text, Encoding.ASCII.GetBytes($"{{\"type\":1,\"invocationId\":\"{channel}\",\"target\":\"Join\",\"arguments\":[\"{channel}\"]}}\u001e"));
    }

    static Dispatch Read(ReadOnlySpan<byte> record, out DispatchLayout layout)
    {
        layout = default;
        var arguments = JsonSpan.Find(record, "arguments"u8);
        if (arguments.IsEmpty) return default;
        var start = record.Length - record[record.IndexOf(arguments)..].Length + 1;
        var message = DispatchScanner.Message(record[start..], out var idEnd);
        layout = new(0, 0, start + idEnd);
        return new(0, EventKind.Message, 0, message);
    }
}
