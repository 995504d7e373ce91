using System.Text;

namespace Kith.Engine.Media;

/// <summary>What a file is, by its first bytes. What is not known is <see cref="Unknown"/>, and so is all that a browser would run: HTML, SVG, scripts in disguise.</summary>
public static class FileTypes
{
    /// <summary>Bytes that are looked at.</summary>
    public const int HeadLength = 4096;

    public const string Unknown = "application/octet-stream";

    /// <summary>What browsers show without running anything. All else is offered as a download.</summary>
    static readonly HashSet<string> Inline = new(StringComparer.Ordinal)
    {
        "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp", "video/mp4", "video/webm", "video/quicktime", "audio/mpeg", "audio/ogg", "audio/wav",
        "audio/flac", "audio/mp4", "audio/webm", "text/plain; charset=utf-8",
    };

    public static bool IsInline(string contentType) => Inline.Contains(contentType);

    public static bool IsImage(string contentType) => contentType.StartsWith("image/", StringComparison.Ordinal);

    public static bool IsVideo(string contentType) => contentType.StartsWith("video/", StringComparison.Ordinal);

    public static bool IsAudio(string contentType) => contentType.StartsWith("audio/", StringComparison.Ordinal);

    public static string Of(ReadOnlySpan<byte> head) => Signature(head) ?? (IsText(head) ? "text/plain; charset=utf-8" : Unknown);

    static string? Signature(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])) return "image/png";
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) return "image/jpeg";
        if (head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8)) return "image/gif";
        if (head.StartsWith("BM"u8) && head.Length > 18 && head[6..10].IndexOfAnyExcept((byte)0) < 0) return "image/bmp";
        if (head.StartsWith("II*\0"u8) || head.StartsWith("MM\0*"u8)) return "image/tiff";
        if (head.StartsWith("RIFF"u8) && head.Length > 12) return Riff(head[8..12]);
        if (head.Length > 12 && head[4..8].SequenceEqual("ftyp"u8)) return Brand(head);
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3])) return head.IndexOf("webm"u8) > 0 ? Webm(head) : "video/x-matroska";
        if (head.StartsWith("OggS"u8)) return head.IndexOf("theora"u8) > 0 ? "video/ogg" : "audio/ogg";
        if (head.StartsWith("fLaC"u8)) return "audio/flac";
        if (head.StartsWith("ID3"u8) || IsMpegAudio(head)) return "audio/mpeg";
        if (head.StartsWith("%PDF-"u8)) return "application/pdf";
        if (head.StartsWith("PK\u0003\u0004"u8)) return "application/zip";
        return head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? "application/gzip" : null;
    }

    static string? Riff(ReadOnlySpan<byte> form) => form.SequenceEqual("WEBP"u8) ? "image/webp" : form.SequenceEqual("WAVE"u8) ? "audio/wav" : null;

    /// <summary>By the codecs of its tracks: what browsers record of a microphone is WebM as well.</summary>
    static string Webm(ReadOnlySpan<byte> head) =>
        head.IndexOf("A_OPUS"u8) < 0 && head.IndexOf("A_VORBIS"u8) < 0 ? "video/webm" : head.IndexOf("V_VP"u8) < 0 && head.IndexOf("V_AV1"u8) < 0 ? "audio/webm" : "video/webm";

    /// <summary>Of the ISO base media format, by its major brand; where that says neither, a sound has a sound's track and no picture's.</summary>
    static string Brand(ReadOnlySpan<byte> head) => Encoding.ASCII.GetString(head[8..12]) switch
    {
        "avif" or "avis" => "image/avif",
        "heic" or "heix" or "hevc" or "mif1" or "msf1" => "image/heic",
        "qt  " => "video/quicktime",
        "M4A " or "M4B " => "audio/mp4",
        _ => head.IndexOf("soun"u8) > 0 && head.IndexOf("vide"u8) < 0 ? "audio/mp4" : "video/mp4",
    };

    /// <summary>A frame of MPEG layer III: sync, version and layer, and a bitrate and sample rate that exist.</summary>
    static bool IsMpegAudio(ReadOnlySpan<byte> head) =>
        head.Length > 3 && head[0] == 0xFF && (head[1] & 0xE6) == 0xE2 && (head[1] & 0x18) != 0x08 && (head[2] & 0xF0) is not (0xF0 or 0) && (head[2] & 0x0C) != 0x0C;

    /// <summary>UTF-8 without control characters, and not markup: what starts with a tag is nothing that should be shown.</summary>
    static bool IsText(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty || head.IndexOfAnyInRange((byte)0, (byte)8) >= 0 || head.IndexOfAnyInRange((byte)14, (byte)26) >= 0) return false;
        if (head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) head = head[3..];
        if (head.TrimStart(" \t\r\n\f"u8).StartsWith("<"u8)) return false;
        // The head may end within a character.
        for (var cut = 0; cut < Math.Min(4, head.Length); cut++)
        {
            if (System.Text.Unicode.Utf8.IsValid(head[..^cut])) return true;
            if (head.Length < HeadLength - 3) return false;
        }

        return false;
    }
}
