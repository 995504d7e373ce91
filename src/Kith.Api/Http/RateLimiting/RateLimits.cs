using System.Buffers.Binary;
using System.Diagnostics.Metrics;
using System.Net.Sockets;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.RateLimits;
using Microsoft.AspNetCore.Http;

namespace Kith.Api.Http;

/// <summary>
/// Route buckets, the global limit per user, and invalid requests per address. An address is an IPv4 address or an IPv6 network of 64 bits: whoever has
/// one of those has all of its addresses.
/// </summary>
public sealed class RateLimits(RateLimitsOptions options, IRateCounters counters, TimeProvider clock)
{
    static readonly Meter Meter = new("Kith.Api");
    static readonly Counter<long> Refusals = Meter.CreateCounter<long>("kith.api.rate_limited", "{request}", "Requests refused for being too many.");

    readonly RateLimitBucket global = new("global", new RateWindow(options.GlobalPerSecond, TimeSpan.FromSeconds(1)));
    readonly RateLimitBucket invalid = new("invalid", new RateWindow(options.InvalidPerTenMinutes, TimeSpan.FromMinutes(10)));
    readonly RateLimitBucket login = new("auth.login", new RateWindow(options.LoginsPerMinute, TimeSpan.FromMinutes(1)));
    readonly RateLimitBucket register = new("auth.register", new RateWindow(options.RegistrationsPerHour, TimeSpan.FromHours(1)));

    /// <summary>The bucket of a route; called once per route, when it is mapped.</summary>
    public RateLimitBucket BucketOf(string method, string path)
    {
        var route = RoutePolicies.RouteOf(method, path);
        if (route is "POST /auth/login" or "POST /auth/mfa/totp") return login;
        if (route == "POST /auth/register") return register;
        var window = RoutePolicies.Of(route) is { } policy ? new RateWindow(policy.Limit, policy.Window)
            : method == "GET" ? RoutePolicies.DefaultRead : RoutePolicies.DefaultWrite;
        var limit = (int)Math.Clamp(window.Limit * options.RouteFactor, 1, int.MaxValue);
        return new RateLimitBucket(RoutePolicies.Of(route)?.Name ?? route, window with { Limit = limit });
    }

    /// <summary>Non-null where the address has sent too many invalid requests.</summary>
    public async ValueTask<Reply?> RefuseAddressAsync(HttpContext http, RateLimitBucket bucket)
    {
        if (!options.Enabled) return default(Reply?);
        var address = AddressOf(http);
        var count = await counters.PeekAsync(new RateKey(invalid.Scope, address), invalid.Window, http.RequestAborted);
        return count.Allowed ? default(Reply?) : await RefuseGloballyAsync(http, bucket, address, count);
    }

    /// <summary>Counts the request and sets the headers; non-null where it is over a limit.</summary>
    /// <param name="principal">Null: the address stands for whoever it is.</param>
    public async ValueTask<Reply?> TakeAsync(HttpContext http, RateLimitBucket bucket, Principal? principal)
    {
        if (!options.Enabled) return default(Reply?);
        var subject = principal is null ? AddressOf(http) : (ulong)principal.Id.Value;
        var everything = await counters.CountAsync(new RateKey(global.Scope, subject), global.Window, http.RequestAborted);
        if (!everything.Allowed) return await RefuseGloballyAsync(http, bucket, subject, everything);
        var count = await counters.CountAsync(new RateKey(bucket.Scope, subject, MajorOf(http)), bucket.Window, http.RequestAborted);
        RateLimitHeaders.Write(http.Response.Headers, bucket, count, clock.GetUtcNow());
        return count.Allowed ? default(Reply?) : Refuse(http, count, isGlobal: false);
    }

    /// <summary>Counts 401, 403 and 429 against the address.</summary>
    public async ValueTask CountAnswerAsync(HttpContext http, Reply reply)
    {
        if (reply.RetryAfter is { } wait) RateLimitHeaders.WriteRetry(http.Response.Headers, wait);
        if (options.Enabled && reply.Status is 401 or 403 or 429)
            await counters.CountAsync(new RateKey(invalid.Scope, AddressOf(http)), invalid.Window, http.RequestAborted);
    }

    /// <summary>The route's own count is told as well: clients read it off every reply.</summary>
    async ValueTask<Reply> RefuseGloballyAsync(HttpContext http, RateLimitBucket bucket, ulong subject, RateCount global)
    {
        var own = await counters.PeekAsync(new RateKey(bucket.Scope, subject, MajorOf(http)), bucket.Window, http.RequestAborted);
        RateLimitHeaders.Write(http.Response.Headers, bucket, own, clock.GetUtcNow());
        return Refuse(http, global, isGlobal: true);
    }

    static Reply Refuse(HttpContext http, RateCount count, bool isGlobal)
    {
        Refusals.Add(1, new KeyValuePair<string, object?>("scope", isGlobal ? "global" : "route"));
        RateLimitHeaders.WriteRefusal(http.Response.Headers, isGlobal);
        return Reply.RateLimited(count.ResetAfter, isGlobal);
    }

    static ulong MajorOf(HttpContext http)
    {
        var values = http.Request.RouteValues;
        return values.Count > 0 && (values.TryGetValue("channel_id", out var major) || values.TryGetValue("guild_id", out major) || values.TryGetValue("webhook_id", out major))
            && Snowflake.TryParse(major as string, out var id) ? (ulong)id : 0;
    }

    /// <summary>No user id is that large: the top bit keeps addresses apart from users.</summary>
    static ulong AddressOf(HttpContext http)
    {
        const ulong isAddress = 1UL << 63;
        if (http.Connection.RemoteIpAddress is not { } address) return isAddress;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        if (address.AddressFamily == AddressFamily.InterNetwork) return isAddress | BinaryPrimitives.ReadUInt32BigEndian(bytes);
        if (address.IsIPv4MappedToIPv6) return isAddress | BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]);
        // One bit of the network is lost, which all public networks have alike.
        return isAddress | BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }
}
