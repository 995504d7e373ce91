using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;

namespace Kith.Baselines.Raw;

/// <summary>A stretch of framed events. Bytes below <see cref="Length"/> never change, so that sockets are written from it without a copy.</summary>
internal sealed class LogChunk
{
    public const int Size = 1 << 20;

    int _length;

    public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(Size);

    /// <summary>Bytes that may be read; published after they are written.</summary>
    public int Length
    {
        get => Volatile.Read(ref _length);
        set => Volatile.Write(ref _length, value);
    }

    public LogChunk? Next { get; set; }

    /// <summary>Position of this chunk's first byte since the log began.</summary>
    public required long Start { get; init; }
}

/// <summary>
/// A channel's events, each framed once as an unmasked WebSocket text frame, one after another. Readers hold a chunk and an offset; chunks that all
/// readers have passed are garbage. Appending is done under the channel's lock.
/// </summary>
internal sealed class EventLog
{
    readonly ArrayBufferWriter<byte> _body = new(1024);
    long _sequence;

    public LogChunk Tail { get; private set; } = new() { Start = 0 };

    public long End => Tail.Start + Tail.Length;

    public void Append(ChatMessage message)
    {
        _body.ResetWrittenCount();
        _body.Write("{\"t\":\"MESSAGE_CREATE\",\"s\":"u8);
        Utf8.TryWrite(_body.GetSpan(20), $"{++_sequence}", out var digits);
        _body.Advance(digits);
        _body.Write(",\"op\":0,\"d\":"u8);
        _body.Write(JsonSerializer.SerializeToUtf8Bytes(message, ChatJson.Wire.ChatMessage));
        _body.Write("}"u8);
        AppendFrame(_body.WrittenSpan);
    }

    void AppendFrame(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > ushort.MaxValue) throw new InvalidOperationException("An event of more than 65,535 bytes has no place in a baseline.");
        var header = payload.Length < 126 ? 2 : 4;
        if (LogChunk.Size - Tail.Length < header + payload.Length) AddChunk();
        var target = Tail.Bytes.AsSpan(Tail.Length);
        target[0] = 0x81;
        target[1] = (byte)(header == 2 ? payload.Length : 126);
        if (header == 4) BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)payload.Length);
        payload.CopyTo(target[header..]);
        Tail.Length += header + payload.Length;
    }

    void AddChunk()
    {
        var chunk = new LogChunk { Start = Tail.Start + Tail.Length };
        Tail.Next = chunk;
        Tail = chunk;
    }

    /// <summary>Length of the frame that begins here, header included.</summary>
    public static int FrameLength(ReadOnlySpan<byte> log) => log[1] == 126 ? 4 + BinaryPrimitives.ReadUInt16BigEndian(log[2..]) : 2 + log[1];
}
