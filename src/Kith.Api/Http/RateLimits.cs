using Kith.Engine.Accounts;
using Microsoft.AspNetCore.Http;

namespace Kith.Api.Http;

/// <summary>One route's allowance: requests that share it share a count, per user and per major parameter (guild, channel, webhook).</summary>
public sealed record RateLimitBucket(string Name);

/// <summary>Route buckets, the global limit per user, and invalid requests per address.</summary>
public sealed class RateLimits
{
    public RateLimitBucket BucketOf(string method, string path) => new($"{method} {path}");

    /// <summary>Non-null where the address has sent too many invalid requests.</summary>
    public Reply? RefuseAddress(HttpContext http) => null;

    /// <summary>Counts the request and sets the headers; non-null where it is over a limit.</summary>
    public Reply? Take(HttpContext http, RateLimitBucket bucket, Principal? principal) => null;

    /// <summary>Counts 401, 403 and 429 against the address.</summary>
    public void CountAnswer(HttpContext http, int status)
    {
    }
}
