using System.Globalization;
using Kith.Api.Http;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Server.Tests.RateLimiting;

/// <summary>Limits as a client meets them, on a clock that stands still until told to move.</summary>
public sealed class RateLimitTests
{
    static readonly string[] Headers = ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "X-RateLimit-Reset-After", "X-RateLimit-Bucket"];

    readonly ManualTimeProvider clock = new();

    [Fact]
    public async Task The_sixth_message_in_five_seconds_is_refused_as_clients_expect()
    {
        await using var host = await Start(new RateLimitsOptions());
        var user = await host.Register();
        var guild = await user.CreateGuild();
        for (var left = 4; left >= 0; left--)
        {
            var sent = await Send(user, guild);
            sent.Ok();
            Assert.Equal("5", sent.Header("X-RateLimit-Limit"));
            Assert.Equal(left.ToString(CultureInfo.InvariantCulture), sent.Header("X-RateLimit-Remaining"));
            Assert.Equal("5.000", sent.Header("X-RateLimit-Reset-After"));
            Assert.Equal((clock.GetUtcNow().ToUnixTimeSeconds() + 5) + ".000", sent.Header("X-RateLimit-Reset"));
            Assert.Null(sent.Header("X-RateLimit-Scope"));
            Assert.Null(sent.Header("Retry-After"));
        }

        clock.Advance(TimeSpan.FromSeconds(3.7006));
        var refused = await Send(user, guild);
        Assert.Equal(429, refused.Status);
        Assert.Equal(["message", "retry_after", "global", "code"], refused.Json.EnumerateObject().Select(p => p.Name));
        Assert.Equal("You are being rate limited.", refused.Json.Str("message"));
        Assert.Equal(1.3, refused.Json.GetProperty("retry_after").GetDouble());
        Assert.False(refused.Json.Bool("global"));
        Assert.Equal("2", refused.Header("Retry-After"));
        Assert.Equal("user", refused.Header("X-RateLimit-Scope"));
        Assert.Null(refused.Header("X-RateLimit-Global"));
        Assert.Equal("0", refused.Header("X-RateLimit-Remaining"));

        clock.Advance(TimeSpan.FromSeconds(1.3));
        (await Send(user, guild)).Ok();
    }

    [Fact]
    public async Task Channels_and_users_have_counts_of_their_own()
    {
        await using var host = await Start(new RateLimitsOptions());
        var (user, other) = (await host.Register(), await host.Register());
        var guild = await user.CreateGuild();
        await guild.Admit(other);
        var second = await user.CreateChannel(guild.Id);
        for (var i = 0; i < 5; i++)
            (await Send(user, guild)).Ok();

        Assert.Equal(429, (await Send(user, guild)).Status);
        (await user.Api.Post($"/channels/{second}/messages", new { content = "hi" })).Ok();
        (await Send(other, guild)).Ok();
    }

    [Fact]
    public async Task Every_reply_tells_what_is_left()
    {
        await using var host = await Start(new RateLimitsOptions());
        var user = await host.Register();
        foreach (var reply in new[]
        {
            await user.Api.Get("/users/@me"),
            await user.Api.Get("/channels/1"),
            await user.Api.Post("/channels/1/messages", new { content = "" }),
            await host.Anonymous().Get("/users/@me"),
            await host.Anonymous().Post("/auth/login", new { login = "nobody", password = "guess" }),
        })
        {
            Assert.All(Headers, header => Assert.NotNull(reply.Header(header)));
        }
    }

    [Fact]
    public async Task Routes_of_one_bucket_share_its_name_and_count()
    {
        await using var host = await Start(new RateLimitsOptions());
        var user = await host.Register();
        var guild = await user.CreateGuild();
        var message = (await user.Send(guild.General, "hi")).Str("id");
        var page = await user.Api.Get($"/channels/{guild.General}/messages");
        var one = await user.Api.Get($"/channels/{guild.General}/messages/{message}");
        Assert.Equal(page.Header("X-RateLimit-Bucket"), one.Header("X-RateLimit-Bucket"));
        Assert.Equal("8", one.Header("X-RateLimit-Remaining"));
        Assert.NotEqual(page.Header("X-RateLimit-Bucket"), (await user.Api.Get($"/channels/{guild.General}")).Header("X-RateLimit-Bucket"));
    }

    [Fact]
    public async Task More_requests_than_the_global_limit_are_refused_on_every_route()
    {
        await using var host = await Start(new RateLimitsOptions { GlobalPerSecond = 12, RouteFactor = 100 });
        var (user, other) = (await host.Register(), await host.Register());
        clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 12; i++)
            (await user.Api.Get(i % 2 == 0 ? "/users/@me" : "/users/@me/relationships")).Ok();

        var refused = await user.Api.Get("/users/@me/channels");
        Assert.Equal(429, refused.Status);
        Assert.True(refused.Json.Bool("global"));
        Assert.Equal("true", refused.Header("X-RateLimit-Global"));
        Assert.Equal("global", refused.Header("X-RateLimit-Scope"));
        Assert.Equal("1", refused.Header("Retry-After"));
        Assert.All(Headers, header => Assert.NotNull(refused.Header(header)));
        (await other.Api.Get("/users/@me/channels")).Ok();

        clock.Advance(TimeSpan.FromSeconds(1));
        (await user.Api.Get("/users/@me/channels")).Ok();
    }

    [Fact]
    public async Task An_address_that_sends_too_many_invalid_requests_is_refused_until_ten_minutes_are_over()
    {
        await using var host = await Start(new RateLimitsOptions { InvalidPerTenMinutes = 3 });
        var user = await host.Register();
        for (var i = 0; i < 3; i++)
            (await From(host, "203.0.113.7", "bad.to.ken")).Refused(ErrorCode.Unauthorized);

        var refused = await From(host, "203.0.113.7", user.Token);
        Assert.Equal(429, refused.Status);
        Assert.True(refused.Json.Bool("global"));
        Assert.Equal(600, refused.Json.GetProperty("retry_after").GetDouble());
        (await From(host, "203.0.113.8", user.Token)).Ok();

        clock.Advance(TimeSpan.FromMinutes(10));
        (await From(host, "203.0.113.7", user.Token)).Ok();
    }

    [Fact]
    public async Task Addresses_of_one_IPv6_network_count_as_one()
    {
        await using var host = await Start(new RateLimitsOptions { InvalidPerTenMinutes = 1 });
        (await From(host, "2001:db8:1:2::1", "bad.to.ken")).Refused(ErrorCode.Unauthorized);
        Assert.Equal(429, (await From(host, "2001:db8:1:2:ffff::9", "bad.to.ken")).Status);
        (await From(host, "2001:db8:1:3::1", "bad.to.ken")).Refused(ErrorCode.Unauthorized);
    }

    [Fact]
    public async Task An_address_that_is_no_proxys_cannot_choose_its_own()
    {
        await using var host = await KithHost.Start(new KithHostSetup
        {
            Clock = clock, Options = o => o with { RateLimits = new RateLimitsOptions { InvalidPerTenMinutes = 1 } },
        });
        (await From(host, "203.0.113.7", "bad.to.ken")).Refused(ErrorCode.Unauthorized);
        Assert.Equal(429, (await From(host, "203.0.113.8", "bad.to.ken")).Status);
    }

    [Fact]
    public async Task Logins_and_registrations_are_limited_per_address()
    {
        await using var host = await Start(new RateLimitsOptions { LoginsPerMinute = 2, RegistrationsPerHour = 3 });
        for (var i = 0; i < 3; i++)
            await host.Register();
        Assert.Equal(429, (await host.Anonymous().Post("/auth/register", new { username = "fourth", password = TestUser.Password })).Status);

        for (var i = 0; i < 2; i++)
            Assert.NotEqual(429, (await host.Anonymous().Post("/auth/login", new { login = "nobody", password = "guess" })).Status);
        Assert.Equal(429, (await host.Anonymous().Post("/auth/login", new { login = "nobody", password = "guess" })).Status);

        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.NotEqual(429, (await host.Anonymous().Post("/auth/login", new { login = "nobody", password = "guess" })).Status);
        clock.Advance(TimeSpan.FromHours(1));
        await host.Register();
    }

    [Fact]
    public async Task Turned_off_nothing_is_counted_and_no_header_is_sent()
    {
        await using var host = await Start(new RateLimitsOptions { Enabled = false, GlobalPerSecond = 1 });
        var user = await host.Register();
        for (var i = 0; i < 30; i++)
            (await user.Api.Get("/users/@me")).Ok();
        Assert.DoesNotContain((await user.Api.Get("/users/@me")).Headers, h => h.Key.StartsWith("X-RateLimit", StringComparison.OrdinalIgnoreCase));
    }

    Task<KithHost> Start(RateLimitsOptions options) => KithHost.Start(new KithHostSetup
    {
        Clock = clock, Options = o => o with { RateLimits = options, Http = o.Http with { TrustedProxies = ["127.0.0.1"] } },
    });

    static Task<ApiReply> Send(TestUser user, TestGuild guild) => user.Api.Post($"/channels/{guild.General}/messages", new { content = "hi" });

    static async Task<ApiReply> From(KithHost host, string address, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Address, "/api/v10/users/@me"));
        request.Headers.Add("X-Forwarded-For", address);
        request.Headers.TryAddWithoutValidation("Authorization", token);
        return await host.Anonymous().Send(request);
    }
}
