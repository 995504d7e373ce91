using System.Buffers;
using System.Buffers.Binary;

namespace Kith.Engine.Media.Pictures;

/// <summary>
/// Copies a picture without what it tells of its maker: place, time, camera, thumbnails, comments, and whatever hangs behind its end. The picture itself is copied
/// bit by bit; colour profiles stay. Through buffers, never whole in memory.
/// </summary>
static class ImageMetadata
{
    const int BufferLength = 64 * 1024;

    /// <summary>Segments of JPEG that stay beside those of the picture: JFIF, ICC profile, Adobe's colour transform.</summary>
    const int App0 = 0xE0, App2 = 0xE2, App14 = 0xEE, App15 = 0xEF, Comment = 0xFE;

    static readonly HashSet<string> PngChunks = new(StringComparer.Ordinal)
    {
        "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "bKGD", "pHYs", "cICP", "acTL", "fcTL", "fdAT",
    };

    public static bool CanStrip(string contentType) => contentType is "image/jpeg" or "image/png" or "image/webp";

    /// <summary>False where the picture is broken; then nothing of <paramref name="target"/> is of use.</summary>
    /// <param name="orientation">Said in the copy of a JPEG, which would lie on its side without.</param>
    public static bool TryStrip(Stream source, string contentType, int orientation, Stream target)
    {
        try
        {
            source.Position = 0;
            switch (contentType)
            {
                case "image/jpeg":
                    StripJpeg(source, orientation, target);
                    break;
                case "image/png":
                    StripPng(source, target);
                    break;
                default:
                    StripWebP(source, target);
                    break;
            }

            return true;
        }
        catch (EndOfStreamException)
        {
            return false;
        }
    }

    static void StripJpeg(Stream source, int orientation, Stream target)
    {
        target.Write([0xFF, 0xD8]);
        if (orientation > 1) WriteSegment(target, JpegSegments.App1, Exif.Of(orientation));
        foreach (var (marker, start, length) in JpegSegments.Before(source))
        {
            if (marker is not (>= App0 and <= App15 or Comment) || marker is App0 or App14 || (marker == App2 && IsProfile(source, start, length)))
                WriteSegment(target, marker, JpegSegments.ReadPayload(source, start, length));
        }

        CopyScans(source, target);
    }

    static bool IsProfile(Stream source, long start, int length) => JpegSegments.ReadPayload(source, start, length).AsSpan().StartsWith("ICC_PROFILE\0"u8);

    static void WriteSegment(Stream target, int marker, ReadOnlySpan<byte> payload)
    {
        Span<byte> head = [0xFF, (byte)marker, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)(payload.Length + 2));
        target.Write(head);
        target.Write(payload);
    }

    /// <summary>From behind the head of the first scan to the end of the image, and not one byte further.</summary>
    static void CopyScans(Stream source, Stream target)
    {
        while (true)
        {
            var next = source.ReadByte();
            if (next < 0) throw new EndOfStreamException();
            target.WriteByte((byte)next);
            if (next != 0xFF) continue;
            int marker;
            while ((marker = source.ReadByte()) == 0xFF)
                target.WriteByte(0xFF);
            if (marker < 0) throw new EndOfStreamException();
            target.WriteByte((byte)marker);
            if (marker == JpegSegments.EndOfImage) return;
            // Stuffing and restarts belong to the scan; all else has a length.
            if (marker is 0 or (>= 0xD0 and <= 0xD7)) continue;
            CopySegment(source, target);
        }
    }

    static void CopySegment(Stream source, Stream target)
    {
        var length = JpegSegments.ReadLength(source);
        Span<byte> head = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(head, (ushort)(length + 2));
        target.Write(head);
        Copy(source, target, length);
    }

    static void StripPng(Stream source, Stream target)
    {
        Copy(source, target, 8);
        Span<byte> head = stackalloc byte[8];
        while (true)
        {
            source.ReadExactly(head);
            var length = BinaryPrimitives.ReadUInt32BigEndian(head);
            var type = System.Text.Encoding.Latin1.GetString(head[4..]);
            if (PngChunks.Contains(type))
            {
                target.Write(head);
                Copy(source, target, length + 4L);
            }
            else
            {
                Skip(source, length + 4L);
            }

            if (type == "IEND") return;
        }
    }

    static void StripWebP(Stream source, Stream target)
    {
        const int hasExif = 8, hasXmp = 4;
        Span<byte> head = stackalloc byte[12];
        source.ReadExactly(head);
        target.Write(head);
        var end = Math.Min(source.Length, BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) + 8L);
        Span<byte> chunk = stackalloc byte[8];
        while (source.Position + chunk.Length <= end)
        {
            source.ReadExactly(chunk);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            var padded = length + (length & 1L);
            if (chunk[..4].SequenceEqual("EXIF"u8) || chunk[..4].SequenceEqual("XMP "u8))
            {
                Skip(source, padded);
                continue;
            }

            target.Write(chunk);
            if (chunk[..4].SequenceEqual("VP8X"u8))
            {
                target.WriteByte((byte)(source.ReadByte() & ~(hasExif | hasXmp)));
                padded--;
            }

            Copy(source, target, padded);
        }

        var size = target.Position;
        target.Position = 4;
        BinaryPrimitives.WriteUInt32LittleEndian(chunk, (uint)(size - 8));
        target.Write(chunk[..4]);
        target.Position = size;
    }

    static void Skip(Stream source, long length)
    {
        if (source.Position + length > source.Length) throw new EndOfStreamException();
        source.Position += length;
    }

    static void Copy(Stream source, Stream target, long length)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            while (length > 0)
            {
                var part = (int)Math.Min(length, BufferLength);
                source.ReadExactly(buffer, 0, part);
                target.Write(buffer, 0, part);
                length -= part;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
