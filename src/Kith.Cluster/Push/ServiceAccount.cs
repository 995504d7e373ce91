using System.Security.Cryptography;
using System.Text.Json;
using Kith.Protocol;

namespace Kith.Cluster.Push;

/// <summary>A Google service account's file, as far as it is needed.</summary>
sealed record ServiceAccount(string ProjectId, string ClientEmail, string PrivateKey, string TokenUri, string? PrivateKeyId = null)
{
    /// <exception cref="InvalidDataException">The file is none of a service account.</exception>
    public static ServiceAccount Read(string path)
    {
        try
        {
            var account = JsonSerializer.Deserialize<ServiceAccount>(File.ReadAllBytes(path), Wire.Options) ?? throw new JsonException("It is empty.");
            account.Sign([]);
            return account;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{path} is no service account (Push:Fcm:ServiceAccount): {e.Message}", e);
        }
    }

    /// <summary>RS256.</summary>
    public byte[] Sign(byte[] data)
    {
        using var key = RSA.Create();
        key.ImportFromPem(PrivateKey);
        return key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }
}
