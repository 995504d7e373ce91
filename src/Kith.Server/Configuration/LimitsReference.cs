using System.Text;
using Kith.Api.Http;
using Kith.Engine.RateLimits;

namespace Kith.Server.Configuration;

/// <summary>docs/limits.md, made from the routes' policies.</summary>
public static class LimitsReference
{
    const string Head = """
        # Rate limits

        <!-- Made by "kith config limits"; a test keeps it so. The tables are RoutePolicies and RateLimitsOptions. -->

        Requests are counted in windows; a window begins with the first request after the last one ended. Whoever is over gets 429 with
        `{message, retry_after, global, code}`, `Retry-After` and `X-RateLimit-Scope`, and every reply of the API, errors included, says what is left:
        `X-RateLimit-Limit`, `-Remaining`, `-Reset` (Unix seconds), `-Reset-After` (seconds) and `-Bucket` (the same for routes that share a count).
        All of it is off with `RateLimits:Enabled=false`.

        - **Routes**, below: per user and, where the path has one, per channel, server or webhook. `RateLimits:RouteFactor` multiplies them.
        - **Everything** of one user, `RateLimits:GlobalPerSecond`: the 429 has `global: true`.
        - **Invalid requests** of one address, `RateLimits:InvalidPerTenMinutes`: answers 401, 403 and 429 count. After that all of the address' are refused.
        - **Logins and registrations** per address, `RateLimits:LoginsPerMinute` and `RateLimits:RegistrationsPerHour`.

        Without a token the address stands for the user. An IPv6 address counts as its network of 64 bits. Behind a proxy set `Http:TrustedProxies`, else all
        clients are the proxy.

        | bucket | requests | within | routes |
        |---|---|---|---|

        """;

    public static string Write()
    {
        var text = new StringBuilder(Head);
        foreach (var policy in RoutePolicies.All)
            text.Append($"| {policy.Name} | {policy.Limit} | {OptionValue.Write(policy.Window)} | {string.Join("<br>", policy.Routes.Select(r => $"`{r}`"))} |\n");
        text.Append(Row("each other GET", RoutePolicies.DefaultRead)).Append(Row("each other route", RoutePolicies.DefaultWrite));
        return text.ToString();
    }

    static string Row(string what, RateWindow window) => $"| {what} | {window.Limit} | {OptionValue.Write(window.Length)} | a bucket of its own |\n";
}
