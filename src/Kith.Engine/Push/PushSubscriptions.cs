using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Protocol;

namespace Kith.Engine.Push;

/// <summary>What a device sends to be notified: a browser's PushSubscription as it is, or a kind with what that kind needs.</summary>
public sealed record PushSubscriptionForm
{
    /// <summary>web (as browsers, who do not say), fcm, apns or webhook.</summary>
    public string? Kind { get; init; }

    /// <summary>Of web and webhook.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Of fcm and apns: the device's.</summary>
    public string? Token { get; init; }
    public PushKeysForm? Keys { get; init; }
}

/// <summary>Both in base64url.</summary>
public sealed record PushKeysForm(string? P256dh = null, string? Auth = null);

/// <summary>Where users want to be notified.</summary>
public sealed class PushSubscriptions(IPushSubscriptionStore store, PushAudience audience, PushTransports transports, PushOptions options, SnowflakeGenerator ids, TimeProvider clock)
{
    /// <summary>Devices of one user; one more replaces the oldest.</summary>
    const int Most = 32;
    const int MaxAddress = 2048;
    const int AuthSecretLength = 16;
    const int WebhookSecretLength = 32;

    static readonly string[] Kinds = ["web", "fcm", "apns", "webhook"];

    public Task<IReadOnlyList<PushSubscription>> OfAsync(Principal me, CancellationToken ct) => store.OfUserAsync(me.Id, ct);

    public async Task<Result<PushSubscription>> AddAsync(Principal me, PushSubscriptionForm form, CancellationToken ct)
    {
        if (me.User.Bot) return ErrorCode.BotsCannotUse;
        if (!options.Enabled) return ErrorCode.FeatureDisabled;
        var read = (form.Kind ?? "web") switch
        {
            "web" => ReadWeb(form),
            "webhook" => ReadEndpoint(form, PushKind.Webhook, publicKey: null, RandomNumberGenerator.GetBytes(WebhookSecretLength)),
            "fcm" => ReadToken(form, PushKind.Fcm, static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or ':'),
            "apns" => ReadToken(form, PushKind.Apns, char.IsAsciiHexDigit),
            _ => Error.Form("kind", "BASE_TYPE_CHOICES", $"Value must be one of ({string.Join(", ", Kinds.Select(k => $"'{k}'"))})."),
        };
        if (!read.Ok(out var device, out var wrong)) return wrong;
        var saved = await store.SaveAsync(new PushSubscription
        {
            Id = new PushSubscriptionId(ids.Next()), UserId = me.Id, SessionId = me.Session, Kind = device.Kind, Service = device.Service, Address = device.Address,
            PublicKey = device.PublicKey, Secret = device.Secret, CreatedAt = clock.GetUtcNow(),
        }, Most, ct);
        await audience.DeviceAddedAsync(me.Id, CancellationToken.None);
        return saved;
    }

    public async Task<Result<Done>> RemoveAsync(Principal me, PushSubscriptionId id, CancellationToken ct) =>
        await store.RemoveAsync(me.Id, id, ct) ? Done.Instance : ErrorCode.UnknownPushSubscription;

    /// <param name="address">Its endpoint or token, which is all that a device knows of it.</param>
    public async Task<Result<Done>> RemoveAsync(Principal me, string? address, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(address)) return Error.Form("endpoint", "BASE_TYPE_REQUIRED", "This field is required");
        return await store.RemoveAsync(me.Id, address, ct) ? Done.Instance : ErrorCode.UnknownPushSubscription;
    }

    Result<Device> ReadWeb(PushSubscriptionForm form)
    {
        var errors = new FormErrors();
        var publicKey = Decode(errors, "keys.p256dh", form.Keys?.P256dh, P256.UncompressedLength);
        var secret = Decode(errors, "keys.auth", form.Keys?.Auth, AuthSecretLength);
        if (publicKey is not null)
        {
            using var point = P256.TryImport(publicKey);
            errors.Require(point is not null, "keys.p256dh", "PUSH_KEY_INVALID", "Not a point of the curve P-256.");
        }

        return errors.Error is { } wrong ? wrong : ReadEndpoint(form, PushKind.Web, publicKey, secret);
    }

    Result<Device> ReadEndpoint(PushSubscriptionForm form, PushKind kind, byte[]? publicKey, byte[]? secret)
    {
        var errors = new FormErrors();
        errors.Required("endpoint", form.Endpoint);
        errors.Length("endpoint", form.Endpoint, 1, MaxAddress);
        if (errors.Error is { } wrong) return wrong;
        if (!Uri.TryCreate(form.Endpoint, UriKind.Absolute, out var url) || !(url.Scheme == "https" || (url.Scheme == "http" && options.AllowPrivateAddresses)) || url.UserInfo.Length > 0)
            return Error.Form("endpoint", "URL_TYPE_INVALID_URL", "Not a well formed https URL.");
        if (!options.AllowPrivateAddresses && IPAddress.TryParse(url.DnsSafeHost, out var address) && !PublicAddress.Is(address))
            return Error.Form("endpoint", "URL_TYPE_INVALID_URL", "Addresses inside a private network are not pushed to.");
        return new Device(kind, url.Authority, form.Endpoint!, publicKey, secret);
    }

    /// <summary>A token becomes part of a request, so it has only the characters that such tokens have.</summary>
    Result<Device> ReadToken(PushSubscriptionForm form, PushKind kind, Func<char, bool> allowed)
    {
        if (!transports.Takes(kind)) return ErrorCode.FeatureDisabled;
        var errors = new FormErrors();
        errors.Required("token", form.Token);
        errors.Require(form.Token is null || (form.Token.Length <= MaxAddress && form.Token.All(allowed)), "token", "PUSH_TOKEN_INVALID", "Not a device token.");
        return errors.Error is { } wrong ? wrong : new Device(kind, kind.ToString().ToLowerInvariant(), form.Token!, null, null);
    }

    static byte[]? Decode(FormErrors errors, string path, string? text, int length)
    {
        errors.Required(path, text);
        if (string.IsNullOrEmpty(text)) return null;
        var plain = text.TrimEnd('=').Replace('+', '-').Replace('/', '_');
        if (Base64Url.IsValid(plain, out var decoded) && decoded == length) return Base64Url.DecodeFromChars(plain);
        errors.Add(path, "PUSH_KEY_INVALID", $"Must be {length} bytes in base64url.");
        return null;
    }

    sealed record Device(PushKind Kind, string Service, string Address, byte[]? PublicKey, byte[]? Secret);
}
