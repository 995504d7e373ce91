using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;

namespace Kith.Client;

/// <summary>Finds a request's bucket and keeps to it and to the global limit.</summary>
sealed class RateLimiter(TimeProvider clock)
{
    readonly ConcurrentDictionary<string, RateLimitBucket> buckets = new(StringComparer.Ordinal);

    /// <summary>Server's name of a route's bucket, once told: routes may share one.</summary>
    readonly ConcurrentDictionary<string, string> names = new(StringComparer.Ordinal);
    long globalUntil;

    public async Task<RateLimitBucket> Enter(string method, string path, CancellationToken ct)
    {
        while (Volatile.Read(ref globalUntil) is var until && until > clock.GetTimestamp())
            await Task.Delay(clock.GetElapsedTime(clock.GetTimestamp(), until), clock, ct);
        var (route, major) = RouteOf(method, path);
        var bucket = buckets.GetOrAdd($"{names.GetValueOrDefault(route, route)}:{major}", _ => new RateLimitBucket(clock));
        await bucket.Enter(ct);
        return bucket;
    }

    public void Leave(RateLimitBucket bucket, string method, string path, HttpResponseHeaders? headers)
    {
        var told = headers is null ? null : Read(headers);
        bucket.Leave(told, answered: headers is not null);
        if (told is null || Text(headers!, "X-RateLimit-Bucket") is not { } name) return;
        var (route, major) = RouteOf(method, path);
        // From now on the route counts with those that share the name; this bucket is theirs if they have none yet.
        var shared = buckets.GetOrAdd($"{name}:{major}", bucket);
        if (shared != bucket) shared.Observe(told.Value);
        names[route] = name;
    }

    public void PauseAll(TimeSpan wait)
    {
        var until = clock.GetTimestamp() + (long)(wait.TotalSeconds * clock.TimestampFrequency);
        if (until > Volatile.Read(ref globalUntil)) Volatile.Write(ref globalUntil, until);
    }

    /// <summary>The path with ids blanked, and the major parameter: the guild, channel or webhook on which limits are counted apart.</summary>
    static (string Route, string Major) RouteOf(string method, string path)
    {
        var parts = path.Split('?')[0].Split('/');
        var major = "";
        for (var i = 2; i < parts.Length; i++)
        {
            var isId = parts[i].Length >= 15 && parts[i].All(char.IsAsciiDigit);
            if (i == 2 && isId && parts[1] is "channels" or "guilds" or "webhooks") major = parts[i];
            if (isId || parts[i - 1] is "reactions" or "invites") parts[i] = "*";
        }

        return ($"{method} {string.Join('/', parts)}", major);
    }

    static RateLimitState? Read(HttpResponseHeaders headers) =>
        int.TryParse(Text(headers, "X-RateLimit-Limit"), CultureInfo.InvariantCulture, out var limit)
        && int.TryParse(Text(headers, "X-RateLimit-Remaining"), CultureInfo.InvariantCulture, out var remaining)
        && double.TryParse(Text(headers, "X-RateLimit-Reset-After"), CultureInfo.InvariantCulture, out var seconds)
            ? new RateLimitState(limit, remaining, TimeSpan.FromSeconds(seconds)) : null;

    static string? Text(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.First() : null;
}
