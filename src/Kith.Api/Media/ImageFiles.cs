using Kith.Domain;
using Kith.Engine.Media;
using Kith.Engine.Media.Pictures;
using Kith.Protocol;
using Microsoft.AspNetCore.Http;

namespace Kith.Api.Media;

/// <summary>Avatars, icons, banners, emojis and stickers at Discord's CDN paths: public to who knows the address, in any size and format.</summary>
sealed class ImageFiles(IImageStore images, IBlobStore blobs, Renditions renditions) : IMediaEndpoints
{
    /// <summary>An address with a hash always has the same picture.</summary>
    static readonly TimeSpan Forever = TimeSpan.FromDays(365);

    public void Map(MediaRoutes routes)
    {
        routes.Get("/avatars/{owner}/{name}", http => SendAsync(http, ImageKind.Avatar));
        routes.Get("/banners/{owner}/{name}", http => SendAsync(http, ImageKind.UserBanner, ImageKind.GuildBanner));
        routes.Get("/icons/{owner}/{name}", http => SendAsync(http, ImageKind.GuildIcon));
        routes.Get("/splashes/{owner}/{name}", http => SendAsync(http, ImageKind.GuildSplash));
        routes.Get("/discovery-splashes/{owner}/{name}", http => SendAsync(http, ImageKind.GuildDiscoverySplash));
        routes.Get("/emojis/{name}", http => SendOnlyAsync(http, ImageKind.Emoji));
        routes.Get("/stickers/{name}", http => SendOnlyAsync(http, ImageKind.Sticker));
        routes.Get("/channel-icons/{owner}/{name}", http => SendAsync(http, ImageKind.ChannelIcon));
    }

    async Task SendAsync(HttpContext http, params ImageKind[] kinds)
    {
        var name = (string)http.Request.RouteValues["name"]!;
        if (MediaRoutes.TryId(http, "owner", out var owner) && PictureQuery.OfImage(http.Request, name) is var (hash, size))
        {
            foreach (var kind in kinds)
            {
                if (await images.FindAsync(kind, owner, hash, http.RequestAborted) is not { } image) continue;
                await SendAsync(http, image, size);
                return;
            }
        }

        await MediaRoutes.RefuseAsync(http, ErrorCode.NotFound);
    }

    /// <summary>The picture of what has but one: <c>id.ext</c>.</summary>
    async Task SendOnlyAsync(HttpContext http, ImageKind kind)
    {
        if (PictureQuery.OfImage(http.Request, (string)http.Request.RouteValues["name"]!) is var (id, size) && Snowflake.TryParse(id, out var owner)
            && await images.FindAsync(kind, owner, null, http.RequestAborted) is { } image) await SendAsync(http, image, size);
        else await MediaRoutes.RefuseAsync(http, ErrorCode.NotFound);
    }

    async Task SendAsync(HttpContext http, ImageRecord image, PictureSize size)
    {
        var source = new StoredBlob(image.BlobKey, image.ContentType, image.Size);
        var isOriginal = size.Width == 0 && image.ContentType == $"image/{size.Format}" && (size.Moves || !image.IsAnimated);
        var made = isOriginal ? null : await renditions.FindAsync(source, null, size, http.RequestAborted);
        await FileReply.WriteAsync(http, made is null ? BlobFile.Of(blobs, source, null, Forever) : BlobFile.Of(made, null, Forever));
    }
}

/// <summary>What is delivered of a file.</summary>
static class BlobFile
{
    public static DeliveredFile Of(IBlobStore blobs, StoredBlob blob, string? name, TimeSpan maxAge) =>
        new(blob.ContentType, blob.Length, blob.Key, name, maxAge, (offset, length, ct) => blobs.OpenAsync(blob.Key, offset, length, ct));

    public static DeliveredFile Of(Rendition made, string? name, TimeSpan maxAge) =>
        new(made.ContentType, made.Length, made.Tag, name, maxAge, (offset, length, ct) => Task.FromResult<Stream?>(OpenPart(made.Path, offset)));

    static FileStream OpenPart(string path, long offset)
    {
        var file = new FileStream(path, new FileStreamOptions { BufferSize = 0, Options = FileOptions.Asynchronous });
        file.Position = offset;
        return file;
    }
}
