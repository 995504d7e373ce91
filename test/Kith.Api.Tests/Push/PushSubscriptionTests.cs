using System.Buffers.Text;
using System.Security.Cryptography;
using Kith.Domain;
using Kith.Engine.Push;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Api.Tests.Push;

public sealed class PushSubscriptionTests(KithHost host)
{
    [Fact]
    public async Task A_browsers_subscription_is_taken_as_it_is_listed_and_removed_by_its_endpoint()
    {
        var user = await host.Register();
        var endpoint = $"https://push.example.org/{user.Id}";
        var added = (await user.Api.Post("/users/@me/push-subscriptions", Browser(endpoint))).Ok(201);
        Assert.Equal(("web", endpoint, true), (added.Str("kind"), added.Str("endpoint"), added.Bool("current")));
        var again = (await user.Api.Post("/users/@me/push-subscriptions", Browser(endpoint))).Ok(201);
        Assert.Equal(added.Id<PushSubscriptionId>(), again.Id<PushSubscriptionId>());
        Assert.Equal([added.Id<PushSubscriptionId>()], (await user.Api.Get("/users/@me/push-subscriptions")).Ok().Items().Ids<PushSubscriptionId>());
        (await user.Api.Delete("/users/@me/push-subscriptions", new { endpoint })).Ok(204);
        Assert.Empty((await user.Api.Get("/users/@me/push-subscriptions")).Ok().Items());
        (await user.Api.Delete("/users/@me/push-subscriptions", new { endpoint })).Refused(ErrorCode.UnknownPushSubscription);
    }

    [Fact]
    public async Task Another_login_sees_that_it_is_not_its_own_and_may_remove_it_by_id()
    {
        var user = await host.Register();
        var added = (await user.Api.Post("/users/@me/push-subscriptions", Browser($"https://push.example.org/{user.Id}"))).Ok(201);
        var other = user.Api.With((await host.Anonymous().Post("/auth/login", new { login = user.Name, password = TestUser.Password })).Ok().Str("token"));
        Assert.False((await other.Get("/users/@me/push-subscriptions")).Ok().Items()[0].Bool("current"));
        var stranger = await host.Register();
        (await stranger.Api.Delete($"/users/@me/push-subscriptions/{added.Id<PushSubscriptionId>()}")).Refused(ErrorCode.UnknownPushSubscription);
        (await other.Delete($"/users/@me/push-subscriptions/{added.Id<PushSubscriptionId>()}")).Ok(204);
    }

    [Fact]
    public async Task Logging_out_ends_the_logins_subscriptions()
    {
        var user = await host.Register();
        var other = user.Api.With((await host.Anonymous().Post("/auth/login", new { login = user.Name, password = TestUser.Password })).Ok().Str("token"));
        (await user.Api.Post("/users/@me/push-subscriptions", Browser($"https://push.example.org/{user.Id}"))).Ok(201);
        (await user.Api.Post("/auth/logout")).Ok(204);
        Assert.Empty((await other.Get("/users/@me/push-subscriptions")).Ok().Items());
    }

    [Fact]
    public async Task The_public_key_is_a_point_that_browsers_take_and_stays_over_restarts()
    {
        using var folder = new TemporaryFolder();
        string first;
        await using (var before = await KithHost.Start(new KithHostSetup { Data = folder.Path }))
            first = await KeyOf(before);
        await using var after = await KithHost.Start(new KithHostSetup { Data = folder.Path });
        Assert.Equal(first, await KeyOf(after));
        using var point = P256.TryImport(Base64Url.DecodeFromChars(first));
        Assert.NotNull(point);
    }

    [Theory]
    [InlineData("endpoint", "http://push.example.org/1")]
    [InlineData("endpoint", "push.example.org")]
    [InlineData("endpoint", "https://127.0.0.1/1")]
    [InlineData("endpoint", "https://[::ffff:10.0.0.1]/1")]
    [InlineData("endpoint", "https://me:secret@push.example.org/1")]
    [InlineData("endpoint", "file:///etc/passwd")]
    public async Task Where_pushes_must_not_go_is_refused(string field, string endpoint) =>
        (await (await host.Register()).Api.Post("/users/@me/push-subscriptions", Browser(endpoint))).RefusedField(field);

    [Fact]
    public async Task Keys_that_are_none_are_refused_each_by_name()
    {
        var user = await host.Register();
        var good = Browser("https://push.example.org/1").Keys;
        Task<ApiReply> Add(string? p256dh, string? auth) => user.Api.Post("/users/@me/push-subscriptions", new Subscription("https://push.example.org/1", new SubscriptionKeys(p256dh, auth)));
        (await Add(good.P256dh, "AAAA")).RefusedField("keys.auth");
        (await Add(null, good.Auth)).RefusedField("keys.p256dh");
        (await Add("not base64url!", good.Auth)).RefusedField("keys.p256dh");
        (await Add(Base64Url.EncodeToString([4, .. new byte[64]]), good.Auth)).RefusedField("keys.p256dh");
        (await user.Api.Post("/users/@me/push-subscriptions", new { endpoint = "https://push.example.org/1" })).RefusedField("keys.auth");
        (await user.Api.Post("/users/@me/push-subscriptions", new { kind = "pigeon", endpoint = "https://push.example.org/1" })).RefusedField("kind");
    }

    [Fact]
    public async Task A_webhooks_secret_is_told_once()
    {
        var user = await host.Register();
        var added = (await user.Api.Post("/users/@me/push-subscriptions", new { kind = "webhook", endpoint = $"https://hooks.example.org/{user.Id}" })).Ok(201);
        Assert.Equal(32, Convert.FromBase64String(added.Str("secret")!["whsec_".Length..]).Length);
        Assert.Null((await user.Api.Get("/users/@me/push-subscriptions")).Ok().Items()[0].Str("secret"));
    }

    [Fact]
    public async Task Kinds_that_this_instance_is_not_set_up_for_are_refused()
    {
        var user = await host.Register();
        (await user.Api.Post("/users/@me/push-subscriptions", new { kind = "fcm", token = "abc" })).Refused(ErrorCode.FeatureDisabled);
        (await user.Api.Post("/users/@me/push-subscriptions", new { kind = "apns", token = "abc" })).Refused(ErrorCode.FeatureDisabled);
    }

    static async Task<string> KeyOf(KithHost host) => (await (await host.Register()).Api.Get("/push/vapid-public-key")).Ok().Str("public_key")!;

    /// <summary>What PushSubscription.toJSON() gives.</summary>
    static Subscription Browser(string endpoint)
    {
        using var device = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var key = P256.Uncompressed(device.PublicKey.ExportParameters().Q);
        return new Subscription(endpoint, new SubscriptionKeys(Base64Url.EncodeToString(key), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16))));
    }

    sealed record Subscription(string Endpoint, SubscriptionKeys Keys)
    {
        [System.Text.Json.Serialization.JsonPropertyName("expirationTime")]
        public long? ExpirationTime => null;
    }

    sealed record SubscriptionKeys(string? P256dh, string? Auth);
}
