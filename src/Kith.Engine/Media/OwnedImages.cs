using Kith.Engine.Media.Pictures;
using Kith.Protocol;

namespace Kith.Engine.Media;

/// <summary>What a picture is of; a number in the store.</summary>
public enum ImageKind
{
    Avatar = 1,
    UserBanner = 2,
    GuildIcon = 3,
    GuildBanner = 4,
    GuildSplash = 5,
    GuildDiscoverySplash = 6,
    ChannelIcon = 7,
    Emoji = 8,
    Sticker = 9,
    Preview = 10,
}

/// <summary>A picture of someone or something.</summary>
/// <param name="Hash">Part of its address; begins with <c>a_</c> where it moves.</param>
public sealed record ImageRecord(ImageKind Kind, long OwnerId, string Hash, string BlobKey, string ContentType, long Size)
{
    public bool IsAnimated => Hash.StartsWith("a_", StringComparison.Ordinal);
}

/// <summary>Pictures by what they are of, with references to blobs.</summary>
public interface IImageStore
{
    /// <summary>False where the blob is being deleted. One that is there stays.</summary>
    Task<bool> AddAsync(ImageRecord image, CancellationToken ct);

    /// <param name="hash">Null: any, where there is but one.</param>
    Task<ImageRecord?> FindAsync(ImageKind kind, long owner, string? hash, CancellationToken ct);

    /// <summary>All but this one go; null: all.</summary>
    Task RetainAsync(ImageKind kind, long owner, string? hash, DateTimeOffset now, CancellationToken ct);
}

/// <summary>Avatars, icons, banners, emojis, stickers: pictures that come as data URIs or files, and are kept like any file.</summary>
public sealed class OwnedImages(IImageStore images, IBlobStore blobs, IncomingFiles incoming, FilePreparation preparation, TimeProvider clock)
{
    /// <summary>Pixels a side.</summary>
    const int MaxSide = 8192;

    const int HashLength = 32;

    /// <summary>Of a picture in JSON, which is in memory whole.</summary>
    const int MaxBytes = 4 << 20;

    static readonly HashSet<string> Types = new(StringComparer.Ordinal) { "image/png", "image/jpeg", "image/gif", "image/webp" };

    /// <summary>Whether a field has the form of a picture, before anything is kept.</summary>
    public static void Check(FormErrors errors, string path, Optional<string?> field)
    {
        if (field.Or(null) is not { Length: > 0 } dataUri) return;
        var comma = dataUri.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || !dataUri.StartsWith("data:image/", StringComparison.Ordinal) || !dataUri.AsSpan(0, comma).EndsWith(";base64", StringComparison.Ordinal))
            errors.Add(path, "IMAGE_INVALID", "Must be a picture as data:image/png;base64,…");
    }

    /// <summary>A picture's field of a form, given as a data URI: kept, the field becomes its hash. Absent and null stay.</summary>
    public async Task<Result<Optional<string?>>> KeepAsync(ImageKind kind, long owner, string path, Optional<string?> field, CancellationToken ct)
    {
        if (field.Or(null) is not { Length: > 0 } dataUri) return field.HasValue ? new Optional<string?>(null) : field;
        return (await SaveAsync(kind, owner, path, dataUri, MaxBytes, ct)).Ok(out var image, out var error) ? new Optional<string?>(image.Hash) : error;
    }

    /// <summary>Keeps a picture given as <c>data:image/…;base64,…</c>; what it is, its bytes say. The hash, or what is wrong with the field.</summary>
    public async Task<Result<ImageRecord>> SaveAsync(ImageKind kind, long owner, string path, string dataUri, int maxBytes, CancellationToken ct)
    {
        var errors = new FormErrors();
        Check(errors, path, dataUri);
        if (errors.Error is { } wrong) return wrong;
        var comma = dataUri.IndexOf(',', StringComparison.Ordinal);
        var bytes = new byte[dataUri.Length - comma];
        if (!Convert.TryFromBase64Chars(dataUri.AsSpan(comma + 1), bytes, out var length)) return Error.Form(path, "IMAGE_INVALID", "Must be base64.");
        using var content = new MemoryStream(bytes, 0, length);
        return await SaveAsync(kind, owner, path, content, maxBytes, ct);
    }

    public async Task<Result<ImageRecord>> SaveAsync(ImageKind kind, long owner, string path, Stream content, int maxBytes, CancellationToken ct)
    {
        if (!(await incoming.ReceiveAsync(content, ct)).Ok(out var file, out var error)) return error;
        using (file)
            return file.Length > maxBytes ? Error.Form(path, "BINARY_TYPE_MAX_SIZE", $"File cannot be larger than {maxBytes / 1024} kb.") : await KeepAsync(kind, owner, path, file, ct);
    }

    /// <summary>After the owner has this one, or with null none any more.</summary>
    public Task SettleAsync(ImageKind kind, long owner, string? hash, CancellationToken ct) => images.RetainAsync(kind, owner, hash, clock.GetUtcNow(), ct);

    async Task<Result<ImageRecord>> KeepAsync(ImageKind kind, long owner, string path, IncomingFile upload, CancellationToken ct)
    {
        var prepared = await preparation.PrepareAsync(upload, "image", ct);
        using var file = prepared.File;
        if (!Types.Contains(prepared.ContentType) || prepared.Header is not { } header) return Error.Form(path, "IMAGE_INVALID", "Must be a PNG, JPEG, GIF or WebP picture.");
        if (header.Width > MaxSide || header.Height > MaxSide) return Error.Form(path, "IMAGE_INVALID", $"Must have at most {MaxSide} pixels a side.");
        var image = new ImageRecord(kind, owner, (header.IsAnimated ? "a_" : "") + file.Sha256[..HashLength], file.Sha256, prepared.ContentType, file.Length);
        if (!await images.AddAsync(image, ct))
        {
            image = image with { BlobKey = $"{file.Sha256}-{owner}" };
            if (!await images.AddAsync(image, ct)) return ErrorCode.ResourceOverloaded;
        }

        await blobs.AdoptAsync(image.BlobKey, file.Path, image.ContentType, ct);
        return image;
    }
}
