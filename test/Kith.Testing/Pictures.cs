using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Text;

namespace Kith.Testing;

/// <summary>Pictures, films and sounds for tests: made here, or by ffmpeg where a codec is needed.</summary>
public static class Pictures
{
    /// <summary>One colour with a diagonal, so that it is not the same turned; black and white for sizes nobody should decode.</summary>
    public static byte[] Png(int width, int height, bool decodable = true)
    {
        using var png = new MemoryStream();
        png.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = decodable ? ((byte)8, (byte)2) : ((byte)1, (byte)0);
        Chunk(png, "IHDR", header);
        var row = decodable ? (width * 3) + 1 : ((width + 7) / 8) + 1;
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            var line = new byte[row];
            for (var y = 0; y < height; y++)
            {
                Array.Clear(line);
                if (decodable) Fill(line, y, width, height);
                zlib.Write(line);
            }
        }

        Chunk(png, "IDAT", data.ToArray());
        Chunk(png, "IEND", []);
        return png.ToArray();
    }

    /// <summary>The same with a chunk before the picture's data.</summary>
    public static byte[] WithChunk(byte[] source, string type, string content)
    {
        using var png = new MemoryStream();
        png.Write(source, 0, 33);
        Chunk(png, type, Encoding.Latin1.GetBytes(content));
        png.Write(source, 33, source.Length - 33);
        return png.ToArray();
    }

    /// <summary>A JPEG whose EXIF names an orientation and a place.</summary>
    public static byte[] WithExif(byte[] jpeg, int orientation, string secret)
    {
        byte[] tiff =
        [
            (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8,
            0, 2, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0,
            0x01, 0x0F, 0, 2, 0, 0, 0, (byte)(secret.Length + 1), 0, 0, 0, 38,
            0, 0, 0, 0, .. Encoding.ASCII.GetBytes(secret), 0,
        ];
        byte[] payload = [.. "Exif\0\0"u8, .. tiff];
        var length = payload.Length + 2;
        return [0xFF, 0xD8, 0xFF, 0xE1, (byte)(length >> 8), (byte)length, .. payload, .. jpeg.AsSpan(2), .. Encoding.ASCII.GetBytes("behind the end: " + secret)];
    }

    /// <summary>What ffmpeg makes of these arguments, in this format.</summary>
    public static async Task<byte[]> Ffmpeg(string extension, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "out." + extension);
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-nostdin", .. arguments, "-bitexact", "-y", path]) { UseShellExecute = false })!;
        await ffmpeg.WaitForExitAsync().WaitAsync(Deadline.Default);
        return await File.ReadAllBytesAsync(path);
    }

    public static Task<byte[]> Jpeg(int width, int height) => Ffmpeg("jpg", "-f", "lavfi", "-i", $"testsrc=size={width}x{height}:rate=1", "-frames:v", "1");

    public static Task<byte[]> Gif(int width, int height, int frames = 5) => Ffmpeg("gif", "-f", "lavfi", "-i", $"testsrc=size={width}x{height}:rate=5", "-frames:v", $"{frames}");

    public static Task<byte[]> Film(int width, int height, int seconds) => Ffmpeg(
        "mp4", "-f", "lavfi", "-i", $"testsrc=size={width}x{height}:rate=5:duration={seconds}", "-f", "lavfi", "-i", $"sine=duration={seconds}", "-pix_fmt", "yuv420p");

    /// <summary>A second of silence, then a tone.</summary>
    public static Task<byte[]> Voice(int seconds) => Ffmpeg("ogg", "-f", "lavfi", "-i", $"sine=duration={seconds}", "-af", "volume=enable='lt(t,1)':volume=0", "-c:a", "libopus");

    static void Fill(byte[] line, int y, int width, int height)
    {
        for (var x = 0; x < width; x++)
        {
            line[1 + (x * 3)] = (byte)(x * 255 / width);
            line[2 + (x * 3)] = (byte)(y * 255 / height);
            line[3 + (x * 3)] = 90;
        }
    }

    static void Chunk(Stream png, string type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        byte[] typed = [.. Encoding.Latin1.GetBytes(type), .. data];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(typed);
        BinaryPrimitives.WriteUInt32BigEndian(number, Checksum(typed));
        png.Write(number);
    }

    static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFFFFFF;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }

        return ~crc;
    }
}
