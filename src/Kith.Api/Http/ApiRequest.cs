using System.Text.Json;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Accounts;
using Kith.Engine.Guilds;
using Kith.Protocol;
using Microsoft.AspNetCore.Http;

namespace Kith.Api.Http;

/// <summary>A request as endpoints see it: who asks, typed ids from the path, checked query values, and the body.</summary>
public sealed class ApiRequest(HttpContext http, Principal? principal)
{
    public HttpContext Http => http;

    public CancellationToken Aborted => http.RequestAborted;

    /// <summary>Who asks. Only endpoints mapped as anonymous may be without.</summary>
    public Principal Principal => principal ?? throw new InvalidOperationException("An anonymous endpoint has no principal.");

    /// <summary>A body with pictures of 4 MiB in all, which base64 makes a third larger.</summary>
    public const int PicturesBytes = 7 << 20;

    /// <summary>From where the request came, as far as it can be told.</summary>
    public string? Address => http.Connection.RemoteIpAddress?.ToString();

    /// <summary>Who asks, with the reason given for the audit log.</summary>
    public Actor Actor => new(Principal, AuditReason);

    /// <summary>The reason for the audit log, percent-decoded, at most 512 characters; null where none was given.</summary>
    public string? AuditReason
    {
        get
        {
            var header = http.Request.Headers["X-Audit-Log-Reason"].ToString();
            if (header.Length == 0) return null;
            var reason = Uri.UnescapeDataString(header);
            return reason.Length > 512 ? reason[..512] : reason;
        }
    }

    /// <summary>An id from the path; <c>@me</c> is the caller. False for anything that is not a snowflake.</summary>
    public bool TryId<T>(string name, out T id)
        where T : struct, ISnowflakeId<T>
    {
        var text = http.Request.RouteValues[name] as string;
        if (text == "@me" && principal is not null && typeof(T) == typeof(UserId))
        {
            id = T.From(principal.Id.Value);
            return true;
        }

        var ok = Snowflake.TryParse(text, out var value);
        id = T.From(value);
        return ok;
    }

    /// <summary>An id from the path; where it is none, the endpoint answers with a form error.</summary>
    /// <exception cref="BadRequestException">Not a snowflake.</exception>
    public T Id<T>(string name)
        where T : struct, ISnowflakeId<T> => TryId<T>(name, out var id) ? id
            : throw new BadRequestException(Error.Form(name, "NUMBER_TYPE_COERCE", $"Value \"{http.Request.RouteValues[name]}\" is not snowflake."));

    public string Route(string name) => (string)http.Request.RouteValues[name]!;

    public string? Query(string name) => http.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>A number from the query within bounds, or the default where it is absent.</summary>
    /// <exception cref="BadRequestException">Not a number, or out of bounds.</exception>
    public int QueryInt(string name, int fallback, int min, int max)
    {
        if (Query(name) is not { } text) return fallback;
        if (!long.TryParse(text, out var number))
            throw new BadRequestException(Error.Form(name, "NUMBER_TYPE_COERCE", $"Value \"{Shorten(text)}\" is not int."));
        var errors = new FormErrors();
        errors.Range(name, number, min, max);
        return errors.Error is { } error ? throw new BadRequestException(error) : (int)number;
    }

    public T? QueryId<T>(string name)
        where T : struct, ISnowflakeId<T>
    {
        if (Query(name) is not { Length: > 0 } text) return null;
        return Snowflake.TryParse(text, out var id) ? T.From(id)
            : throw new BadRequestException(Error.Form(name, "NUMBER_TYPE_COERCE", $"Value \"{Shorten(text)}\" is not snowflake."));
    }

    public bool QueryFlag(string name) => Query(name) is "true" or "1" or "True";

    /// <summary>The JSON body.</summary>
    /// <exception cref="BadRequestException">Wrong content type, not JSON (50109), or a field of the wrong type (50035 with its path).</exception>
    /// <param name="maxBytes"><see cref="PicturesBytes"/> where the body may hold pictures.</param>
    public ValueTask<T> BodyAsync<T>(int maxBytes = JsonBody.MaxBytes)
        where T : class => JsonBody.ReadAsync<T>(http.Request, Aborted, maxBytes);

    static string Shorten(string text) => text.Length <= 64 ? text : text[..64];
}

/// <summary>A request that cannot be read; carries the reply. Caught in one place, where endpoints are called.</summary>
public sealed class BadRequestException(Error error) : Exception(error.Code.ToString())
{
    public Error Error => error;
}
