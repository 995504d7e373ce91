using System.Buffers.Binary;

namespace Kith.Load.Wire;

internal enum Opcode : byte
{
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}

/// <summary>The header of a frame from a server (RFC 6455 section 5.2), which never masks.</summary>
internal readonly record struct WebSocketFrame(Opcode Opcode, bool Final, int HeaderLength, int PayloadLength)
{
    /// <summary>Longest header that a client writes: 2 + 8 of length + 4 of mask.</summary>
    public const int MostClientHeader = 14;

    /// <summary>No server has reason to send more in one frame.</summary>
    const int MostPayload = 64 << 20;

    public int Length => HeaderLength + PayloadLength;

    /// <summary>False while the header is not whole.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out WebSocketFrame frame)
    {
        frame = default;
        if (bytes.Length < 2) return false;
        if ((bytes[0] & 0x70) != 0) throw new InvalidDataException("A frame uses reserved bits, but no extension was agreed.");
        if ((bytes[1] & 0x80) != 0) throw new InvalidDataException("A frame from the server is masked.");
        int shortLength = bytes[1], header = shortLength switch { 126 => 4, 127 => 10, _ => 2 };
        if (bytes.Length < header) return false;
        var length = header switch
        {
            2 => (ulong)shortLength,
            4 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            _ => BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]),
        };
        if (length > MostPayload) throw new InvalidDataException($"A frame of {length} bytes.");
        frame = new((Opcode)(bytes[0] & 0x0f), (bytes[0] & 0x80) != 0, header, (int)length);
        return true;
    }

    /// <summary>Writes a whole masked frame; returns its length. The target needs <see cref="MostClientHeader"/> bytes more than the payload.</summary>
    public static int Write(Span<byte> target, Opcode opcode, ReadOnlySpan<byte> payload, uint mask)
    {
        target[0] = (byte)(0x80 | (byte)opcode);
        var header = 2;
        if (payload.Length < 126)
        {
            target[1] = (byte)(0x80 | payload.Length);
        }
        else
        {
            if (payload.Length > ushort.MaxValue) throw new ArgumentException("Clients here send small frames only.", nameof(payload));
            target[1] = 0x80 | 126;
            BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)payload.Length);
            header = 4;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(target[header..], mask);
        var key = target.Slice(header, 4);
        var body = target[(header + 4)..];
        for (var i = 0; i < payload.Length; i++) body[i] = (byte)(payload[i] ^ key[i & 3]);
        return header + 4 + payload.Length;
    }
}
