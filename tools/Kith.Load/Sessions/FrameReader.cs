using System.Buffers;
using System.Runtime.InteropServices;
using Kith.Load.Measures;
using Kith.Load.Sockets;
using Kith.Load.Wire;

namespace Kith.Load.Sessions;

/// <summary>
/// Reads sockets into one buffer for the whole loop and cuts what comes into messages. Only the beginning of an unfinished frame is kept per session.
/// </summary>
internal sealed unsafe class FrameReader(SessionLoop loop)
{
    byte[] _buffer = GC.AllocateUninitializedArray<byte>(256 << 10, pinned: true);

    public long BytesRead { get; private set; }

    public void Read(int session)
    {
        ref var state = ref loop.Sessions[session];
        var kept = state.PartialLength;
        if (_buffer.Length < kept * 2) _buffer = GC.AllocateUninitializedArray<byte>(kept * 4, pinned: true);
        state.Partial.AsSpan(0, kept).CopyTo(_buffer);
        int read;
        fixed (byte* start = _buffer) read = Connections.Receive(state.Descriptor, start + kept, _buffer.Length - kept);
        if (read == Connections.WouldBlock) return;
        if (read <= 0)
        {
            loop.Lose(session, read == 0 ? "ended by the server" : "reset");
            return;
        }

        BytesRead += read;
        DropPartial(ref state);
        Consume(session, _buffer.AsSpan(0, kept + read), Clock.Now);
    }

    public static void Forget(ref Session state)
    {
        DropPartial(ref state);
        state.Fragments = null;
    }

    void Consume(int session, ReadOnlySpan<byte> bytes, long now)
    {
        // A handler may end the connection, or the session be connected anew: then what is left here is nobody's.
        ref var state = ref loop.Sessions[session];
        var generation = state.Generation;
        var at = state.Phase == SessionPhase.Upgrading ? Upgrade(session, bytes) : 0;
        while (at >= 0 && state.Generation == generation && WebSocketFrame.TryRead(bytes[at..], out var frame) && bytes.Length - at >= frame.Length)
        {
            OnFrame(session, frame, bytes.Slice(at + frame.HeaderLength, frame.PayloadLength), now);
            at += frame.Length;
        }

        if (state.Generation == generation) Keep(ref state, bytes[Math.Max(0, at)..]);
    }

    /// <summary>Bytes of the HTTP reply, or -1 while it is not whole.</summary>
    int Upgrade(int session, ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0) return -1;
        if (Dialect.Refusal(bytes[..end]) is { } refusal) loop.Lose(session, refusal);
        else loop.Opened(session);
        return end + 4;
    }

    void OnFrame(int session, WebSocketFrame frame, ReadOnlySpan<byte> payload, long now)
    {
        switch (frame.Opcode)
        {
            case Opcode.Text or Opcode.Binary when frame.Final:
                loop.Message(session, payload, now);
                break;
            case Opcode.Text or Opcode.Binary or Opcode.Continuation:
                OnFragment(session, frame, payload, now);
                break;
            case Opcode.Close:
                var code = payload.Length >= 2 ? (payload[0] << 8) | payload[1] : 1005;
                loop.Lose(session, $"closed by the server with {code}");
                break;
            case Opcode.Ping:
                loop.Send(session, Opcode.Pong, payload);
                break;
        }
    }

    void OnFragment(int session, WebSocketFrame frame, ReadOnlySpan<byte> payload, long now)
    {
        ref var state = ref loop.Sessions[session];
        state.Fragments ??= [];
        state.Fragments.AddRange(payload);
        if (!frame.Final) return;
        var whole = state.Fragments;
        state.Fragments = null;
        loop.Message(session, CollectionsMarshal.AsSpan(whole), now);
    }

    static void Keep(ref Session state, ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty) return;
        state.Partial = ArrayPool<byte>.Shared.Rent(rest.Length);
        state.PartialLength = rest.Length;
        rest.CopyTo(state.Partial);
    }

    static void DropPartial(ref Session state)
    {
        if (state.Partial is not null) ArrayPool<byte>.Shared.Return(state.Partial);
        state.Partial = null;
        state.PartialLength = 0;
    }
}
