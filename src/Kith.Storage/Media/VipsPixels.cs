using System.Buffers.Binary;
using Kith.Engine.Media.Pictures;

namespace Kith.Storage.Media;

/// <summary>libvips' file format: 64 bytes of header, then rows of pixels.</summary>
static class VipsPixels
{
    /// <summary>Of a machine that writes the lower byte first.</summary>
    const uint Magic = 0xB6A6F208;
    const int HeaderLength = 64, UnsignedBytes = 0;

    /// <summary>Null where it is none, or has other than bytes for grey or colour, with opacity or without.</summary>
    public static Pixels? Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderLength || BinaryPrimitives.ReadUInt32BigEndian(file) != Magic) return null;
        var (width, height, bands) = (Field(file, 4), Field(file, 8), Field(file, 12));
        if (Field(file, 20) != UnsignedBytes || bands is < 1 or > 4 || width <= 0 || height <= 0) return null;
        var pixels = file[HeaderLength..];
        if (pixels.Length < (long)width * height * bands) return null;
        var rgba = new byte[width * height * 4];
        for (var i = 0; i < width * height; i++)
        {
            var pixel = pixels.Slice(i * bands, bands);
            var isGrey = bands < 3;
            rgba[i * 4] = pixel[0];
            rgba[(i * 4) + 1] = isGrey ? pixel[0] : pixel[1];
            rgba[(i * 4) + 2] = isGrey ? pixel[0] : pixel[2];
            rgba[(i * 4) + 3] = bands is 2 or 4 ? pixel[^1] : (byte)255;
        }

        return new Pixels(width, height, rgba);
    }

    static int Field(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadInt32LittleEndian(file[at..]);
}
