using System.Globalization;
using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Media;
using Kith.Protocol;
using Microsoft.AspNetCore.Http;

namespace Kith.Api.Media;

/// <summary>
/// <c>/uploads/{id}?ex=&amp;hm=</c>: takes an announced file, whole by PUT or piece by piece as tus 1.0 says (HEAD, PATCH; made by the announcement, so without its creation). The address is the
/// permission: who asked for it may.
/// </summary>
sealed class UploadFiles(DirectUploads uploads, UploadLinks links, MediaOptions options) : IMediaEndpoints
{
    const string Tus = "1.0.0", Piece = "application/offset+octet-stream";

    public void Map(MediaRoutes routes)
    {
        routes.Map(["PUT"], "/uploads/{upload}", http => WithAsync(http, PutAsync));
        routes.Map(["HEAD"], "/uploads/{upload}", http => WithAsync(http, TellAsync));
        routes.Map(["PATCH"], "/uploads/{upload}", http => WithAsync(http, AppendAsync));
        routes.Map(["DELETE"], "/uploads/{upload}", http => WithAsync(http, CancelAsync));
        routes.Map(["OPTIONS"], "/uploads/{upload}", DescribeAsync);
    }

    async Task WithAsync(HttpContext http, Func<HttpContext, AttachmentId, Task> endpoint)
    {
        var headers = http.Response.Headers;
        headers["Tus-Resumable"] = Tus;
        headers.CacheControl = "no-store";
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlExposeHeaders = "Upload-Offset, Upload-Length, Tus-Resumable";
        if (!MediaRoutes.TryId(http, "upload", out var id) || !links.IsValid(new AttachmentId(id), http.Request.Query["ex"], http.Request.Query["hm"]))
        {
            await MediaRoutes.RefuseAsync(http, ErrorCode.UnknownUpload);
            return;
        }

        BodyLimits.Raise(http, options.MaxFileBytes, options);
        await endpoint(http, new AttachmentId(id));
    }

    async Task PutAsync(HttpContext http, AttachmentId id)
    {
        if (!(await uploads.ProgressAsync(id, http.RequestAborted)).Ok(out var progress, out var error)) await MediaRoutes.RefuseAsync(http, error);
        else if (http.Request.ContentLength is { } length && length != progress.Length) await MediaRoutes.RefuseAsync(http, Error.Form("_body", "FILE_SIZE_MISMATCH", $"{progress.Length} bytes were announced."));
        else if (!(await uploads.AppendAsync(id, offset: null, http.Request.Body, http.RequestAborted)).Ok(out var reached, out error)) await MediaRoutes.RefuseAsync(http, error);
        else if (reached != progress.Length) await MediaRoutes.RefuseAsync(http, Error.Form("_body", "FILE_SIZE_MISMATCH", $"{progress.Length} bytes were announced."));
    }

    async Task AppendAsync(HttpContext http, AttachmentId id)
    {
        if (http.Request.ContentType != Piece) await MediaRoutes.RefuseAsync(http, Error.Form("_body", "CONTENT_TYPE_INVALID", $"Expected {Piece}."));
        else if (!long.TryParse(http.Request.Headers["Upload-Offset"], NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
            await MediaRoutes.RefuseAsync(http, Error.Form("Upload-Offset", "NUMBER_TYPE_COERCE", "Value is not int."));
        else if (!(await uploads.AppendAsync(id, offset, http.Request.Body, http.RequestAborted)).Ok(out var reached, out var error)) await MediaRoutes.RefuseAsync(http, error);
        else
        {
            http.Response.Headers["Upload-Offset"] = reached.ToString(CultureInfo.InvariantCulture);
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }

    async Task TellAsync(HttpContext http, AttachmentId id)
    {
        if (!(await uploads.ProgressAsync(id, http.RequestAborted)).Ok(out var progress, out _))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        http.Response.Headers["Upload-Offset"] = progress.Offset.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers["Upload-Length"] = progress.Length.ToString(CultureInfo.InvariantCulture);
    }

    async Task CancelAsync(HttpContext http, AttachmentId id) => await MediaRoutes.RefuseAsync(http, Reply.From(await uploads.CancelAsync(id, user: null, http.RequestAborted)));

    Task DescribeAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers["Tus-Resumable"] = Tus;
        headers["Tus-Version"] = Tus;
        headers["Tus-Extension"] = "termination";
        headers["Tus-Max-Size"] = options.MaxFileBytes.ToString(CultureInfo.InvariantCulture);
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlAllowMethods = "PUT, HEAD, PATCH, DELETE, OPTIONS";
        headers.AccessControlAllowHeaders = "Content-Type, Upload-Offset, Tus-Resumable, X-Requested-With";
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
