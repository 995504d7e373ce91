using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Kith.Engine;
using Kith.Protocol;
using Microsoft.AspNetCore.Http;

namespace Kith.Api.Http;

/// <summary>Reads JSON request bodies strictly: size, depth, duplicate keys, UTF-8 and lone surrogates are checked, and errors name the field.</summary>
static class JsonBody
{
    /// <summary>Bytes. Discord's own limit on a message is far below; files come as multipart and stream.</summary>
    public const int MaxBytes = 1024 * 1024;

    public static async ValueTask<T> ReadAsync<T>(HttpRequest request, CancellationToken ct, int maxBytes = MaxBytes)
        where T : class
    {
        if (request.ContentLength > maxBytes) throw new BadRequestException(ErrorCode.RequestTooLarge);
        if (request.ContentType is { } type && !type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
            throw new BadRequestException(Error.Form("_body", "CONTENT_TYPE_INVALID", "Expected \"Content-Type\" header to be one of {'application/json'}."));
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            if (read.Buffer.Length > maxBytes)
            {
                // Given back, or the connection's next request finds a read under way.
                reader.AdvanceTo(read.Buffer.End);
                throw new BadRequestException(ErrorCode.RequestTooLarge);
            }

            if (read.IsCompleted) return Parse<T>(reader, read.Buffer);
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>For JSON that came another way, such as <c>payload_json</c>.</summary>
    public static T Parse<T>(ReadOnlySequence<byte> json)
        where T : class
    {
        try
        {
            var body = new Utf8JsonReader(json.IsEmpty ? EmptyObject : json, new JsonReaderOptions { MaxDepth = Wire.MaxDepth });
            var value = JsonSerializer.Deserialize<T>(ref body, Wire.Options);
            // The deserializer stops behind the value; whatever but space follows it is no JSON.
            return value is null || body.Read() ? throw new BadRequestException(ErrorCode.InvalidJson) : value;
        }
        catch (JsonException e)
        {
            throw new BadRequestException(Describe(e));
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            // Lone surrogates surface so.
            throw new BadRequestException(ErrorCode.InvalidJson);
        }
    }

    static readonly ReadOnlySequence<byte> EmptyObject = new("{}"u8.ToArray());

    static T Parse<T>(PipeReader reader, ReadOnlySequence<byte> json)
        where T : class
    {
        try
        {
            return Parse<T>(json);
        }
        finally
        {
            reader.AdvanceTo(json.End);
        }
    }

    static Error Describe(JsonException e)
    {
        // Syntax errors, duplicates and depth have no use for a path; a wrong type does.
        if (e.Path is null or "$" || e.InnerException is JsonException { } inner && inner.GetType() != typeof(JsonException)) return ErrorCode.InvalidJson;
        var path = e.Path.TrimStart('$', '.').Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
        var message = e.Message.Contains("snowflake", StringComparison.Ordinal) ? "Value is not snowflake." : "Could not interpret the value as the field's type.";
        return Error.Form(path, e.Message.Contains("snowflake", StringComparison.Ordinal) ? "NUMBER_TYPE_COERCE" : "BASE_TYPE_BAD_TYPE", message);
    }
}
