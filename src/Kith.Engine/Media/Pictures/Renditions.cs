
namespace Kith.Engine.Media.Pictures;

/// <summary>A file in the blob store.</summary>
public sealed record StoredBlob(string Key, string ContentType, long Length);

/// <summary>A picture made of a file, on this machine's disk.</summary>
public sealed record Rendition(string Path, string ContentType, long Length, string Tag);

/// <summary>
/// Pictures in other sizes and formats, and posters of films: made when first asked for and kept in <c>media/derived</c>, the oldest making room. What is lost here is made again.
/// </summary>
public sealed class Renditions(IBlobStore blobs, IMediaTools tools, IncomingFiles incoming, MediaFolder folder, MediaOptions options)
{
    /// <summary>Bytes that a file may have of which pictures are made; larger ones would hold up all others.</summary>
    const long MaxSource = 512L << 20;

    readonly KeyedLock making = new();
    readonly string root = Path.Combine(folder.Path, "derived");
    long written;

    /// <summary>Whether there is anything that makes pictures here.</summary>
    public bool IsAvailable => tools.HasPictures;

    /// <summary>Null where none can be made: no picture, broken, too large, or without the tools.</summary>
    /// <param name="durationSecs">Of a film.</param>
    public async Task<Rendition?> FindAsync(StoredBlob source, double? durationSecs, PictureSize size, CancellationToken ct)
    {
        if (!(FileTypes.IsImage(source.ContentType) || FileTypes.IsVideo(source.ContentType)) || source.Length > MaxSource) return null;
        var name = $"{source.Key}-{size.Width}x{size.Height}{(size.Moves ? "m" : "")}.{size.Format}";
        var path = Path.Combine(root, source.Key[..2], name);
        if (!File.Exists(path))
        {
            using var held = await making.EnterAsync(name, ct);
            if (!File.Exists(path) && !await MakeAsync(source, durationSecs, size, path, ct)) return null;
        }

        return new Rendition(path, $"image/{size.Format}", new FileInfo(path).Length, name);
    }

    async Task<bool> MakeAsync(StoredBlob source, double? durationSecs, PictureSize size, string path, CancellationToken ct)
    {
        if (!IsAvailable || !incoming.HasRoom) return false;
        var (fetched, poster, target) = (incoming.NewPath(), incoming.NewPath(), incoming.NewPath());
        try
        {
            if (!await FetchAsync(source, fetched, ct)) return false;
            var isFilm = FileTypes.IsVideo(source.ContentType);
            if (isFilm && !await tools.PosterAsync(fetched, source.ContentType, durationSecs, poster, ct)) return false;
            if (!await tools.ShrinkAsync(isFilm ? poster : fetched, isFilm ? "image/png" : source.ContentType, size, target, ct)) return false;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(target, path, overwrite: true);
            MakeRoom(new FileInfo(path).Length);
            return true;
        }
        finally
        {
            foreach (var temporary in (string[])[fetched, poster, target])
                File.Delete(temporary);
        }
    }

    async Task<bool> FetchAsync(StoredBlob source, string path, CancellationToken ct)
    {
        await using var content = await blobs.OpenAsync(source.Key, 0, source.Length, ct);
        if (content is null) return false;
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        await content.CopyToAsync(file, 64 * 1024, ct);
        return true;
    }

    /// <summary>Looks at the whole only after a sixteenth of what there may be was written.</summary>
    void MakeRoom(long added)
    {
        if (Interlocked.Add(ref written, added) < options.ThumbnailBytes / 16) return;
        Interlocked.Exchange(ref written, 0);
        var files = new DirectoryInfo(root).EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(f => f.LastWriteTimeUtc).ToArray();
        var excess = files.Sum(f => f.Length) - options.ThumbnailBytes;
        foreach (var file in files)
        {
            if (excess <= 0) return;
            excess -= file.Length;
            file.Delete();
        }
    }
}
