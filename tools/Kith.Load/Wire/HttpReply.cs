using System.Buffers.Text;

namespace Kith.Load.Wire;

/// <summary>An HTTP/1.1 reply as it lies in a buffer.</summary>
internal readonly ref struct HttpReply
{
    /// <summary>Bytes of the whole reply.</summary>
    public int Length { get; private init; }

    public int Status { get; private init; }

    /// <summary>From the status line to the last header, without the blank line.</summary>
    public ReadOnlySpan<byte> Head { get; private init; }

    public ReadOnlySpan<byte> Body { get; private init; }

    /// <summary>The server ends the connection after this reply.</summary>
    public bool Closes => Header(Head, "connection"u8).SequenceEqual("close"u8);

    /// <summary>False while the reply is not whole.</summary>
    /// <param name="bytes">What has been read; a chunked body is joined in place, which overwrites its chunk sizes.</param>
    public static bool TryRead(Span<byte> bytes, out HttpReply reply)
    {
        reply = default;
        var headEnd = bytes.IndexOf("\r\n\r\n"u8);
        if (headEnd < 0) return false;
        var head = bytes[..headEnd];
        if (head.Length < 12 || !head.StartsWith("HTTP/1."u8) || !Utf8Parser.TryParse(head[9..12], out int status, out _))
            throw new InvalidDataException("What came is not an HTTP reply.");
        var rest = bytes[(headEnd + 4)..];
        int bodyLength = 0, consumed = 0;
        if (status is >= 200 and not (204 or 304))
        {
            if (Header(head, "content-length"u8) is { Length: > 0 } digits && Utf8Parser.TryParse(digits, out bodyLength, out _)) consumed = bodyLength;
            else if (!ChunkedIsWhole(rest)) return false;
            else (bodyLength, consumed) = JoinChunks(rest);
        }

        if (rest.Length < consumed) return false;
        reply = new() { Length = headEnd + 4 + consumed, Status = status, Head = head, Body = rest[..bodyLength] };
        return true;
    }

    /// <summary>A header's value, found without regard to case.</summary>
    /// <param name="name">In lower case.</param>
    public static ReadOnlySpan<byte> Header(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        while (head.IndexOf("\r\n"u8) is >= 0 and var lineEnd)
        {
            head = head[(lineEnd + 2)..];
            if (head.Length <= name.Length || head[name.Length] != ':' || !System.Text.Ascii.EqualsIgnoreCase(head[..name.Length], name)) continue;
            var value = head[(name.Length + 1)..];
            var end = value.IndexOf("\r\n"u8);
            return (end < 0 ? value : value[..end]).Trim((byte)' ');
        }

        return default;
    }

    static bool ChunkedIsWhole(ReadOnlySpan<byte> body)
    {
        while (TryChunk(body, out var header, out var size))
        {
            if (body.Length < header + size + 2) return false;
            if (size == 0) return true;
            body = body[(header + size + 2)..];
        }

        return false;
    }

    static (int Joined, int Consumed) JoinChunks(Span<byte> body)
    {
        int joined = 0, at = 0;
        while (TryChunk(body[at..], out var header, out var size) && size > 0)
        {
            body.Slice(at + header, size).CopyTo(body[joined..]);
            joined += size;
            at += header + size + 2;
        }

        // The last chunk is "0", and no trailers are used here.
        return (joined, at + "0\r\n\r\n".Length);
    }

    static bool TryChunk(ReadOnlySpan<byte> body, out int header, out int size)
    {
        size = 0;
        header = body.IndexOf("\r\n"u8) + 2;
        return header >= 2 && Utf8Parser.TryParse(body[..(header - 2)], out size, out _, 'x');
    }
}
