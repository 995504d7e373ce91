using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.StaticFiles;

namespace Kith.Server.Http;

/// <summary>One file of the web client, with its compressed twins (<c>.br</c>, <c>.gz</c>) where the build made them.</summary>
/// <param name="Tag">ETag without quotes; each encoding adds its name.</param>
sealed record WebClientFile(string Path, string ContentType, string CacheControl, string Tag, bool HasBrotli, bool HasGzip)
{
    public bool IsHtml => ContentType.StartsWith("text/html", StringComparison.Ordinal);
}

/// <summary>What there is of the web client, read once: a request costs a dictionary lookup, and no path from outside reaches the file system.</summary>
sealed partial class WebClientFiles
{
    const string Forever = "public, max-age=31536000, immutable";

    /// <summary>Kept, but asked for again every time, which costs a 304.</summary>
    const string Revalidate = "no-cache";

    readonly FrozenDictionary<string, WebClientFile> files;

    WebClientFiles(IEnumerable<KeyValuePair<string, WebClientFile>> files)
    {
        this.files = files.ToFrozenDictionary(StringComparer.Ordinal);
        Index = this.files.GetValueOrDefault("/index.html");
    }

    /// <summary>What a browser gets for the client's own addresses; null where there is no web client.</summary>
    public WebClientFile? Index { get; }

    public WebClientFile? Find(string path) => path == "/" ? Index : files.GetValueOrDefault(path);

    /// <summary>Empty where the folder does not exist.</summary>
    public static WebClientFiles Load(WebOptions options)
    {
        var folder = options.Folder.Length > 0 ? options.Folder : Path.Combine(AppContext.BaseDirectory, "wwwroot");
        if (!Directory.Exists(folder)) return new WebClientFiles([]);
        folder = Path.GetFullPath(folder);
        var types = new FileExtensionContentTypeProvider { Mappings = { [".webmanifest"] = "application/manifest+json", [".map"] = "application/json" } };
        return new WebClientFiles(
            from path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            where !path.EndsWith(".br", StringComparison.Ordinal) && !path.EndsWith(".gz", StringComparison.Ordinal)
            let url = "/" + Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/')
            select KeyValuePair.Create(url, Describe(path, url, types)));
    }

    static WebClientFile Describe(string path, string url, FileExtensionContentTypeProvider types)
    {
        var info = new FileInfo(path);
        var type = types.TryGetContentType(path, out var known) ? known : "application/octet-stream";
        if (type.StartsWith("text/", StringComparison.Ordinal)) type += "; charset=utf-8";
        return new WebClientFile(path, type, HashedName.IsMatch(url) ? Forever : Revalidate, $"{info.LastWriteTimeUtc.Ticks:x}-{info.Length:x}",
            File.Exists(path + ".br"), File.Exists(path + ".gz"));
    }

    /// <summary>Names that change with the content, as bundlers write them: <c>/assets/index-B7x_k2Qp.js</c>.</summary>
    [GeneratedRegex(@"/(assets|immutable)/.*[-.][A-Za-z0-9_-]{8,}\.[a-z0-9]+$")]
    private static partial Regex HashedName { get; }
}
