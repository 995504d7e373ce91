using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Kith.Engine.Push;
using Kith.Protocol;

namespace Kith.Cluster.Push;

/// <summary>Web Push: RFC 8030, encrypted by RFC 8291, signed by RFC 8292.</summary>
public sealed class WebPushTransport(PushHttp http, VapidTokens tokens) : IPushTransport
{
    public PushKind Kind => PushKind.Web;

    public async Task<PushAnswer> SendAsync(PushSubscription device, PushNote note, CancellationToken ct)
    {
        var endpoint = new Uri(device.Address);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = new ByteArrayContent(MessageEncryption.Encrypt(Text(note.Payload), device.PublicKey, device.Secret))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream"), ContentEncoding = { "aes128gcm" } },
            },
        };
        request.Headers.TryAddWithoutValidation("Authorization", await tokens.HeaderAsync(endpoint, ct));
        request.Headers.Add("TTL", ((long)note.TimeToLive.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("Urgency", note.Urgent ? "high" : "normal");
        request.Headers.Add("Topic", note.Topic);
        return (await http.SendAsync(request, ct)).ToAnswer();
    }

    /// <summary>Names and texts are bounded, but not in bytes: what does not fit goes without the text.</summary>
    static byte[] Text(PushPayload payload)
    {
        var json = Wire.Utf8(payload);
        return json.Length <= MessageEncryption.MaxText ? json : Wire.Utf8(payload with { Body = null });
    }
}
