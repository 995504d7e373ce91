using System.Net;
using System.Text.Json;
using Kith.Api.Http;
using Kith.Protocol;
using Kith.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Kith.Server.Tests.Http;

public sealed class ServerShellTests
{
    static readonly HttpClient Http = new();

    [Theory]
    [InlineData("/api/v8/users/@me", 50041)]
    [InlineData("/api/v11/users/@me", 50041)]
    [InlineData("/api/v8", 50041)]
    [InlineData("/api/v10x/users/@me", 0)]
    [InlineData("/api/vx", 0)]
    [InlineData("/api/users/@me", 0)]
    public async Task Versions_that_do_not_exist_are_told_from_paths_that_do_not(string path, int code)
    {
        await using var host = await KithHost.Start();
        using var reply = await Http.GetAsync(new Uri(host.Address, path));
        Assert.Equal("application/json", reply.Content.Headers.ContentType!.ToString());
        Assert.Equal(code, JsonDocument.Parse(await reply.Content.ReadAsStringAsync()).RootElement.Int("code"));
        Assert.Equal(code == 50041 ? HttpStatusCode.BadRequest : HttpStatusCode.NotFound, reply.StatusCode);
    }

    [Fact]
    public async Task A_wrong_method_is_told_which_there_are()
    {
        await using var host = await KithHost.Start();
        var reply = await host.Anonymous().Get("/auth/login");
        reply.Refused(ErrorCode.MethodNotAllowed);
        Assert.Equal("POST", reply.Header("Allow"));
    }

    [Fact]
    public async Task Every_reply_forbids_guessing_its_type_and_names_no_software()
    {
        await using var host = await KithHost.Start();
        foreach (var path in new[] { "/users/@me", "/nope", "/gateway" })
        {
            var reply = await host.Anonymous().Get(path);
            Assert.Equal("nosniff", reply.Header("X-Content-Type-Options"));
            Assert.Null(reply.Header("Server"));
        }
    }

    [Fact]
    public async Task Pages_of_allowed_origins_may_call_the_API_and_read_its_limits_and_others_may_not()
    {
        await using var host = await KithHost.Start(new KithHostSetup
        {
            Options = o => o with { Http = o.Http with { AllowedOrigins = ["https://chat.example.org"] }, RateLimits = new RateLimitsOptions() },
        });
        using var preflight = await Send(host, HttpMethod.Options, "https://chat.example.org");
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Contains("PATCH", Assert.Single(preflight.Headers.GetValues("Access-Control-Allow-Methods")), StringComparison.Ordinal);
        using var allowed = await Send(host, HttpMethod.Get, "https://chat.example.org");
        Assert.Equal("https://chat.example.org", Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Contains("X-RateLimit-Remaining", string.Join(',', allowed.Headers.GetValues("Access-Control-Expose-Headers")), StringComparison.Ordinal);
        using var other = await Send(host, HttpMethod.Get, "https://evil.example.org");
        Assert.False(other.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Readiness_tells_which_dependency_is_away_and_when_it_is_back()
    {
        await using var host = await KithHost.Start();
        Assert.Equal("""{"ready":true,"dependencies":{"database":"ok"}}""", await Http.GetStringAsync(new Uri(host.Address, "/readyz")));

        await using (var other = new SqliteConnection($"Data Source={Path.Combine(host.Data, "kith.db")};Pooling=false"))
        {
            other.Open();
            await using var transaction = other.BeginTransaction(deferred: false);
            using var away = await Http.GetAsync(new Uri(host.Address, "/readyz"));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
            Assert.Equal("""{"ready":false,"dependencies":{"database":"away"}}""", await away.Content.ReadAsStringAsync());
            Assert.Equal("ok", await Http.GetStringAsync(new Uri(host.Address, "/healthz")));
        }

        await Deadline.Until(async () => (await Http.GetAsync(new Uri(host.Address, "/readyz"))).StatusCode, status => status == HttpStatusCode.OK, "it is ready again");
    }

    [Fact]
    public async Task Every_route_that_a_rate_limit_names_exists()
    {
        await using var host = await KithHost.Start();
        var mapped = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/api/v10/", StringComparison.Ordinal))
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m => RoutePolicies.RouteOf(m, e.RoutePattern.RawText!["/api/v10".Length..])));
        Assert.Empty(RoutePolicies.All.SelectMany(p => p.Routes).Except(mapped));
    }

    static Task<HttpResponseMessage> Send(KithHost host, HttpMethod method, string origin)
    {
        var request = new HttpRequestMessage(method, new Uri(host.Address, "/api/v10/users/@me"));
        request.Headers.Add("Origin", origin);
        if (method == HttpMethod.Options) request.Headers.Add("Access-Control-Request-Method", "PATCH");
        return Http.SendAsync(request);
    }
}
