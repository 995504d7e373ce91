namespace Kith.Engine.Media.Pictures;

/// <summary>A file ready to be kept, which may not be the one that came: the former is disposed with it.</summary>
public sealed record PreparedFile(IncomingFile File, string ContentType, string Filename, FileDetails Details, ImageHeader? Header);

/// <summary>
/// Looks into a file before it is kept: pictures lose what tells of their maker and stand upright; pictures, films and sounds are measured. Nothing here refuses a file:
/// what cannot be read is kept as a file among others.
/// </summary>
public sealed class FilePreparation(IMediaTools tools, IncomingFiles incoming)
{
    /// <summary>Larger pictures are files like any other: who shows them would need gigabytes.</summary>
    public const long MaxPixels = 100_000_000;

    const int MaxSide = 20_000;
    const int PlaceholderSide = 64;

    /// <summary>As the protocol's waveforms have.</summary>
    const int WaveformSamples = 256;

    public async Task<PreparedFile> PrepareAsync(IncomingFile file, string filename, CancellationToken ct)
    {
        var type = FileTypes.Of(file.ReadHead());
        if (FileTypes.IsImage(type)) return await PictureAsync(file, type, filename, ct);
        if (FileTypes.IsVideo(type)) return new PreparedFile(file, type, filename, await FilmAsync(file, type, ct), null);
        if (FileTypes.IsAudio(type)) return new PreparedFile(file, type, filename, await SoundAsync(file, type, ct), null);
        return new PreparedFile(file, type, filename, new FileDetails(), null);
    }

    async Task<PreparedFile> PictureAsync(IncomingFile file, string type, string filename, CancellationToken ct)
    {
        var header = ReadHeader(file.Path, type);
        if (header is not null && !IsShown(header.Width, header.Height)) return new PreparedFile(Strip(file, type, header.Orientation) ?? file, type, filename, new FileDetails(), header);
        if (header is null && !ImageMetadata.CanStrip(type)) return await ForeignAsync(file, type, filename, ct);
        var clean = header is { Orientation: > 1 } ? await RewriteAsync(file, "jpeg", ct) : null;
        var upright = clean is not null;
        clean ??= Strip(file, type, header?.Orientation ?? 1) ?? file;
        if (header is not null && upright) header = new ImageHeader(header.ShownWidth, header.ShownHeight, header.IsAnimated);
        // What has no size is broken, or lies: no tool is given it.
        if (header is null) return new PreparedFile(clean, type, filename, new FileDetails(), null);
        var details = new FileDetails { Width = header.ShownWidth, Height = header.ShownHeight, Placeholder = await PlaceholderAsync(clean.Path, ct) };
        return new PreparedFile(clean, type, filename, details, header);
    }

    /// <summary>A picture that only the tools read. What no browser shows becomes a JPEG.</summary>
    async Task<PreparedFile> ForeignAsync(IncomingFile file, string type, string filename, CancellationToken ct)
    {
        if (await tools.MeasureAsync(file.Path, ct) is not var (width, height) || !IsShown(width, height)) return new PreparedFile(file, type, filename, new FileDetails(), null);
        var format = type == "image/avif" ? "avif" : "jpeg";
        if (await RewriteAsync(file, format, ct) is not { } clean) return new PreparedFile(file, type, filename, new FileDetails { Width = width, Height = height }, null);
        if (await tools.MeasureAsync(clean.Path, ct) is var (shownWidth, shownHeight)) (width, height) = (shownWidth, shownHeight);
        var details = new FileDetails { Width = width, Height = height, Placeholder = await PlaceholderAsync(clean.Path, ct) };
        return format == "avif" ? new PreparedFile(clean, type, filename, details, new ImageHeader(width, height))
            : new PreparedFile(clean, "image/jpeg", Path.ChangeExtension(filename, ".jpg"), details, new ImageHeader(width, height));
    }

    async Task<FileDetails> FilmAsync(IncomingFile file, string type, CancellationToken ct)
    {
        if (await tools.InspectAsync(file.Path, type, ct) is not { } info) return new FileDetails();
        var details = new FileDetails { Width = info.Width, Height = info.Height, DurationSecs = info.DurationSecs };
        if (info is not { Width: > 0, Height: > 0 } || !IsShown(info.Width.Value, info.Height.Value)) return details with { Width = null, Height = null };
        var poster = incoming.NewPath();
        try
        {
            return await tools.PosterAsync(file.Path, type, info.DurationSecs, poster, ct) ? details with { Placeholder = await PlaceholderAsync(poster, ct) } : details;
        }
        finally
        {
            File.Delete(poster);
        }
    }

    async Task<FileDetails> SoundAsync(IncomingFile file, string type, CancellationToken ct)
    {
        var info = await tools.InspectAsync(file.Path, type, ct);
        if (info is null) return new FileDetails();
        var waveform = await tools.WaveformAsync(file.Path, type, WaveformSamples, ct);
        return new FileDetails { DurationSecs = info.DurationSecs, Waveform = waveform is null ? null : Convert.ToBase64String(waveform) };
    }

    async Task<string?> PlaceholderAsync(string path, CancellationToken ct) =>
        await tools.ReadPixelsAsync(path, PlaceholderSide, ct) is { } pixels ? Convert.ToBase64String(ThumbHash.Encode(pixels.Width, pixels.Height, pixels.Rgba)) : null;

    async Task<IncomingFile?> RewriteAsync(IncomingFile file, string format, CancellationToken ct)
    {
        var path = incoming.NewPath();
        if (await tools.RewriteAsync(file.Path, path, format, ct))
        {
            file.Dispose();
            return IncomingFiles.Describe(path);
        }

        File.Delete(path);
        return null;
    }

    /// <summary>Null where nothing can be stripped.</summary>
    IncomingFile? Strip(IncomingFile file, string type, int orientation)
    {
        if (!ImageMetadata.CanStrip(type)) return null;
        var path = incoming.NewPath();
        bool done;
        using (var source = File.OpenRead(file.Path))
        using (var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 64 * 1024))
            done = ImageMetadata.TryStrip(source, type, orientation, target);
        if (!done)
        {
            File.Delete(path);
            return null;
        }

        file.Dispose();
        return IncomingFiles.Describe(path);
    }

    static bool IsShown(int width, int height) => width <= MaxSide && height <= MaxSide && (long)width * height <= MaxPixels;

    static ImageHeader? ReadHeader(string path, string type)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 4096);
        return ImageHeader.Read(file, type);
    }
}
