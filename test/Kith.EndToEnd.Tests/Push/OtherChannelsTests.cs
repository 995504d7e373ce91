using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kith.Domain;
using Kith.Engine.Push;
using Kith.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Kith.EndToEnd.Tests.Push;

/// <summary>FCM, APNs and webhooks, each against a server that speaks its protocol.</summary>
public sealed class OtherChannelsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task FCM_gets_data_messages_with_an_access_token_of_the_service_account()
    {
        await using var google = await PushService.Start();
        using var key = RSA.Create(2048);
        var tokens = 0;
        google.Answer((request, response) => response.WriteAsync(request.Path == "/token" ? $"{{\"access_token\":\"ya29.{++tokens}\",\"expires_in\":3599,\"token_type\":\"Bearer\"}}" : "{}"));
        await using var scene = await PushScene.Start(o => o with { Fcm = new FcmOptions { ServiceAccount = Account(key, google), Address = google.Address.ToString() } });
        var (user, friend) = (await scene.Host.Register(), await scene.Host.Register());
        (await user.Api.Post("/users/@me/push-subscriptions", new { kind = "fcm", token = "../up" })).RefusedField("token");
        (await user.Api.Post("/users/@me/push-subscriptions", new { kind = "fcm", token = "d:abc-1_2" })).Ok(201);
        var dm = await friend.OpenDm(user.Id);
        var message = await friend.Send(dm, "hello");
        var requests = await google.Wait(2);
        CheckAssertion(requests[0], key, google);
        Assert.Equal(("/v1/projects/kith-test/messages:send", "Bearer ya29.1"), (requests[1].Path, requests[1].Headers["Authorization"]));
        var sent = requests[1].Json.GetProperty("message");
        Assert.Equal("d:abc-1_2", sent.Str("token"));
        var data = sent.GetProperty("data");
        Assert.Equal(("message", "hello", $"{dm}", $"{message.Id<MessageId>()}", "1"), (data.Str("type"), data.Str("body"), data.Str("channel_id"), data.Str("message_id"), data.Str("badge")));
        Assert.Equal("HIGH", sent.GetProperty("android").Str("priority"));

        // The token is used again; one that is no longer taken is replaced.
        google.Answer(401);
        await friend.Send(dm, "again");
        var refused = (await google.Wait(3))[2];
        Assert.Equal("Bearer ya29.1", refused.Headers["Authorization"]);
        google.Answer((request, response) => response.WriteAsync(request.Path == "/token" ? "{\"access_token\":\"ya29.new\",\"expires_in\":3599}" : "{}"));
        Assert.Equal("Bearer ya29.new", (await google.Wait(5))[4].Headers["Authorization"]);

        google.Answer((_, response) =>
        {
            response.StatusCode = 404;
            return response.WriteAsync("""{"error":{"code":404,"status":"NOT_FOUND","details":[{"errorCode":"UNREGISTERED"}]}}""");
        });
        await friend.Send(dm, "gone");
        await Deadline.Until(() => user.Api.Get("/users/@me/push-subscriptions"), reply => reply.Ok().GetArrayLength() == 0, "the device to go");
    }

    [Fact]
    public async Task APNs_gets_alerts_and_background_pushes_by_HTTP_2()
    {
        await using var apple = await PushService.Start(HttpProtocols.Http2);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = Path.Combine(folder.Path, "AuthKey.p8");
        await File.WriteAllTextAsync(file, key.ExportPkcs8PrivateKeyPem());
        var options = new ApnsOptions { KeyFile = file, KeyId = "ABC123DEFG", TeamId = "DEF123GHIJ", Topic = "org.example.kith", Address = apple.Address.ToString() };
        await using var scene = await PushScene.Start(o => o with { Apns = options });
        var (user, friend) = (await scene.Host.Register(), await scene.Host.Register());
        var device = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        (await user.Api.Post("/users/@me/push-subscriptions", new { kind = "apns", token = "not hex" })).RefusedField("token");
        (await user.Api.Post("/users/@me/push-subscriptions", new { kind = "apns", token = device })).Ok(201);
        apple.Answer(200);
        var dm = await friend.OpenDm(user.Id);
        var message = await friend.Send(dm, "hello");
        var alert = (await apple.Wait(1))[0];
        Assert.Equal(("HTTP/2", $"/3/device/{device}", "alert", "10", "org.example.kith"),
            (alert.Protocol, alert.Path, alert.Headers["apns-push-type"], alert.Headers["apns-priority"], alert.Headers["apns-topic"]));
        CheckProviderToken(alert.Headers["Authorization"], key);
        var aps = alert.Json.GetProperty("aps");
        Assert.Equal((friend.Name, "hello", 1), (aps.GetProperty("alert").Str("title"), aps.GetProperty("alert").Str("body"), aps.Int("badge")));
        Assert.Equal(dm, alert.Json.GetProperty("kith").Id<ChannelId>("channel_id"));
        Assert.True(Encoding.UTF8.GetByteCount(alert.Headers["apns-collapse-id"]) <= 64);

        await user.Ack(dm, message.Id<MessageId>());
        var clear = (await apple.Wait(2))[1];
        Assert.Equal(("background", "5", alert.Headers["apns-collapse-id"]), (clear.Headers["apns-push-type"], clear.Headers["apns-priority"], clear.Headers["apns-collapse-id"]));
        Assert.Equal(1, clear.Json.GetProperty("aps").Int("content-available"));
        Assert.Equal(("read", 0), (clear.Json.GetProperty("kith").Str("type"), clear.Json.GetProperty("kith").Int("badge")));

        apple.Answer((_, response) =>
        {
            response.StatusCode = 400;
            return response.WriteAsync("""{"reason":"BadDeviceToken"}""");
        });
        await friend.Send(dm, "gone");
        await Deadline.Until(() => user.Api.Get("/users/@me/push-subscriptions"), reply => reply.Ok().GetArrayLength() == 0, "the device to go");
    }

    [Fact]
    public async Task A_webhook_gets_the_payload_signed_with_its_secret()
    {
        await using var scene = await PushScene.Start();
        var (user, friend) = (await scene.Host.Register(), await scene.Host.Register());
        var endpoint = new Uri(scene.Service.Address, "/hook").ToString();
        var secret = (await user.Api.Post("/users/@me/push-subscriptions", new { kind = "webhook", endpoint })).Ok(201).Str("secret")!;
        var dm = await friend.OpenDm(user.Id);
        await friend.Send(dm, "hello ✓");
        var request = (await scene.Service.Wait(1))[0];
        Assert.Equal("hello ✓", request.Json.Str("body"));
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{request.Headers["webhook-id"]}.{request.Headers["webhook-timestamp"]}."), .. request.Body];
        var expected = HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed);
        Assert.Equal($"v1,{Convert.ToBase64String(expected)}", request.Headers["webhook-signature"]);
        Assert.InRange(DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeSeconds(long.Parse(request.Headers["webhook-timestamp"])), TimeSpan.FromSeconds(-1), Deadline.Default);
    }

    [Fact]
    public async Task A_file_that_is_no_key_keeps_the_server_from_starting()
    {
        var file = Path.Combine(folder.Path, "account.json");
        await File.WriteAllTextAsync(file, "{\"project_id\": 3}");
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => PushScene.Start(o => o with { Fcm = new FcmOptions { ServiceAccount = file } }));
        Assert.Contains("Push:Fcm:ServiceAccount", refused.Message, StringComparison.Ordinal);
    }

    string Account(RSA key, PushService google)
    {
        var file = Path.Combine(folder.Path, "account.json");
        File.WriteAllText(file, JsonSerializer.Serialize(new
        {
            type = "service_account", project_id = "kith-test", private_key_id = "k1", private_key = key.ExportPkcs8PrivateKeyPem(), client_email = "push@kith-test.iam.example.com",
            token_uri = new Uri(google.Address, "/token").ToString(), universe_domain = "googleapis.com",
        }));
        return file;
    }

    static void CheckAssertion(PushRequest request, RSA key, PushService google)
    {
        var form = Encoding.UTF8.GetString(request.Body).Split('&').Select(p => p.Split('=')).ToDictionary(p => p[0], p => Uri.UnescapeDataString(p[1]));
        Assert.Equal("urn:ietf:params:oauth:grant-type:jwt-bearer", form["grant_type"]);
        var (header, claims, signed, signature) = Read(form["assertion"]);
        Assert.Equal(("RS256", "k1"), (header.Str("alg"), header.Str("kid")));
        Assert.Equal(("push@kith-test.iam.example.com", "https://www.googleapis.com/auth/firebase.messaging", new Uri(google.Address, "/token").ToString()), (claims.Str("iss"), claims.Str("scope"), claims.Str("aud")));
        Assert.Equal(3600, claims.Int("exp") - claims.Int("iat"));
        Assert.True(key.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    static void CheckProviderToken(string authorization, ECDsa key)
    {
        var (header, claims, signed, signature) = Read(authorization["bearer ".Length..]);
        Assert.Equal(("ES256", "ABC123DEFG", "DEF123GHIJ"), (header.Str("alg"), header.Str("kid"), claims.Str("iss")));
        Assert.True(key.VerifyData(signed, signature, HashAlgorithmName.SHA256));
    }

    static (JsonElement Header, JsonElement Claims, byte[] Signed, byte[] Signature) Read(string token)
    {
        var parts = token.Split('.');
        return (JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0])).RootElement, JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1])).RootElement,
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]));
    }
}
