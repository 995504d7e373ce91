using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Kith.Engine.Push;
using Kith.Protocol;

namespace Kith.Cluster.Push;

/// <summary>The Apple Push Notification service, by HTTP/2 and provider tokens.</summary>
public sealed class ApnsTransport : IPushTransport
{
    /// <summary>Apple takes a token for an hour, and a new one every twenty minutes at most.</summary>
    static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(40);

    readonly PushHttp http;
    readonly ApnsOptions options;
    readonly TimeProvider clock;
    readonly byte[] key;
    readonly Lock gate = new();
    string? token;
    DateTimeOffset made;

    /// <exception cref="InvalidDataException">The file has no key.</exception>
    public ApnsTransport(PushHttp http, PushOptions options, TimeProvider clock)
    {
        (this.http, this.options, this.clock) = (http, options.Apns, clock);
        key = ReadKey(options.Apns.KeyFile);
    }

    public PushKind Kind => PushKind.Apns;

    public async Task<PushAnswer> SendAsync(PushSubscription device, PushNote note, CancellationToken ct)
    {
        var background = note.Payload.Type == PushPayload.Read;
        var bearer = Token();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{options.Address.TrimEnd('/')}/3/device/{device.Address}")
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(background ? Background(note.Payload) : Alert(note.Payload)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Authorization = new("bearer", bearer);
        request.Headers.Add("apns-topic", options.Topic);
        request.Headers.Add("apns-push-type", background ? "background" : "alert");
        request.Headers.Add("apns-priority", note.Urgent && !background ? "10" : "5");
        request.Headers.Add("apns-expiration", (clock.GetUtcNow() + note.TimeToLive).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("apns-collapse-id", note.Topic);
        var reply = await http.SendAsync(request, ct);
        if (reply.Status == HttpStatusCode.Forbidden && Says(reply, "ExpiredProviderToken"))
        {
            Forget(bearer);
            return new PushAnswer(PushVerdict.Retry, reply.Detail);
        }

        return reply.Status == HttpStatusCode.BadRequest && (Says(reply, "BadDeviceToken") || Says(reply, "DeviceTokenNotForTopic"))
            ? new PushAnswer(PushVerdict.Gone, reply.Detail) : reply.ToAnswer();
    }

    static bool Says(PushReply reply, string reason) => reply.Text.Contains($"\"{reason}\"", StringComparison.Ordinal);

    /// <summary>The app may add to it before it is shown.</summary>
    static byte[] Alert(PushPayload payload) => Wire.Utf8(new Dictionary<string, object>(StringComparer.Ordinal)
    {
        ["aps"] = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["alert"] = new { payload.Title, Body = payload.Body ?? "" }, ["badge"] = payload.Badge, ["sound"] = "default", ["thread-id"] = payload.Tag, ["mutable-content"] = 1,
        },
        ["kith"] = payload with { Title = null, Body = null },
    });

    /// <summary>For the app alone, which removes its notification and sets its badge: Apple allows nothing visible in these.</summary>
    static byte[] Background(PushPayload payload) => Wire.Utf8(new Dictionary<string, object>(StringComparer.Ordinal)
    {
        ["aps"] = new Dictionary<string, object>(StringComparer.Ordinal) { ["content-available"] = 1 }, ["kith"] = payload,
    });

    string Token()
    {
        var now = clock.GetUtcNow();
        lock (gate)
        {
            if (token is not null && now - made < TokenLife) return token;
            made = now;
            return token = JsonWebToken.Make(new { alg = "ES256", kid = options.KeyId }, new { iss = options.TeamId, iat = now.ToUnixTimeSeconds() }, data =>
            {
                using var signer = ECDsa.Create();
                signer.ImportPkcs8PrivateKey(key, out _);
                return signer.SignData(data, HashAlgorithmName.SHA256);
            });
        }
    }

    void Forget(string expired)
    {
        lock (gate)
        {
            if (token == expired) token = null;
        }
    }

    static byte[] ReadKey(string path)
    {
        try
        {
            using var read = ECDsa.Create();
            read.ImportFromPem(File.ReadAllText(path));
            return read.ExportPkcs8PrivateKey();
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{path} is no key of Apple's (Push:Apns:KeyFile): {e.Message}", e);
        }
    }
}
