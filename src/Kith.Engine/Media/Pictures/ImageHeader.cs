using System.Buffers.Binary;

namespace Kith.Engine.Media.Pictures;

/// <summary>What a picture says of itself, read without decoding it: so a bomb is seen for what it is.</summary>
/// <param name="Orientation">EXIF's, 1 to 8; from 5 on width and height change places when it is shown.</param>
public sealed record ImageHeader(int Width, int Height, bool IsAnimated = false, int Orientation = 1)
{
    public long Pixels => (long)Width * Height;

    public int ShownWidth => Orientation >= 5 ? Height : Width;

    public int ShownHeight => Orientation >= 5 ? Width : Height;

    /// <summary>Of PNG, JPEG, GIF, WebP; null for what is none of these or broken.</summary>
    public static ImageHeader? Read(Stream file, string contentType)
    {
        try
        {
            var header = contentType switch
            {
                "image/png" => Png(file),
                "image/jpeg" => Jpeg(file),
                "image/gif" => Gif(file),
                "image/webp" => WebP(file),
                _ => null,
            };
            return header is { Width: > 0, Height: > 0 } ? header : null;
        }
        catch (EndOfStreamException)
        {
            return null;
        }
    }

    static ImageHeader? Png(Stream file)
    {
        Span<byte> chunk = stackalloc byte[8];
        Span<byte> size = stackalloc byte[8];
        file.Position = 8;
        ImageHeader? header = null;
        while (true)
        {
            file.ReadExactly(chunk);
            var length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            var end = file.Position + length + 4;
            if (chunk[4..].SequenceEqual("IHDR"u8))
            {
                file.ReadExactly(size);
                header = new ImageHeader(BinaryPrimitives.ReadInt32BigEndian(size), BinaryPrimitives.ReadInt32BigEndian(size[4..]));
            }
            else if (chunk[4..].SequenceEqual("acTL"u8))
            {
                return header is null ? null : header with { IsAnimated = true };
            }
            else if (chunk[4..].SequenceEqual("IDAT"u8) || header is null)
            {
                return header;
            }

            file.Position = end;
        }
    }

    static ImageHeader? Gif(Stream file)
    {
        Span<byte> screen = stackalloc byte[13];
        file.Position = 0;
        file.ReadExactly(screen);
        var header = new ImageHeader(BinaryPrimitives.ReadUInt16LittleEndian(screen[6..]), BinaryPrimitives.ReadUInt16LittleEndian(screen[8..]));
        if ((screen[10] & 0x80) != 0) file.Position += 3 << ((screen[10] & 7) + 1);
        return header with { IsAnimated = CountFrames(file) > 1 };
    }

    /// <summary>Up to two.</summary>
    static int CountFrames(Stream file)
    {
        Span<byte> descriptor = stackalloc byte[9];
        for (var frames = 0; ;)
        {
            switch (file.ReadByte())
            {
                case 0x21:
                    file.ReadByte();
                    SkipBlocks(file);
                    break;
                case 0x2C when ++frames == 2:
                    return frames;
                case 0x2C:
                    file.ReadExactly(descriptor);
                    if ((descriptor[8] & 0x80) != 0) file.Position += 3 << ((descriptor[8] & 7) + 1);
                    file.ReadByte();
                    SkipBlocks(file);
                    break;
                default:
                    return frames;
            }
        }
    }

    static void SkipBlocks(Stream file)
    {
        int length;
        while ((length = file.ReadByte()) > 0)
            file.Position += length;
    }

    static ImageHeader? Jpeg(Stream file)
    {
        var orientation = 1;
        foreach (var (marker, start, length) in JpegSegments.Before(file))
        {
            if (marker == JpegSegments.App1) orientation = Exif.OrientationOf(JpegSegments.ReadPayload(file, start, length)) ?? orientation;
            // Start of frame; three of the range are tables and the like.
            if (marker is < 0xC0 or > 0xCF or 0xC4 or 0xC8 or 0xCC) continue;
            var frame = JpegSegments.ReadPayload(file, start, length);
            return frame.Length < 5 ? null
                : new ImageHeader(BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(3)), BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(1)), Orientation: orientation);
        }

        return null;
    }

    static ImageHeader? WebP(Stream file)
    {
        var head = new byte[30];
        file.Position = 0;
        file.ReadExactly(head);
        var body = head.AsSpan(20);
        return head.AsSpan(12, 4) switch
        {
            [(byte)'V', (byte)'P', (byte)'8', (byte)'X'] => new ImageHeader(ReadUInt24(body[4..]) + 1, ReadUInt24(body[7..]) + 1, IsAnimated: (body[0] & 2) != 0),
            [(byte)'V', (byte)'P', (byte)'8', (byte)' '] => new ImageHeader(BinaryPrimitives.ReadUInt16LittleEndian(body[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(body[8..]) & 0x3FFF),
            [(byte)'V', (byte)'P', (byte)'8', (byte)'L'] => Lossless(BinaryPrimitives.ReadUInt32LittleEndian(body[1..])),
            _ => null,
        };
    }

    static ImageHeader Lossless(uint bits) => new((int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1);

    static int ReadUInt24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
