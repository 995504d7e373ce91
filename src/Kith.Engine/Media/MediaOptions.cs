using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Kith.Engine.Media;

public sealed record MediaOptions : IValidatableObject
{
    [Description("Where clients find files, such as https://cdn.example.org: a host name of its own keeps what users upload apart from the chat. Empty: the first address of Urls, which does for one machine only.")]
    public string Url { get; init; } = "";

    [Description("Largest file, in bytes.")]
    [Range(1_024L, 1L << 40)]
    public long MaxFileBytes { get; init; } = 26_214_400;

    [Description("Bytes that all files of one user may take; 0: without limit.")]
    [Range(0L, long.MaxValue)]
    public long QuotaBytes { get; init; } = 10L << 30;

    [Description("Uploads are refused where the disk would have fewer bytes left than this.")]
    [Range(0L, long.MaxValue)]
    public long KeepFreeBytes { get; init; } = 256L << 20;

    [Description("Bytes a second: an upload that is slower, after five seconds of grace, is ended.")]
    [Range(1, 1_000_000)]
    public int SlowestUpload { get; init; } = 1_024;

    [Description("Tools for pictures, videos and sounds (vipsthumbnail, ffmpeg) that run at once.")]
    [Range(1, 256)]
    public int Tools { get; init; } = 2;

    [Description("How long such a tool may take for one file.")]
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ToolPatience { get; init; } = TimeSpan.FromSeconds(20);

    [Description("Bytes that thumbnails may take on this machine; the oldest are made again when they are asked for.")]
    [Range(0L, long.MaxValue)]
    public long ThumbnailBytes { get; init; } = 1L << 30;

    [Description("Whether the pages behind links are fetched, from public addresses only, to show their titles and pictures with messages.")]
    public bool LinkPreviews { get; init; } = true;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Url.Length > 0 && !(Uri.TryCreate(Url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri is { AbsolutePath: "/", Query: "" }))
            yield return new($"\"{Url}\" is not an address such as https://cdn.example.org", [nameof(Url)]);
    }
}

/// <summary>Where this process is reached, which is known once it listens: the base of files' addresses where the options name none.</summary>
public sealed class MediaOrigin
{
    public string Url { get; set; } = "http://localhost";
}

/// <summary>The folder below which this process keeps files: uploads under way, and what only it needs.</summary>
public sealed record MediaFolder(string Path);
