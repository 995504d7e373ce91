using System.Buffers.Binary;

namespace Kith.Engine.Media.Pictures;

/// <summary>The parts of a JPEG before its picture.</summary>
static class JpegSegments
{
    public const int App1 = 0xE1, StartOfScan = 0xDA, EndOfImage = 0xD9;

    /// <summary>Marker, where the payload starts, and its length; up to and with the first scan. Leaves the file at the end of the last one given.</summary>
    public static IEnumerable<(int Marker, long Start, int Length)> Before(Stream file)
    {
        file.Position = 2;
        while (true)
        {
            var marker = NextMarker(file);
            if (marker == EndOfImage) yield break;
            var length = ReadLength(file);
            var start = file.Position;
            yield return (marker, start, length);
            if (marker == StartOfScan) yield break;
            file.Position = start + length;
        }
    }

    public static byte[] ReadPayload(Stream file, long start, int length)
    {
        var payload = new byte[length];
        file.Position = start;
        file.ReadExactly(payload);
        return payload;
    }

    /// <summary>Of what follows, without its own two bytes.</summary>
    public static int ReadLength(Stream file)
    {
        Span<byte> length = stackalloc byte[2];
        file.ReadExactly(length);
        var value = BinaryPrimitives.ReadUInt16BigEndian(length) - 2;
        return value >= 0 ? value : throw new EndOfStreamException();
    }

    /// <exception cref="EndOfStreamException">What comes is no marker.</exception>
    public static int NextMarker(Stream file)
    {
        if (file.ReadByte() != 0xFF) throw new EndOfStreamException();
        int marker;
        do
        {
            marker = file.ReadByte();
        }
        while (marker == 0xFF);
        return marker > 0 ? marker : throw new EndOfStreamException();
    }
}
