using System.Text.Json;
using System.Text.Json.Nodes;
using Kith.Engine;
using Kith.Protocol;
using Microsoft.AspNetCore.Http;

namespace Kith.Api.Http;

/// <summary>What an endpoint answers: a status and a body that is already JSON, or nothing.</summary>
public readonly struct Reply
{
    Reply(int status, ReadOnlyMemory<byte> body, Error? error) => (Status, Body, Error) = (status, body, error);

    public int Status { get; }

    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Set where the request was refused.</summary>
    public Error? Error { get; }

    public static Reply NoContent { get; } = new(204, default, null);

    public static Reply Json<T>(T value, int status = 200) => new(status, Wire.Utf8(value), null);

    /// <summary>JSON that was made before, as for an event.</summary>
    public static Reply Utf8(ReadOnlyMemory<byte> json, int status = 200) => new(status, json, null);

    /// <summary>How long to wait before trying again; on every 429.</summary>
    public TimeSpan? RetryAfter => Error?.RetryAfter;

    /// <summary>Over a rate limit, in the form that clients expect of it.</summary>
    public static Reply RateLimited(TimeSpan retryAfter, bool isGlobal)
    {
        var error = new Error(ErrorCode.RateLimited, RetryAfter: retryAfter);
        var text = ErrorText.Of(error.Code);
        return new(text.Status, Wire.Utf8(new RateLimitBody(text.Message, ErrorBody.Seconds(retryAfter), isGlobal, text.Number)), error);
    }

    public static Reply Refuse(Error error) => new(ErrorText.Of(error.Code).Status, ErrorBody.Of(error), error);

    public static implicit operator Reply(Error error) => Refuse(error);

    public static implicit operator Reply(ErrorCode code) => Refuse(code);

    /// <summary>204 for done, or the refusal.</summary>
    public static Reply From(Result<Done> result) => result.Ok(out _, out var error) ? NoContent : Refuse(error);

    /// <summary>The value as JSON, or the refusal.</summary>
    public static Reply From<T>(Result<T> result, int status = 200) => result.Ok(out var value, out var error) ? Json(value, status) : Refuse(error);

    public async Task WriteAsync(HttpResponse response, CancellationToken ct)
    {
        response.StatusCode = Status;
        if (Body.IsEmpty) return;
        // Exactly so: with a charset, eris hangs and oceanic.js fails.
        response.ContentType = "application/json";
        response.ContentLength = Body.Length;
        await response.BodyWriter.WriteAsync(Body, ct);
    }
}

/// <summary>Discord's error body: <c>{code, message, errors?}</c>, where errors is a tree whose leaves are <c>_errors: [{code, message}]</c>.</summary>
static class ErrorBody
{
    public static byte[] Of(Error error)
    {
        var text = ErrorText.Of(error.Code);
        var body = new JsonObject { ["message"] = text.Message, ["code"] = text.Number };
        if (error.Fields is { Count: > 0 } fields) body["errors"] = Tree(fields);
        if (error.RetryAfter is { } wait)
        {
            body["retry_after"] = Seconds(wait);
            body["global"] = false;
        }

        return JsonSerializer.SerializeToUtf8Bytes(body, Wire.Options);
    }

    /// <summary>With milliseconds, rounded up: who waits as told is not refused again.</summary>
    public static double Seconds(TimeSpan wait) => Math.Ceiling(wait.TotalMilliseconds) / 1000;

    static JsonObject Tree(IReadOnlyList<FieldError> fields)
    {
        var root = new JsonObject();
        foreach (var field in fields)
        {
            var node = root;
            foreach (var step in field.Path.Split('.', StringSplitOptions.RemoveEmptyEntries))
            {
                if (node[step] is not JsonObject next) node[step] = next = [];
                node = next;
            }

            if (node["_errors"] is not JsonArray errors) node["_errors"] = errors = [];
            errors.Add((JsonNode)new JsonObject { ["code"] = field.Code, ["message"] = field.Message });
        }

        return root;
    }
}

/// <summary>The body of a 429.</summary>
sealed record RateLimitBody(string Message, double RetryAfter, bool Global, int Code);
