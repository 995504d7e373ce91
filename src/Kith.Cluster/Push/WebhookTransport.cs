using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Kith.Engine.Push;
using Kith.Protocol;

namespace Kith.Cluster.Push;

/// <summary>A POST of the payload to an address of the user's, signed as Standard Webhooks has it (standardwebhooks.com).</summary>
public sealed class WebhookTransport(PushHttp http, TimeProvider clock) : IPushTransport
{
    public PushKind Kind => PushKind.Webhook;

    public async Task<PushAnswer> SendAsync(PushSubscription device, PushNote note, CancellationToken ct)
    {
        var body = Wire.Utf8(note.Payload);
        // The same for each attempt, so that a receiver can tell a repeat.
        var id = $"{note.Payload.Type}_{note.Payload.MessageId?.ToString() ?? note.Topic}";
        var time = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{id}.{time}."), .. body];
        var signature = HMACSHA256.HashData(device.Secret!, signed);
        using var request = new HttpRequestMessage(HttpMethod.Post, device.Address)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", time);
        request.Headers.TryAddWithoutValidation("webhook-signature", $"v1,{Convert.ToBase64String(signature)}");
        return (await http.SendAsync(request, ct)).ToAnswer();
    }
}
