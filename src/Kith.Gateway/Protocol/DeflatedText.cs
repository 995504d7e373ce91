using System.IO.Compression;

namespace Kith.Gateway.Protocol;

/// <summary>
/// A text as raw deflate blocks from a fresh context, ended by a sync flush: on a byte boundary, without a final block, with no reference to
/// anything before. So it may be put into any zlib stream at any place, and one compression serves all sockets.
/// </summary>
internal sealed class DeflatedText
{
    /// <summary>The header of a zlib stream: deflate, 32 KiB window, fastest; once per connection (or per payload).</summary>
    internal static ReadOnlySpan<byte> ZlibHeader => [0x78, 0x01];

    /// <summary>An empty stored block: what a sync flush leaves, and what clients look for (its last four bytes) at a payload's end.</summary>
    internal static ReadOnlySpan<byte> SyncFlush => [0x00, 0x00, 0x00, 0xff, 0xff];

    DeflatedText(byte[] bytes, Adler32 checksum)
    {
        Bytes = bytes;
        Checksum = checksum;
    }

    internal byte[] Bytes { get; }

    /// <summary>Of the text, so that a whole zlib stream around it can be ended without reading it again.</summary>
    internal Adler32 Checksum { get; }

    internal static DeflatedText Of(ReadOnlySpan<byte> text)
    {
        using var target = new MemoryStream(text.Length / 3 + 64);
        using (var deflate = new DeflateStream(target, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(text);
            deflate.Flush();
            // Taken before the stream is disposed, which would add a final block.
            return new DeflatedText(target.ToArray(), Adler32.Start.Append(text));
        }
    }
}

/// <summary>The checksum that ends a zlib stream (RFC 1950), as a value that can be continued.</summary>
internal readonly record struct Adler32(uint Value)
{
    const uint Modulus = 65521;

    // The most bytes whose sums fit 32 bits before a modulo is due.
    const int Stretch = 5552;

    internal static Adler32 Start => new(1);

    internal Adler32 Append(ReadOnlySpan<byte> text)
    {
        uint low = Value & 0xffff, high = Value >> 16;
        while (!text.IsEmpty)
        {
            var part = text[..Math.Min(Stretch, text.Length)];
            foreach (var value in part)
            {
                low += value;
                high += low;
            }

            low %= Modulus;
            high %= Modulus;
            text = text[part.Length..];
        }

        return new Adler32(high << 16 | low);
    }
}
