using System.Globalization;
using System.Text;
using System.Text.Json;
using Kith.Engine.Delivery;
using Kith.Engine.Media;
using Kith.Engine.Media.Pictures;
using Microsoft.Extensions.Logging;

namespace Kith.Storage.Media;

/// <summary>libvips' and ffmpeg's command-line tools (Debian: libvips-tools, ffmpeg), as limited subprocesses; no more at once than the options say.</summary>
public sealed partial class VipsAndFfmpeg : IMediaTools, IDisposable
{
    const string Thumbnailer = "vipsthumbnail", Header = "vipsheader", Ffmpeg = "ffmpeg", Ffprobe = "ffprobe";

    /// <summary>Larger than any picture that is rewritten: it keeps its size, and is turned upright.</summary>
    const string AnySize = "30000x30000>";

    /// <summary>Where a format loses something.</summary>
    const int Quality = 80;

    /// <summary>What is kept in place of the original.</summary>
    const int RewriteQuality = 92;

    /// <summary>Waiting for a turn; beyond it there is no picture now.</summary>
    const int MaxWaiting = 200;

    /// <summary>Samples a second that a waveform is read from.</summary>
    const int WaveformRate = 1000;

    /// <summary>Nobody looks at the waveform of an hour.</summary>
    const int MaxWaveformSecs = 500;

    readonly LimitedProcess process;
    readonly SemaphoreSlim turns;
    readonly ILogger<VipsAndFfmpeg> log;
    int waiting;

    /// <param name="path">Where tools are looked for; null: as the environment says.</param>
    public VipsAndFfmpeg(MediaOptions options, ILogger<VipsAndFfmpeg> log, string? path = null)
    {
        this.log = log;
        turns = new SemaphoreSlim(options.Tools);
        process = new LimitedProcess(path ?? Environment.GetEnvironmentVariable("PATH") ?? "", LogMissing, LogUnlimited, ToolLimits.Default with { Time = options.ToolPatience });
    }

    public bool HasPictures => process.Has(Thumbnailer);

    public async Task<bool> ShrinkAsync(string source, string contentType, PictureSize size, string target, CancellationToken ct)
    {
        var moves = size.Moves && (size.Format is "webp" or "gif") && (contentType is "image/gif" or "image/webp");
        var box = $"{(size.Width > 0 ? size.Width : "")}x{(size.Height > 0 ? size.Height : "")}>";
        return await WriteAsync(target, size.Format, path => RunAsync(Thumbnailer, ct, moves ? $"{source}[n=-1]" : source, "--size", box, "--export-profile", "srgb", "-o", path + Options(size.Format, Quality)));
    }

    public Task<bool> RewriteAsync(string source, string target, string format, CancellationToken ct) =>
        WriteAsync(target, format, path => RunAsync(Thumbnailer, ct, source, "--size", AnySize, "--export-profile", "srgb", "-o", path + Options(format, RewriteQuality)));

    public async Task<(int Width, int Height)?> MeasureAsync(string source, CancellationToken ct)
    {
        var (width, height) = (await RunAsync(Header, ct, "-f", "width", source), await RunAsync(Header, ct, "-f", "height", source));
        return int.TryParse(Text(width), out var w) && int.TryParse(Text(height), out var h) ? (w, h) : null;
    }

    public async Task<Pixels?> ReadPixelsAsync(string source, int side, CancellationToken ct)
    {
        // libvips' own format: a header, then the pixels as they are.
        var target = $"{source}.v";
        try
        {
            return await RunAsync(Thumbnailer, ct, source, "--size", $"{side}x{side}>", "--export-profile", "srgb", "-o", target) is null || !File.Exists(target)
                ? null : VipsPixels.Read(await File.ReadAllBytesAsync(target, ct));
        }
        finally
        {
            File.Delete(target);
        }
    }

    public async Task<StreamInfo?> InspectAsync(string source, string contentType, CancellationToken ct)
    {
        if (FormatOf(contentType) is not { } format) return null;
        var json = await RunAsync(Ffprobe, ct, "-v", "error", "-protocol_whitelist", "file", "-f", format, "-print_format", "json", "-show_format", "-show_streams", source);
        return json is null ? null : ReadInfo(json);
    }

    public Task<bool> PosterAsync(string source, string contentType, double? durationSecs, string target, CancellationToken ct)
    {
        if (FormatOf(contentType) is not { } format) return Task.FromResult(false);
        // The very first picture is often black.
        var at = Math.Min(1, (durationSecs ?? 0) / 10).ToString("0.###", CultureInfo.InvariantCulture);
        return WriteAsync(target, "png", path => RunAsync(Ffmpeg, ct, ["-ss", at, .. FfmpegInput(format, source), "-frames:v", "1", "-an", "-f", "image2", "-vcodec", "png", path]));
    }

    public async Task<byte[]?> WaveformAsync(string source, string contentType, int samples, CancellationToken ct)
    {
        if (FormatOf(contentType) is not { } format) return null;
        var seconds = MaxWaveformSecs.ToString(CultureInfo.InvariantCulture);
        var pcm = await RunAsync(
            Ffmpeg, ct, [.. FfmpegInput(format, source), "-vn", "-t", seconds, "-ac", "1", "-ar", WaveformRate.ToString(CultureInfo.InvariantCulture), "-f", "s16le", "-"]);
        return pcm is null or { Length: < 2 } ? null : Peaks(pcm, samples);
    }

    public void Dispose() => turns.Dispose();

    async Task<byte[]?> RunAsync(string tool, CancellationToken ct, params IReadOnlyList<string> arguments)
    {
        if (!process.Has(tool)) return null;
        if (Interlocked.Increment(ref waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref waiting);
            throw new UnavailableException("media tools");
        }

        try
        {
            await turns.WaitAsync(ct);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }

        try
        {
            return await process.RunAsync(tool, arguments, ct);
        }
        finally
        {
            turns.Release();
        }
    }

    /// <summary>The tools choose the format by the ending; so they write beside the target, which appears when they are done.</summary>
    static async Task<bool> WriteAsync(string target, string format, Func<string, Task<byte[]?>> run)
    {
        var path = $"{target}.{(format == "jpeg" ? "jpg" : format)}";
        try
        {
            if (await run(path) is null || !File.Exists(path)) return false;
            File.Move(path, target, overwrite: true);
            return true;
        }
        finally
        {
            File.Delete(path);
        }
    }

    static string Options(string format, int quality) => format switch
    {
        "png" or "gif" => "[strip]",
        "avif" => $"[compression=av1,Q={quality},strip]",
        _ => $"[Q={quality},strip]",
    };

    /// <summary>Only this file, by this very demuxer: a playlist could name others.</summary>
    static string[] FfmpegInput(string format, string source) => ["-v", "error", "-nostdin", "-threads", "1", "-protocol_whitelist", "file,pipe", "-f", format, "-i", source];

    static string? FormatOf(string contentType) => contentType switch
    {
        "video/mp4" or "video/quicktime" or "audio/mp4" => "mov",
        "video/webm" or "audio/webm" or "video/x-matroska" => "matroska",
        "video/ogg" or "audio/ogg" => "ogg",
        "audio/mpeg" => "mp3",
        "audio/wav" => "wav",
        "audio/flac" => "flac",
        _ => null,
    };

    static string Text(byte[]? output) => output is null ? "" : Encoding.ASCII.GetString(output).Trim();

    static StreamInfo? ReadInfo(byte[] json)
    {
        try
        {
            using var info = JsonDocument.Parse(json);
            var root = info.RootElement;
            var film = root.TryGetProperty("streams", out var streams)
                ? streams.EnumerateArray().FirstOrDefault(s => s.TryGetProperty("codec_type", out var type) && type.GetString() == "video" && s.TryGetProperty("width", out _)) : default;
            double? duration = root.TryGetProperty("format", out var format) && format.TryGetProperty("duration", out var text)
                && double.TryParse(text.GetString(), CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds) && seconds >= 0 ? Math.Round(seconds, 3) : null;
            if (film.ValueKind != JsonValueKind.Object) return new StreamInfo(null, null, duration);
            var (width, height) = (film.GetProperty("width").GetInt32(), film.GetProperty("height").GetInt32());
            return IsTurned(film) ? new StreamInfo(height, width, duration) : new StreamInfo(width, height, duration);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Filmed upright: the pictures lie, and are turned when they are shown.</summary>
    static bool IsTurned(JsonElement film) => film.TryGetProperty("side_data_list", out var list)
        && list.EnumerateArray().Any(d => d.TryGetProperty("rotation", out var rotation) && Math.Abs(rotation.GetInt32()) is 90 or 270);

    /// <summary>The loudest of each stretch, the loudest of all being 255.</summary>
    static byte[] Peaks(byte[] pcm, int samples)
    {
        var count = pcm.Length / 2;
        var peaks = new int[Math.Min(samples, count)];
        for (var i = 0; i < count; i++)
        {
            var at = (int)((long)i * peaks.Length / count);
            peaks[at] = Math.Max(peaks[at], Math.Abs((int)BitConverter.ToInt16(pcm, i * 2)));
        }

        var loudest = Math.Max(1, peaks.Max());
        return [.. peaks.Select(p => (byte)(p * 255L / loudest))];
    }

    [LoggerMessage(1710, LogLevel.Warning, "{Tool} is not installed: files are taken without what it does (thumbnails, sizes of videos, waveforms)")]
    partial void LogMissing(string tool);

    [LoggerMessage(1711, LogLevel.Warning, "Tools that read files cannot be kept from the {What} on this system")]
    partial void LogUnlimited(string what);
}
