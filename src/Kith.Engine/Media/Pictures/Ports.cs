namespace Kith.Engine.Media.Pictures;

/// <summary>What a film or a sound says of itself; null for what it has not.</summary>
public sealed record StreamInfo(int? Width, int? Height, double? DurationSecs);

/// <summary>A picture of at most this size, shrunk to fit and never enlarged.</summary>
/// <param name="Width">Pixels; 0: as the other one asks.</param>
/// <param name="Format">webp, jpeg, png, gif or avif.</param>
/// <param name="Moves">Whether what moves goes on moving, where the format can.</param>
public sealed record PictureSize(int Width, int Height, string Format, bool Moves);

/// <summary>A small picture, four bytes a pixel with opacity last.</summary>
public sealed record Pixels(int Width, int Height, byte[] Rgba);

/// <summary>
/// What must decode pictures, films and sounds of strangers: done outside of this process, bounded in time, memory and output, without a network. Null or false where it cannot be
/// done: for that file, or because the tool is not installed, which the log says once.
/// </summary>
public interface IMediaTools
{
    /// <summary>Whether pictures can be made at all.</summary>
    bool HasPictures { get; }

    /// <summary>Writes a picture of a picture.</summary>
    Task<bool> ShrinkAsync(string source, string contentType, PictureSize size, string target, CancellationToken ct);

    /// <summary>Writes the picture again in its own size, upright, and with nothing but itself in it.</summary>
    Task<bool> RewriteAsync(string source, string target, string format, CancellationToken ct);

    /// <summary>Width and height of a picture.</summary>
    Task<(int Width, int Height)?> MeasureAsync(string source, CancellationToken ct);

    /// <summary>The picture within <paramref name="side"/> pixels a side.</summary>
    Task<Pixels?> ReadPixelsAsync(string source, int side, CancellationToken ct);

    Task<StreamInfo?> InspectAsync(string source, string contentType, CancellationToken ct);

    /// <summary>Writes a PNG of a moment near the film's beginning.</summary>
    Task<bool> PosterAsync(string source, string contentType, double? durationSecs, string target, CancellationToken ct);

    /// <summary>Loudness over time, <paramref name="samples"/> values at most.</summary>
    Task<byte[]?> WaveformAsync(string source, string contentType, int samples, CancellationToken ct);
}
