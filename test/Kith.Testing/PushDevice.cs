using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kith.Domain;

namespace Kith.Testing;

/// <summary>A browser that has subscribed: knows its endpoint, and reads what is encrypted for it.</summary>
public sealed class PushDevice : IDisposable
{
    static int last;

    readonly ECDiffieHellman key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    readonly byte[] auth = RandomNumberGenerator.GetBytes(16);
    readonly PushService service;

    PushDevice(PushService service) => (this.service, Path) = (service, $"/push/{Interlocked.Increment(ref last)}");

    public string Path { get; }

    public string Endpoint => new Uri(service.Address, Path).ToString();

    public PushSubscriptionId Id { get; private set; }

    /// <summary>Registers a new device of this user.</summary>
    public static async Task<PushDevice> Subscribe(TestUser user, PushService service)
    {
        var device = new PushDevice(service);
        await device.Register(user);
        return device;
    }

    public async Task Register(TestUser user)
    {
        var point = key.PublicKey.ExportParameters().Q;
        byte[] publicKey = [4, .. point.X!, .. point.Y!];
        var body = new { endpoint = Endpoint, keys = new { p256dh = Base64Url.EncodeToString(publicKey), auth = Base64Url.EncodeToString(auth) } };
        Id = (await user.Api.Post("/users/@me/push-subscriptions", body)).Ok(201).Id<PushSubscriptionId>();
    }

    /// <summary>What came here so far, oldest first.</summary>
    public IReadOnlyList<JsonElement> Received => [.. service.Requests.Where(r => r.Path == Path).Select(Read)];

    /// <summary>Waits until so many came to this device.</summary>
    public Task<IReadOnlyList<JsonElement>> Wait(int count) =>
        Deadline.Until(() => Task.FromResult(Received), got => got.Count >= count, $"{count} pushes to {Path}");

    /// <summary>Decrypts by RFC 8291.</summary>
    public JsonElement Read(PushRequest request)
    {
        var (salt, sender, text) = (request.Body[..16], request.Body[21..86], request.Body[86..]);
        using var other = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = sender[1..33], Y = sender[33..] } });
        var own = key.PublicKey.ExportParameters().Q;
        byte[] info = [.. "WebPush: info\0"u8, 4, .. own.X!, .. own.Y!, .. sender];
        var secret = HKDF.Extract(HashAlgorithmName.SHA256, HKDF.DeriveKey(HashAlgorithmName.SHA256, key.DeriveRawSecretAgreement(other.PublicKey), 32, auth, info), salt);
        using var cipher = new AesGcm(HKDF.Expand(HashAlgorithmName.SHA256, secret, 16, Encoding.ASCII.GetBytes("Content-Encoding: aes128gcm\0")), 16);
        var plain = new byte[text.Length - 16];
        cipher.Decrypt(HKDF.Expand(HashAlgorithmName.SHA256, secret, 12, Encoding.ASCII.GetBytes("Content-Encoding: nonce\0")), text.AsSpan(..^16), text.AsSpan(^16..), plain);
        return JsonDocument.Parse(plain.AsMemory(0, Array.LastIndexOf(plain, (byte)2))).RootElement;
    }

    public void Dispose() => key.Dispose();
}
