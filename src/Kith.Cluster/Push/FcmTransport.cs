using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Kith.Engine.Push;
using Kith.Protocol;

namespace Kith.Cluster.Push;

/// <summary>Firebase Cloud Messaging, HTTP v1. Data messages: the app makes the notification, so that it can replace and remove it.</summary>
public sealed class FcmTransport(PushHttp http, GoogleTokens tokens, PushOptions options) : IPushTransport
{
    public PushKind Kind => PushKind.Fcm;

    public async Task<PushAnswer> SendAsync(PushSubscription device, PushNote note, CancellationToken ct)
    {
        var (token, failure) = await tokens.GetAsync(ct);
        if (token is null) return new PushAnswer(PushVerdict.Retry, failure);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{options.Fcm.Address.TrimEnd('/')}/v1/projects/{tokens.Project}/messages:send")
        {
            Content = JsonContent.Create(new
            {
                message = new
                {
                    token = device.Address, data = Strings(note.Payload),
                    android = new { priority = note.Urgent ? "HIGH" : "NORMAL", ttl = $"{(long)note.TimeToLive.TotalSeconds}s", collapse_key = note.Topic },
                },
            }),
        };
        request.Headers.Authorization = new("Bearer", token);
        var reply = await http.SendAsync(request, ct);
        switch (reply.Status)
        {
            case HttpStatusCode.Unauthorized:
                tokens.Forget(token);
                return new PushAnswer(PushVerdict.Retry, reply.Detail);
            // The device registered with another project: as good as unknown.
            case HttpStatusCode.Forbidden when reply.Text.Contains("SENDER_ID_MISMATCH", StringComparison.Ordinal):
                return new PushAnswer(PushVerdict.Gone, reply.Detail);
            default:
                return reply.ToAnswer();
        }
    }

    /// <summary>The payload with all values as text, which is all that data messages carry; what is nested is JSON.</summary>
    static Dictionary<string, string> Strings(PushPayload payload)
    {
        using var json = JsonDocument.Parse(Wire.Utf8(payload));
        return json.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ValueKind == JsonValueKind.String ? p.Value.GetString()! : p.Value.GetRawText(), StringComparer.Ordinal);
    }
}

/// <summary>Access tokens of a Google service account, each good for an hour (RFC 7523).</summary>
public sealed class GoogleTokens : IDisposable
{
    const string Scope = "https://www.googleapis.com/auth/firebase.messaging";

    static readonly TimeSpan Life = TimeSpan.FromHours(1);
    static readonly TimeSpan Reserve = TimeSpan.FromMinutes(5);

    readonly PushHttp http;
    readonly TimeProvider clock;
    readonly ServiceAccount account;
    readonly SemaphoreSlim gate = new(1);
    (string Token, DateTimeOffset Ends)? known;

    /// <exception cref="InvalidDataException">The file is none of a service account.</exception>
    public GoogleTokens(PushHttp http, PushOptions options, TimeProvider clock)
    {
        (this.http, this.clock) = (http, clock);
        account = ServiceAccount.Read(options.Fcm.ServiceAccount);
    }

    public string Project => account.ProjectId;

    /// <summary>A token, or why there is none now.</summary>
    public async ValueTask<(string? Token, string Failure)> GetAsync(CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            if (known is not { } current || current.Ends - clock.GetUtcNow() < Reserve)
            {
                var reply = await AskAsync(ct);
                if (!reply.IsSuccess) return (null, $"no access token: {reply.Detail}");
                known = Read(reply.Text);
            }

            return known is { } token ? (token.Token, "") : (null, "no access token: the answer has none");
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>The service does not take this one any more.</summary>
    public void Forget(string token)
    {
        if (known?.Token == token) known = null;
    }

    public void Dispose() => gate.Dispose();

    async Task<PushReply> AskAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var assertion = JsonWebToken.Make(
            new { alg = "RS256", typ = "JWT", kid = account.PrivateKeyId },
            new { iss = account.ClientEmail, scope = Scope, aud = account.TokenUri, iat = now.ToUnixTimeSeconds(), exp = (now + Life).ToUnixTimeSeconds() },
            account.Sign);
        using var request = new HttpRequestMessage(HttpMethod.Post, account.TokenUri)
        {
            Content = new FormUrlEncodedContent([new("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), new("assertion", assertion)]),
        };
        return await http.SendAsync(request, ct);
    }

    (string, DateTimeOffset)? Read(string json)
    {
        try
        {
            using var answer = JsonDocument.Parse(json);
            var root = answer.RootElement;
            return (root.GetProperty("access_token").GetString()!, clock.GetUtcNow().AddSeconds(root.TryGetProperty("expires_in", out var seconds) ? seconds.GetInt32() : Life.TotalSeconds));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
