using System.Text;
using Kith.Load.Wire;

namespace Kith.Load.Sessions;

/// <summary>How one kind of server is spoken to once TCP is up. One per loop, on its thread; it may keep state.</summary>
internal abstract class Dialect
{
    // Any 16 bytes will do: the key only proves that the other end speaks WebSocket. One for all, so that one answer is right for all.
    const string Key = "a2l0aC1sb2FkLWNsaWVudA==";

    static readonly byte[] s_accept = Encoding.ASCII.GetBytes(
        Convert.ToBase64String(System.Security.Cryptography.CryptographicOperations.HashData(
            System.Security.Cryptography.HashAlgorithmName.SHA1, Encoding.ASCII.GetBytes(Key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))));

    /// <summary>The path and query that the session asks for.</summary>
    public abstract string Path(SessionLoop loop, int session);

    /// <summary>The WebSocket is open.</summary>
    public abstract void OnOpen(SessionLoop loop, int session);

    /// <summary>A whole message came.</summary>
    /// <param name="now">Microseconds at which it was read.</param>
    public abstract void OnMessage(SessionLoop loop, int session, ReadOnlySpan<byte> message, long now);

    /// <summary>The time that <see cref="Session.HeartbeatMilliseconds"/> names is over.</summary>
    public abstract void OnHeartbeatDue(SessionLoop loop, int session);

    /// <summary>What the session is called, so that a server can show presences; only some protocols have them.</summary>
    public virtual void SetPresence(SessionLoop loop, int session)
    {
    }

    public byte[] UpgradeRequest(SessionLoop loop, int session) => Encoding.ASCII.GetBytes(
        $"GET {Path(loop, session)} HTTP/1.1\r\nHost: {loop.Target}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {Key}\r\nSec-WebSocket-Version: 13\r\n\r\n");

    /// <summary>Null when the reply opens a WebSocket, else what is wrong with it.</summary>
    public static string? Refusal(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("HTTP/1.1 101"u8)) return $"upgrade refused: {Encoding.ASCII.GetString(head[..Math.Min(head.Length, 12)])}";
        return HttpReply.Header(head, "sec-websocket-accept"u8).SequenceEqual(s_accept) ? null : "upgrade refused: wrong Sec-WebSocket-Accept";
    }
}

/// <summary>The raw baseline: the channel stands in the address, and events come from then on.</summary>
internal sealed class RawDialect : Dialect
{
    readonly DispatchCache _cache = new(DispatchScanner.Read);

    public override string Path(SessionLoop loop, int session) => loop.Sessions[session].WatchCount == 1
        ? $"/?channel={loop.ChannelOf(session)}"
        : throw new NotSupportedException("The raw baseline has one channel per connection: let each account be in one server only.");

    public override void OnOpen(SessionLoop loop, int session) => loop.Ready(session);

    public override void OnMessage(SessionLoop loop, int session, ReadOnlySpan<byte> message, long now)
    {
        var dispatch = _cache.Read(message);
        if (dispatch.Kind == EventKind.Message) loop.Take(session, dispatch.Message, message.Length, now);
    }

    /// <summary>There are none: the session's interval stays 0.</summary>
    public override void OnHeartbeatDue(SessionLoop loop, int session)
    {
    }
}
