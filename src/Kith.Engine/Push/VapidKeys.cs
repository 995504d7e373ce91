using System.Buffers.Text;
using System.Security.Cryptography;

namespace Kith.Engine.Push;

/// <summary>
/// The key with which this instance signs for push services (RFC 8292). Made at first use and kept: browsers bind subscriptions to it, so another key would end them all.
/// </summary>
public sealed class VapidKeys(IPushSubscriptionStore store)
{
    const string Name = "vapid";

    VapidKey? key;

    public async ValueTask<VapidKey> GetAsync(CancellationToken ct)
    {
        if (Volatile.Read(ref key) is { } known) return known;
        // Several may offer one at once; all get the one that was first.
        using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var stored = await store.KeyAsync(Name, Convert.ToBase64String(fresh.ExportPkcs8PrivateKey()), ct);
        var read = VapidKey.Of(Convert.FromBase64String(stored));
        Volatile.Write(ref key, read);
        return read;
    }
}

/// <summary>One P-256 key pair.</summary>
public sealed class VapidKey
{
    readonly ECParameters parameters;

    VapidKey(ECParameters parameters)
    {
        this.parameters = parameters;
        PublicKey = Base64Url.EncodeToString(P256.Uncompressed(parameters.Q));
    }

    /// <summary>The uncompressed point in base64url, as browsers take it for <c>applicationServerKey</c>.</summary>
    public string PublicKey { get; }

    /// <param name="pkcs8">The private key.</param>
    public static VapidKey Of(ReadOnlySpan<byte> pkcs8)
    {
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out _);
        return new VapidKey(key.ExportParameters(includePrivateParameters: true));
    }

    /// <summary>ES256: r and s, 32 bytes each.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        using var key = ECDsa.Create(parameters);
        return key.SignData(data, HashAlgorithmName.SHA256);
    }
}

/// <summary>Points of the curve P-256 as Web Push writes them.</summary>
public static class P256
{
    public const int Coordinate = 32;
    public const int UncompressedLength = 1 + (2 * Coordinate);

    /// <summary>The first byte of a point that is written with both coordinates.</summary>
    const byte Marker = 4;

    public static byte[] Uncompressed(ECPoint point) => [Marker, .. point.X!, .. point.Y!];

    /// <summary>Null where the bytes are no point of the curve.</summary>
    public static ECDiffieHellman? TryImport(ReadOnlySpan<byte> uncompressed)
    {
        if (uncompressed.Length != UncompressedLength || uncompressed[0] != Marker) return null;
        var parameters = new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = uncompressed[1..(1 + Coordinate)].ToArray(), Y = uncompressed[(1 + Coordinate)..].ToArray() },
        };
        try
        {
            return ECDiffieHellman.Create(parameters);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
