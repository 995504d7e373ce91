using Kith.Domain;
using Kith.Engine.Media;
using Kith.Engine.Media.Pictures;
using Kith.Protocol;
using Microsoft.AspNetCore.Http;

namespace Kith.Api.Media;

/// <summary>
/// <c>/attachments/{channel}/{id}/{name}?ex=&amp;is=&amp;hm=</c>, of pictures and films also with <c>&amp;width=&amp;height=&amp;format=</c>. The permission was checked when the
/// address was signed.
/// </summary>
sealed class AttachmentFiles(IAttachmentStore attachments, IBlobStore blobs, Renditions renditions, MediaLinks links) : IMediaEndpoints
{
    public void Map(MediaRoutes routes) => routes.Get("/attachments/{channel_id}/{attachment_id}/{filename}", SendAsync);

    async Task SendAsync(HttpContext http)
    {
        if (await FindAsync(http) is not var (file, left))
        {
            await MediaRoutes.RefuseAsync(http, ErrorCode.NotFound);
            return;
        }

        var blob = new StoredBlob(file.BlobKey!, file.ContentType, file.Size);
        if (PictureQuery.OfAttachment(http.Request, file.ContentType) is not { } size) await FileReply.WriteAsync(http, BlobFile.Of(blobs, blob, file.Filename, left));
        // What has no size was found to be no picture, to be broken, or too large to be shown.
        else if (file.Details.Width is not null && await renditions.FindAsync(blob, file.Details.DurationSecs, size, http.RequestAborted) is { } made)
            await FileReply.WriteAsync(http, BlobFile.Of(made, Path.ChangeExtension(file.Filename, size.Format), left));
        else if (!renditions.IsAvailable && FileTypes.IsImage(file.ContentType)) await FileReply.WriteAsync(http, BlobFile.Of(blobs, blob, file.Filename, left));
        else await MediaRoutes.RefuseAsync(http, ErrorCode.CannotRender);
    }

    /// <summary>Null for what is not there and for what may not be seen alike.</summary>
    async Task<(AttachmentRecord File, TimeSpan Left)?> FindAsync(HttpContext http)
    {
        if (!MediaRoutes.TryId(http, "channel_id", out var channel) || !MediaRoutes.TryId(http, "attachment_id", out var id)) return null;
        var query = http.Request.Query;
        if (links.Remaining(new ChannelId(channel), new AttachmentId(id), query["ex"], query["is"], query["hm"]) is not { } left) return null;
        var file = await attachments.FindAsync(new AttachmentId(id), http.RequestAborted);
        return file is { BlobKey: not null } && file.Filename == (string?)http.Request.RouteValues["filename"] ? (file, left) : null;
    }
}
