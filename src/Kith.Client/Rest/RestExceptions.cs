using System.Text.Json;

namespace Kith.Client;

/// <summary>The server refused a request.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="code">Discord's JSON error code, see docs/errors.md; 0 where there is none.</param>
/// <param name="message">The server's text.</param>
/// <param name="errors">The tree of field errors of a 50035, else undefined.</param>
public class RestException(int status, int code, string message, JsonElement errors = default) : Exception($"{status} {code}: {message}")
{
    public int Status => status;

    public int Code => code;

    public JsonElement Errors => errors;
}

/// <summary>The server asked for more patience than the options allow, or again and again.</summary>
public sealed class RateLimitedException(TimeSpan retryAfter, bool global)
    : RestException(429, 0, $"Rate limited{(global ? " globally" : "")}; retry after {retryAfter.TotalSeconds:0.###} s")
{
    public TimeSpan RetryAfter => retryAfter;

    public bool Global => global;
}
