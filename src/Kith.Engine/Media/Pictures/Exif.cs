using System.Buffers.Binary;

namespace Kith.Engine.Media.Pictures;

/// <summary>The one thing of EXIF that is of use to others than who took the picture.</summary>
static class Exif
{
    const int OrientationTag = 0x0112;

    static ReadOnlySpan<byte> Prefix => "Exif\0\0"u8;

    /// <summary>1 to 8; null where the payload has none.</summary>
    public static int? OrientationOf(ReadOnlySpan<byte> payload)
    {
        if (!payload.StartsWith(Prefix)) return null;
        var tiff = payload[Prefix.Length..];
        if (tiff.Length < 8) return null;
        var little = tiff[0] == 'I';
        var first = (long)UInt32(tiff[4..], little);
        if (first + 2 > tiff.Length) return null;
        var count = UInt16(tiff[(int)first..], little);
        for (var i = 0; i < count; i++)
        {
            var at = first + 2 + (12L * i);
            if (at + 12 > tiff.Length) return null;
            var entry = tiff[(int)at..];
            if (UInt16(entry, little) == OrientationTag) return UInt16(entry[8..], little) is >= 1 and <= 8 and var orientation ? orientation : null;
        }

        return null;
    }

    /// <summary>A payload that says nothing but the orientation.</summary>
    public static byte[] Of(int orientation) =>
    [
        .. Prefix, (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8,
        0, 1, OrientationTag >> 8, OrientationTag & 0xFF, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0,
        0, 0, 0, 0,
    ];

    static int UInt16(ReadOnlySpan<byte> bytes, bool little) => little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    static uint UInt32(ReadOnlySpan<byte> bytes, bool little) => little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
