using System.Buffers;
using System.Buffers.Binary;
using System.Text.Unicode;

namespace Kith.Gateway.Protocol;

/// <summary>What a client's frames mean, told on the thread that feeds them. Spans are valid during the call only.</summary>
internal interface IFrameSink
{
    /// <summary>False stops the reading after the current frame: the rest of the bytes is left to the caller.</summary>
    bool WantsFrames { get; }

    void OnMessage(ReadOnlySpan<byte> payload);

    void OnPing(ReadOnlySpan<byte> payload);

    void OnPong();

    /// <param name="code">1005 where the client gave none.</param>
    void OnClose(int code);

    /// <summary>The client broke the protocol; nothing after can be understood.</summary>
    void OnViolation(int closeCode);
}

/// <summary>
/// Reads a client's frames (RFC 6455) from wherever a receive ended. A complete frame is unmasked and handed out in place; only an
/// incomplete frame, or a message whose fragments have not all come, is copied, into an <see cref="InboundAssembly"/>.
/// </summary>
internal static class InboundFrames
{
    /// <summary>Discord's limit for what a client may send, in bytes.</summary>
    internal const int MaxPayload = 4096;

    /// <summary>Returns how many bytes were used: all of them unless the sink wanted no more.</summary>
    internal static int Feed(Span<byte> data, ref InboundAssembly? assembly, IFrameSink sink)
    {
        var used = 0;
        while (used < data.Length && sink.WantsFrames)
            used += FeedOne(data[used..], ref assembly, sink);
        if (assembly is { IsEmpty: true })
        {
            assembly.Dispose();
            assembly = null;
        }

        return used;
    }

    static int FeedOne(Span<byte> data, ref InboundAssembly? assembly, IFrameSink sink)
    {
        if (assembly is { HeldFrame: > 0 })
            return FeedHeld(data, assembly, sink);
        var status = FrameHeader.TryRead(data, MaxPayload, out var header);
        if (status == FrameHeaderStatus.Complete && header.FrameLength <= data.Length)
        {
            Dispatch(header, data[header.HeaderLength..header.FrameLength], ref assembly, sink);
            return header.FrameLength;
        }

        if (status is FrameHeaderStatus.ProtocolError or FrameHeaderStatus.TooLarge)
        {
            sink.OnViolation(CodeOf(status));
            return data.Length;
        }

        (assembly ??= new InboundAssembly()).Hold(data, header.FrameLength);
        return data.Length;
    }

    static int FeedHeld(Span<byte> data, InboundAssembly assembly, IFrameSink sink)
    {
        var status = FrameHeader.TryRead(assembly.Frame, MaxPayload, out var header);
        // Until the header is whole it grows byte by byte: what follows must not be swallowed.
        var wanted = status == FrameHeaderStatus.Complete ? header.FrameLength - assembly.HeldFrame : 1;
        var taken = Math.Min(wanted, data.Length);
        assembly.Hold(data[..taken], header.FrameLength);
        if (status != FrameHeaderStatus.Complete)
            status = FrameHeader.TryRead(assembly.Frame, MaxPayload, out header);
        if (status is FrameHeaderStatus.ProtocolError or FrameHeaderStatus.TooLarge)
        {
            sink.OnViolation(CodeOf(status));
            return data.Length;
        }

        if (status == FrameHeaderStatus.Complete && assembly.HeldFrame == header.FrameLength)
        {
            var frame = assembly.Frame[header.HeaderLength..];
            assembly.ForgetFrame();
            InboundAssembly? same = assembly;
            Dispatch(header, frame, ref same, sink);
        }

        return taken;
    }

    static int CodeOf(FrameHeaderStatus status) => status == FrameHeaderStatus.TooLarge ? CloseCodes.PayloadTooLarge : CloseCodes.ProtocolError;

    static void Dispatch(in FrameHeader header, Span<byte> payload, ref InboundAssembly? assembly, IFrameSink sink)
    {
        FrameMask.Remove(payload, header.Mask);
        switch (header.Opcode)
        {
            case FrameOpcode.Ping:
                sink.OnPing(payload);
                break;
            case FrameOpcode.Pong:
                sink.OnPong();
                break;
            case FrameOpcode.Close:
                DispatchClose(payload, sink);
                break;
            default:
                DispatchData(header, payload, ref assembly, sink);
                break;
        }
    }

    static void DispatchData(in FrameHeader header, Span<byte> payload, ref InboundAssembly? assembly, IFrameSink sink)
    {
        var inMessage = assembly is { InMessage: true };
        if ((header.Opcode == FrameOpcode.Continuation) != inMessage)
        {
            sink.OnViolation(CloseCodes.ProtocolError);
            return;
        }

        if (header.IsFinal && !inMessage)
        {
            if (header.Opcode == FrameOpcode.Text && !Utf8.IsValid(payload))
                sink.OnViolation(CloseCodes.InvalidText);
            else
                sink.OnMessage(payload);
            return;
        }

        assembly ??= new InboundAssembly();
        if (!inMessage)
            assembly.BeginMessage(isText: header.Opcode == FrameOpcode.Text);
        var code = assembly.AppendFragment(payload, header.IsFinal);
        if (code != 0)
        {
            sink.OnViolation(code);
            return;
        }

        if (!header.IsFinal)
            return;
        sink.OnMessage(assembly.Message);
        assembly.ForgetMessage();
    }

    static void DispatchClose(ReadOnlySpan<byte> payload, IFrameSink sink)
    {
        if (payload.IsEmpty)
        {
            sink.OnClose(CloseCodes.NoStatus);
            return;
        }

        var code = payload.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(payload) : 0;
        if (!CloseCodes.MayBeReceived(code))
            sink.OnViolation(CloseCodes.ProtocolError);
        else if (!Utf8.IsValid(payload[2..]))
            sink.OnViolation(CloseCodes.InvalidText);
        else
            sink.OnClose(code);
    }
}

/// <summary>What a client has begun and not finished: part of a frame, fragments of a message. Exists only as long as there is any.</summary>
internal sealed class InboundAssembly : IDisposable
{
    byte[]? _frame;
    byte[]? _message;
    int _messageLength;
    bool _isText;
    Utf8Progress _utf8;

    internal bool InMessage { get; private set; }

    internal int HeldFrame { get; private set; }

    internal bool IsEmpty => HeldFrame == 0 && !InMessage;

    internal Span<byte> Frame => _frame.AsSpan(0, HeldFrame);

    internal ReadOnlySpan<byte> Message => _message.AsSpan(0, _messageLength);

    /// <param name="frameLength">The whole frame's, or 0 as long as the header has not come in full.</param>
    internal void Hold(ReadOnlySpan<byte> piece, int frameLength)
    {
        Grow(ref _frame, HeldFrame, Math.Max(frameLength, Math.Max(HeldFrame + piece.Length, FrameHeader.MaxLength)));
        piece.CopyTo(_frame.AsSpan(HeldFrame));
        HeldFrame += piece.Length;
    }

    /// <summary>The bytes stay where they are until the next <see cref="Hold"/>.</summary>
    internal void ForgetFrame() => HeldFrame = 0;

    internal void BeginMessage(bool isText)
    {
        InMessage = true;
        _isText = isText;
        _messageLength = 0;
        _utf8 = default;
    }

    /// <summary>Returns a close code where the message has become impossible, else 0.</summary>
    internal int AppendFragment(ReadOnlySpan<byte> payload, bool isFinal)
    {
        if (_messageLength + payload.Length > InboundFrames.MaxPayload)
            return CloseCodes.PayloadTooLarge;
        if (_isText && (!_utf8.Append(payload) || isFinal && !_utf8.IsComplete))
            return CloseCodes.InvalidText;
        Grow(ref _message, _messageLength, _messageLength + payload.Length);
        payload.CopyTo(_message.AsSpan(_messageLength));
        _messageLength += payload.Length;
        return 0;
    }

    internal void ForgetMessage()
    {
        InMessage = false;
        _messageLength = 0;
    }

    static void Grow(ref byte[]? buffer, int used, int needed)
    {
        if (buffer is not null && buffer.Length >= needed)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(needed);
        if (buffer is not null)
        {
            buffer.AsSpan(0, used).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
        }

        buffer = larger;
    }

    public void Dispose()
    {
        if (_frame is not null)
            ArrayPool<byte>.Shared.Return(_frame);
        if (_message is not null)
            ArrayPool<byte>.Shared.Return(_message);
        _frame = null;
        _message = null;
    }
}
