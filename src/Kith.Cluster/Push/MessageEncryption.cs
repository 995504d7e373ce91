using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Kith.Engine.Push;

namespace Kith.Cluster.Push;

/// <summary>
/// Encrypts for a browser (RFC 8291) in one record of the content coding aes128gcm (RFC 8188): header of salt, record size, and the sender's key; then the sealed text.
/// </summary>
public static class MessageEncryption
{
    /// <summary>Bytes; push services need not take larger bodies.</summary>
    public const int MaxBody = 4096;

    const int SaltLength = 16;
    const int KeyLength = 16;
    const int NonceLength = 12;
    const int TagLength = 16;
    const int HeaderLength = SaltLength + sizeof(uint) + sizeof(byte) + P256.UncompressedLength;

    /// <summary>Behind the text of the last record; zeros may follow.</summary>
    const byte Delimiter = 2;

    /// <summary>Bytes of text that fit into a body.</summary>
    public const int MaxText = MaxBody - HeaderLength - TagLength - 1;

    /// <exception cref="ArgumentException">The device's key is no point, or the text too long.</exception>
    public static byte[] Encrypt(ReadOnlySpan<byte> text, ReadOnlySpan<byte> deviceKey, ReadOnlySpan<byte> authSecret)
    {
        using var sender = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return Encrypt(text, deviceKey, authSecret, sender, RandomNumberGenerator.GetBytes(SaltLength));
    }

    /// <summary>With a key and salt of one's choice, which must never be used twice.</summary>
    public static byte[] Encrypt(ReadOnlySpan<byte> text, ReadOnlySpan<byte> deviceKey, ReadOnlySpan<byte> authSecret, ECDiffieHellman sender, ReadOnlySpan<byte> salt)
    {
        if (text.Length > MaxText) throw new ArgumentException($"{text.Length} bytes do not fit into a push.", nameof(text));
        using var device = P256.TryImport(deviceKey) ?? throw new ArgumentException("Not a point of the curve P-256.", nameof(deviceKey));
        var senderKey = P256.Uncompressed(sender.PublicKey.ExportParameters().Q);
        var shared = sender.DeriveRawSecretAgreement(device.PublicKey);
        var input = HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, SHA256.HashSizeInBytes, authSecret.ToArray(), [.. "WebPush: info\0"u8, .. deviceKey, .. senderKey]);
        return Seal(text, input, senderKey, salt);
    }

    static byte[] Seal(ReadOnlySpan<byte> text, byte[] input, byte[] senderKey, ReadOnlySpan<byte> salt)
    {
        var secret = HKDF.Extract(HashAlgorithmName.SHA256, input, salt.ToArray());
        var key = HKDF.Expand(HashAlgorithmName.SHA256, secret, KeyLength, Encoding.ASCII.GetBytes("Content-Encoding: aes128gcm\0"));
        var nonce = HKDF.Expand(HashAlgorithmName.SHA256, secret, NonceLength, Encoding.ASCII.GetBytes("Content-Encoding: nonce\0"));
        var body = new byte[HeaderLength + text.Length + 1 + TagLength];
        salt.CopyTo(body);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(SaltLength), MaxBody);
        body[SaltLength + sizeof(uint)] = P256.UncompressedLength;
        senderKey.CopyTo(body, SaltLength + sizeof(uint) + sizeof(byte));
        Span<byte> padded = stackalloc byte[text.Length + 1];
        text.CopyTo(padded);
        padded[^1] = Delimiter;
        using var cipher = new AesGcm(key, TagLength);
        cipher.Encrypt(nonce, padded, body.AsSpan(HeaderLength, padded.Length), body.AsSpan(HeaderLength + padded.Length));
        return body;
    }
}
