using System.Buffers.Binary;
using System.Diagnostics;

namespace Kith.Gateway.Protocol;

internal enum FrameOpcode : byte
{
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}

internal enum FrameHeaderStatus
{
    Complete,
    Incomplete,
    ProtocolError,
    TooLarge,
}

/// <summary>The header of a WebSocket frame (RFC 6455, 5.2).</summary>
internal readonly record struct FrameHeader(bool IsFinal, FrameOpcode Opcode, uint Mask, int HeaderLength, int PayloadLength)
{
    /// <summary>Of a masked frame: 2 bytes, a length of up to 8, a mask of 4.</summary>
    internal const int MaxLength = 14;

    /// <summary>Of a frame from the server, which is not masked.</summary>
    internal const int MaxServerLength = 10;

    internal const int MaxControlPayload = 125;

    internal int FrameLength => HeaderLength + PayloadLength;

    internal bool IsControl => IsControlOpcode(Opcode);

    /// <summary>Reads a client's header; an error is told as soon as the bytes at hand show it.</summary>
    internal static FrameHeaderStatus TryRead(ReadOnlySpan<byte> data, int maxPayload, out FrameHeader header)
    {
        header = default;
        if (data.Length < 2)
            return data.Length == 1 && !IsSoundFirst(data[0]) ? FrameHeaderStatus.ProtocolError : FrameHeaderStatus.Incomplete;
        int first = data[0], second = data[1], shortLength = second & 0x7f;
        var opcode = (FrameOpcode)(first & 0x0f);
        if (!IsSoundFirst(data[0]) || (second & 0x80) == 0 || IsControlOpcode(opcode) && shortLength > MaxControlPayload)
            return FrameHeaderStatus.ProtocolError;
        var lengthBytes = shortLength switch { 126 => 2, 127 => 8, _ => 0 };
        if (data.Length < 2 + lengthBytes)
            return FrameHeaderStatus.Incomplete;
        var length = lengthBytes switch
        {
            2 => BinaryPrimitives.ReadUInt16BigEndian(data[2..]),
            8 => BinaryPrimitives.ReadUInt64BigEndian(data[2..]),
            _ => (ulong)shortLength,
        };
        if (length > long.MaxValue)
            return FrameHeaderStatus.ProtocolError;
        if (!IsControlOpcode(opcode) && length > (ulong)maxPayload)
            return FrameHeaderStatus.TooLarge;
        var headerLength = 2 + lengthBytes + 4;
        if (data.Length < headerLength)
            return FrameHeaderStatus.Incomplete;
        var mask = BitConverter.ToUInt32(data[(headerLength - 4)..]);
        header = new FrameHeader((first & 0x80) != 0, opcode, mask, headerLength, (int)length);
        return FrameHeaderStatus.Complete;
    }

    /// <summary>Writes the header of an unfragmented frame to a client.</summary>
    internal static int Write(Span<byte> target, FrameOpcode opcode, long payloadLength)
    {
        Debug.Assert(payloadLength >= 0);
        target[0] = (byte)(0x80 | (int)opcode);
        switch (payloadLength)
        {
            case <= 125:
                target[1] = (byte)payloadLength;
                return 2;
            case <= ushort.MaxValue:
                target[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)payloadLength);
                return 4;
            default:
                target[1] = 127;
                BinaryPrimitives.WriteInt64BigEndian(target[2..], payloadLength);
                return MaxServerLength;
        }
    }

    static bool IsControlOpcode(FrameOpcode opcode) => ((int)opcode & 0x8) != 0;

    // No extension is ever agreed on, so the reserved bits are 0; opcodes 3 to 7 and 11 to 15 are reserved; a control frame is not fragmented.
    static bool IsSoundFirst(byte first)
    {
        var opcode = (FrameOpcode)(first & 0x0f);
        if ((first & 0x70) != 0 || (opcode > FrameOpcode.Binary && opcode < FrameOpcode.Close) || opcode > FrameOpcode.Pong)
            return false;
        return !IsControlOpcode(opcode) || (first & 0x80) != 0;
    }
}
