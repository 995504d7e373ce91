using Kith.Domain;
using Kith.Engine.Media;
using Kith.Protocol;
using Microsoft.AspNetCore.Http;

namespace Kith.Api.Media;

/// <summary><c>/attachments/{channel}/{id}/{name}?ex=&amp;is=&amp;hm=</c>. The permission was checked when the address was signed.</summary>
sealed class AttachmentFiles(IAttachmentStore attachments, IBlobStore blobs, MediaLinks links) : IMediaEndpoints
{
    public void Map(MediaRoutes routes) => routes.Get("/attachments/{channel_id}/{attachment_id}/{filename}", SendAsync);

    async Task SendAsync(HttpContext http)
    {
        if (await FindAsync(http) is not var (file, left))
        {
            await MediaRoutes.RefuseAsync(http, ErrorCode.NotFound);
            return;
        }

        var key = file.BlobKey!;
        await FileReply.WriteAsync(http, new DeliveredFile(file.ContentType, file.Size, key, file.Filename, left, (offset, length, ct) => blobs.OpenAsync(key, offset, length, ct)));
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
