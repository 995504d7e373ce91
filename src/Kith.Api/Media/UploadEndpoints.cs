using System.Text.Json;
using System.Text.Json.Serialization;
using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Media;

namespace Kith.Api.Media;

/// <summary>POST /channels/{id}/attachments: where files may be uploaded that a message is to name.</summary>
sealed class UploadEndpoints(Access access, DirectUploads uploads) : IEndpoints
{
    public void Map(ApiRoutes routes)
    {
        routes.Post("/channels/{channel_id}/attachments", AnnounceAsync);
        routes.Delete("/attachments/{attachment_id}/{filename}", CancelAsync);
    }

    async Task<Reply> AnnounceAsync(ApiRequest r)
    {
        const Permissions needed = Permissions.SendMessages | Permissions.AttachFiles;
        if (!(await access.ChannelAsync(r.Principal, r.Id<ChannelId>("channel_id"), r.Aborted, needed)).Ok(out var channel, out var error)) return error;
        var form = await r.BodyAsync<AnnounceForm>();
        if (!(await uploads.AnnounceAsync(channel, form.Files ?? [], r.Aborted)).Ok(out var announced, out error)) return error;
        return Reply.Json(new AnnounceReply([.. announced.Select(a => new Upload(a.ClientId, a.Target.Url, a.UploadFilename, a.Target.Parts.Count == 0 ? null : a.Target.Parts))]));
    }

    /// <summary>Of one's own that no message has. The name of an upload is its id and its file's name.</summary>
    async Task<Reply> CancelAsync(ApiRequest r) => Reply.From(await uploads.CancelAsync(r.Id<AttachmentId>("attachment_id"), r.Principal.Id, r.Aborted));

    sealed record AnnounceForm(IReadOnlyList<UploadForm>? Files = null);

    sealed record AnnounceReply(IReadOnlyList<Upload> Attachments);

    sealed record Upload(
        JsonElement? Id, string? UploadUrl, string UploadFilename, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<UploadPart>? UploadParts);
}
