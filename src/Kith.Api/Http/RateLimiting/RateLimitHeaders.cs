using System.Globalization;
using Kith.Engine.RateLimits;
using Microsoft.AspNetCore.Http;

namespace Kith.Api.Http;

/// <summary>The headers by which clients pace themselves. Times are in seconds with milliseconds, rounded up: a client that waits as told is not refused again.</summary>
static class RateLimitHeaders
{
    public static void Write(IHeaderDictionary headers, RateLimitBucket bucket, RateCount count, DateTimeOffset now)
    {
        headers["X-RateLimit-Limit"] = bucket.Limit;
        headers["X-RateLimit-Remaining"] = count.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Reset"] = Seconds((now + count.ResetAfter - DateTimeOffset.UnixEpoch).TotalMilliseconds);
        headers["X-RateLimit-Reset-After"] = Seconds(count.ResetAfter.TotalMilliseconds);
        headers["X-RateLimit-Bucket"] = bucket.Hash;
    }

    public static void WriteRefusal(IHeaderDictionary headers, bool isGlobal)
    {
        if (isGlobal) headers["X-RateLimit-Global"] = "true";
        headers["X-RateLimit-Scope"] = isGlobal ? "global" : "user";
    }

    /// <summary>Whole seconds: what HTTP allows here.</summary>
    public static void WriteRetry(IHeaderDictionary headers, TimeSpan wait)
    {
        headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString("F0", CultureInfo.InvariantCulture);
        if (!headers.ContainsKey("X-RateLimit-Scope")) headers["X-RateLimit-Scope"] = "user";
    }

    static string Seconds(double milliseconds) => (Math.Ceiling(milliseconds) / 1000).ToString("F3", CultureInfo.InvariantCulture);
}
