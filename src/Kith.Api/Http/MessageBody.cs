using System.Buffers;
using Kith.Engine;
using Kith.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Kith.Api.Http;

/// <summary>The body of a send or edit: JSON, or multipart with <c>payload_json</c>, whose own content type may be absent.</summary>
static class MessageBody
{
    public static async ValueTask<T> ReadAsync<T>(HttpRequest request, CancellationToken ct)
        where T : class
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return await JsonBody.ReadAsync<T>(request, ct);
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        if (boundary.Length is 0 or > 200) throw new BadRequestException(Error.Form("_body", "MULTIPART_INVALID", "The multipart boundary is missing or too long."));
        try
        {
            var reader = new MultipartReader(boundary, request.Body);
            while (await reader.ReadNextSectionAsync(ct) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)) continue;
                if (HeaderUtilities.RemoveQuotes(disposition.Name) == "payload_json") return JsonBody.Parse<T>(new ReadOnlySequence<byte>(await ReadAsync(section.Body, ct)));
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new BadRequestException(Error.Form("_body", "MULTIPART_INVALID", "The multipart body cannot be read."));
        }

        return JsonBody.Parse<T>(default);
    }

    static async ValueTask<byte[]> ReadAsync(Stream body, CancellationToken ct)
    {
        using var memory = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, ct)) > 0)
        {
            if (memory.Length + read > JsonBody.MaxBytes) throw new BadRequestException(ErrorCode.RequestTooLarge);
            memory.Write(buffer, 0, read);
        }

        return memory.ToArray();
    }
}
