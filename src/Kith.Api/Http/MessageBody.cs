using System.Buffers;
using System.Globalization;
using Kith.Engine;
using Kith.Engine.Media;
using Kith.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Kith.Api.Http;

/// <summary>What a send or edit brought. Its files are gone when disposed, but for those that a message took.</summary>
public sealed record MessageBody<T>(T Form, UploadedFiles Files) : IDisposable
{
    public void Dispose() => Files.Dispose();
}

/// <summary>
/// The body of a send or edit: JSON, or multipart with <c>payload_json</c>, whose own content type may be absent, and <c>files[n]</c>, which go to the disk as they come:
/// in any order, with any numbers, each once.
/// </summary>
public sealed class MessageBodies(IncomingFiles incoming, MediaOptions options)
{
    const int BufferLength = 64 * 1024;
    const int MaxFiles = 10;

    /// <summary>The protocol's own headers, beside what the parts hold.</summary>
    const int MaxOverhead = 64 * 1024;

    public async ValueTask<MessageBody<T>> ReadAsync<T>(HttpRequest request, CancellationToken ct)
        where T : class
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return new MessageBody<T>(await JsonBody.ReadAsync<T>(request, ct), UploadedFiles.None);
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        if (boundary.Length is 0 or > 200) throw new BadRequestException(Error.Form("_body", "MULTIPART_INVALID", "The multipart boundary is missing or too long."));
        BodyLimits.Raise(request.HttpContext, (options.MaxFileBytes * MaxFiles) + JsonBody.MaxBytes + MaxOverhead, options);
        var files = new UploadedFiles();
        try
        {
            return new MessageBody<T>(await ReadPartsAsync<T>(new MultipartReader(boundary, request.Body, BufferLength), files, ct), files);
        }
        catch (Exception e)
        {
            files.Dispose();
            if (e is InvalidDataException or IOException and not BadHttpRequestException)
                throw new BadRequestException(Error.Form("_body", "MULTIPART_INVALID", "The multipart body cannot be read."));
            throw;
        }
    }

    async ValueTask<T> ReadPartsAsync<T>(MultipartReader reader, UploadedFiles files, CancellationToken ct)
        where T : class
    {
        T? form = null;
        while (await reader.ReadNextSectionAsync(ct) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition))
                throw new BadRequestException(Error.Form("_body", "MULTIPART_INVALID", "A part has no Content-Disposition that can be read."));
            var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
            if (name == "payload_json") form = JsonBody.Parse<T>(new ReadOnlySequence<byte>(await ReadAsync(section.Body, ct)));
            else if (NumberOf(name) is { } number) await ReceiveAsync(files, number, name, disposition, section.Body, ct);
            else if (disposition.IsFileDisposition()) throw new BadRequestException(Error.Form("files", "MULTIPART_INVALID", "Files are named files[n]."));
        }

        return form ?? JsonBody.Parse<T>(default);
    }

    async ValueTask ReceiveAsync(UploadedFiles files, long number, string name, ContentDispositionHeaderValue disposition, Stream content, CancellationToken ct)
    {
        if (files.Has(number)) throw new BadRequestException(Error.Form(name, "MULTIPART_INVALID", "There is another file of this number."));
        if (files.Count == MaxFiles) throw new BadRequestException(ErrorCode.MaxAttachments);
        if (!(await incoming.ReceiveAsync(content, ct)).Ok(out var file, out var error)) throw new BadRequestException(error);
        files.Add(new UploadedFile(number, FileNames.Clean(FileNameOf(disposition)), file));
    }

    /// <summary>The name in UTF-8 (RFC 5987) wins, as browsers and libraries send both.</summary>
    static string FileNameOf(ContentDispositionHeaderValue disposition) =>
        HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString();

    /// <summary>n of <c>files[n]</c>, 0 of <c>file</c>; null for what is no file's name.</summary>
    static long? NumberOf(string name)
    {
        if (name == "file") return 0;
        if (!name.StartsWith("files[", StringComparison.Ordinal) || !name.EndsWith(']')) return null;
        return long.TryParse(name.AsSpan(6, name.Length - 7), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : throw new BadRequestException(Error.Form("files", "MULTIPART_INVALID", "Files are named files[n], n being a number."));
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
