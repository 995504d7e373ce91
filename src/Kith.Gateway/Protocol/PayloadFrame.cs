using System.Buffers.Binary;
using System.Buffers.Text;
using Kith.Gateway.Transport;

namespace Kith.Gateway.Protocol;

/// <summary>How payloads are encoded for a connection.</summary>
public enum PayloadEncoding : byte
{
    /// <summary>JSON in text frames.</summary>
    Json,

    /// <summary><c>compress=zlib-stream</c>: one zlib stream over the whole connection, each payload ended by a sync flush.</summary>
    ZlibStream,

    /// <summary><c>"compress": true</c> in IDENTIFY: a large payload is a zlib stream of its own in a binary frame.</summary>
    ZlibPayloads,
}

/// <summary>
/// Puts payloads into frames. What is the same for all sockets is taken as it is; what differs is a few bytes around it. Nothing is
/// compressed here: the deflated form of the common part is followed by the rest as a stored block.
/// </summary>
internal static class PayloadFrame
{
    /// <summary>Payloads that are shorter gain nothing from a compression of their own.</summary>
    internal const int MinZlibPayload = 1024;

    // ,"s": and a number of at most ten digits and }
    const int MaxTail = 16;
    const int StoredHeader = 5;

    internal static void Add(OutboundBatch batch, OutboundEvent outbound, int sequence, PayloadEncoding encoding, bool opensStream)
    {
        Span<byte> buffer = stackalloc byte[MaxTail];
        var tail = WriteTail(buffer, sequence);
        switch (encoding)
        {
            case PayloadEncoding.ZlibStream:
                AddStreamed(batch, outbound, tail, opensStream);
                break;
            case PayloadEncoding.ZlibPayloads when outbound.Json.Length >= MinZlibPayload:
                AddZlibPayload(batch, outbound, tail);
                break;
            default:
                AddHeader(batch, FrameOpcode.Text, outbound.Json.Length + tail.Length);
                batch.Add(outbound.Json);
                AddBytes(batch, tail);
                break;
        }

        batch.EndFrame();
    }

    internal static void Add(OutboundBatch batch, ControlPayload payload, PayloadEncoding encoding, bool opensStream)
    {
        if (encoding == PayloadEncoding.ZlibStream)
        {
            var prefix = opensStream ? DeflatedText.ZlibHeader : [];
            AddHeader(batch, FrameOpcode.Binary, prefix.Length + payload.Deflated.Bytes.Length);
            AddBytes(batch, prefix);
            batch.Add(payload.Deflated.Bytes);
        }
        else
        {
            AddHeader(batch, FrameOpcode.Text, payload.Json.Length);
            batch.Add(payload.Json);
        }

        batch.EndFrame();
    }

    static void AddStreamed(OutboundBatch batch, OutboundEvent outbound, ReadOnlySpan<byte> tail, bool opensStream)
    {
        var prefix = opensStream ? DeflatedText.ZlibHeader : [];
        var deflated = outbound.Deflated.Bytes;
        AddHeader(batch, FrameOpcode.Binary, prefix.Length + deflated.Length + StoredHeader + tail.Length + DeflatedText.SyncFlush.Length);
        AddBytes(batch, prefix);
        batch.Add(deflated);
        AddStored(batch, tail, isFinal: false);
        AddBytes(batch, DeflatedText.SyncFlush);
    }

    static void AddZlibPayload(OutboundBatch batch, OutboundEvent outbound, ReadOnlySpan<byte> tail)
    {
        var deflated = outbound.Deflated;
        AddHeader(
            batch, FrameOpcode.Binary, DeflatedText.ZlibHeader.Length + deflated.Bytes.Length + StoredHeader + tail.Length + sizeof(uint));
        AddBytes(batch, DeflatedText.ZlibHeader);
        batch.Add(deflated.Bytes);
        AddStored(batch, tail, isFinal: true);
        Span<byte> checksum = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(checksum, deflated.Checksum.Append(tail).Value);
        AddBytes(batch, checksum);
    }

    static ReadOnlySpan<byte> WriteTail(Span<byte> buffer, int sequence)
    {
        var start = ",\"s\":"u8;
        start.CopyTo(buffer);
        Utf8Formatter.TryFormat(sequence, buffer[start.Length..], out var digits);
        buffer[start.Length + digits] = (byte)'}';
        return buffer[..(start.Length + digits + 1)];
    }

    // A stored block of deflate: three bits of type, padding to a byte, the length and its complement, the bytes.
    static void AddStored(OutboundBatch batch, ReadOnlySpan<byte> bytes, bool isFinal)
    {
        var target = batch.Reserve(StoredHeader + bytes.Length);
        target[0] = isFinal ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt16LittleEndian(target[1..], (ushort)bytes.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(target[3..], (ushort)~bytes.Length);
        bytes.CopyTo(target[StoredHeader..]);
        batch.Commit(StoredHeader + bytes.Length);
    }

    static void AddHeader(OutboundBatch batch, FrameOpcode opcode, long payloadLength)
        => batch.Commit(FrameHeader.Write(batch.Reserve(FrameHeader.MaxServerLength), opcode, payloadLength));

    static void AddBytes(OutboundBatch batch, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        bytes.CopyTo(batch.Reserve(bytes.Length));
        batch.Commit(bytes.Length);
    }
}
