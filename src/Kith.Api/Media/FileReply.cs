using System.Buffers;
using System.Globalization;
using System.Text;
using Kith.Api.Http;
using Kith.Engine.Media;
using Kith.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Kith.Api.Media;

/// <summary>A file as it is delivered.</summary>
/// <param name="Tag">ETag without quotes; it changes with the content.</param>
/// <param name="MaxAge">For how long the address is good.</param>
/// <param name="Open">The bytes from an offset on, so many of them; null where they are gone.</param>
public sealed record DeliveredFile(string ContentType, long Length, string Tag, string? Filename, TimeSpan MaxAge, Func<long, long, CancellationToken, Task<Stream?>> Open);

/// <summary>
/// Answers with a file: whole or one range of it, cached for good, and so that nothing in it runs. What browsers cannot show without running anything is a download.
/// A transfer costs one buffer.
/// </summary>
static class FileReply
{
    const int BufferLength = 64 * 1024;

    /// <summary>For who opens the file itself: no script, no plug-in, no origin.</summary>
    const string ContentSecurityPolicy = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox";

    public static async Task WriteAsync(HttpContext http, DeliveredFile file)
    {
        var tag = new EntityTagHeaderValue($"\"{file.Tag}\"");
        WriteHeaders(http.Response, file, tag);
        var request = http.Request.GetTypedHeaders();
        if (request.IfNoneMatch is { Count: > 0 } known && known.Any(k => k.Equals(EntityTagHeaderValue.Any) || k.Compare(tag, useStrongComparison: false)))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var (offset, length) = (0L, file.Length);
        if (RangeOf(request, tag) is { } range)
        {
            if (!TryPlace(range, file.Length, out offset, out length))
            {
                http.Response.Headers.ContentRange = $"bytes */{file.Length}";
                http.Response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                return;
            }

            http.Response.StatusCode = StatusCodes.Status206PartialContent;
            http.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {offset}-{offset + length - 1}/{file.Length}");
        }

        await SendAsync(http, file, offset, length);
    }

    static async Task SendAsync(HttpContext http, DeliveredFile file, long offset, long length)
    {
        http.Response.ContentLength = length;
        if (HttpMethods.IsHead(http.Request.Method)) return;
        var ct = http.RequestAborted;
        await using var content = await file.Open(offset, length, ct);
        if (content is null)
        {
            http.Response.Headers.Clear();
            await ((Reply)ErrorCode.NotFound).WriteAsync(http.Response, ct);
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            int read;
            while (length > 0 && (read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(BufferLength, length)), ct)) > 0)
            {
                await http.Response.Body.WriteAsync(buffer.AsMemory(0, read), ct);
                length -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static void WriteHeaders(HttpResponse response, DeliveredFile file, EntityTagHeaderValue tag)
    {
        var headers = response.Headers;
        var isInline = FileTypes.IsInline(file.ContentType);
        response.ContentType = isInline ? file.ContentType : FileTypes.Unknown;
        headers.ETag = tag.ToString();
        headers.AcceptRanges = "bytes";
        headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"public, max-age={(long)file.MaxAge.TotalSeconds}, immutable");
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers.AccessControlAllowOrigin = "*";
        if (file.Filename is { } name) headers.ContentDisposition = Disposition(isInline ? "inline" : "attachment", name);
    }

    /// <summary>RFC 6266: an ASCII name for old readers, the real one in UTF-8 for all others.</summary>
    static string Disposition(string kind, string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var c in name)
            plain.Append(c is >= ' ' and <= '~' and not ('"' or '\\' or '%' or ';') ? c : '_');
        return $"{kind}; filename=\"{plain}\"; filename*=UTF-8''{Uri.EscapeDataString(name)}";
    }

    /// <summary>One range, where it is asked of this very content; several are answered with the whole file, as RFC 9110 allows.</summary>
    static RangeItemHeaderValue? RangeOf(Microsoft.AspNetCore.Http.Headers.RequestHeaders request, EntityTagHeaderValue tag)
    {
        if (request.Range is not { Ranges.Count: 1 } asked || asked.Unit != "bytes") return null;
        if (request.IfRange is { } condition && !(condition.EntityTag?.Compare(tag, useStrongComparison: true) ?? false)) return null;
        return asked.Ranges.First();
    }

    static bool TryPlace(RangeItemHeaderValue range, long total, out long offset, out long length)
    {
        (offset, length) = range switch
        {
            { From: { } from } => (from, Math.Min(range.To ?? total - 1, total - 1) - from + 1),
            { To: { } suffix } => (Math.Max(total - suffix, 0), Math.Min(suffix, total)),
            _ => (0, 0),
        };
        return length > 0 && offset < total;
    }
}
