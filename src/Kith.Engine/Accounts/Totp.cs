using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Kith.Engine.Accounts;

/// <summary>Time-based one-time passwords (RFC 6238) with HMAC-SHA1 and steps of 30 seconds, which is what authenticator apps know.</summary>
public static class Totp
{
    public const int Digits = 6;

    /// <summary>160 bits, as RFC 4226 recommends.</summary>
    const int SecretBytes = 20;

    /// <summary>128 bits, the least that RFC 4226 allows.</summary>
    const int MinSecretBytes = 16;

    static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    public static string NewSecret() => Base32.Encode(RandomNumberGenerator.GetBytes(SecretBytes));

    public static bool IsSecret(string text) => Base32.TryDecode(text, out var key) && key.Length is >= MinSecretBytes and <= 64;

    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / (long)Step.TotalSeconds;

    public static string CodeAt(ReadOnlySpan<byte> key, long step, int digits = Digits)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // SHA-1 is what authenticator apps share, and HMAC does not rest on its resistance to collisions.
        HMACSHA1.HashData(key, counter, mac);
#pragma warning restore CA5350
        var offset = mac[^1] & 0x0f;
        var number = BinaryPrimitives.ReadInt32BigEndian(mac[offset..]) & 0x7fffffff;
        return (number % (int)Math.Pow(10, digits)).ToString($"D{digits}");
    }

    /// <summary>The step that a code is of: the present one or a neighbour, for clocks that are off and people who are slow; null where it is of none.</summary>
    public static long? Match(string secret, string code, DateTimeOffset now)
    {
        if (code.Length != Digits || !Base32.TryDecode(secret, out var key)) return null;
        long? match = null;
        for (var step = StepAt(now) - 1; step <= StepAt(now) + 1; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(CodeAt(key, step)), System.Text.Encoding.UTF8.GetBytes(code))) match = step;
        }

        return match;
    }

    /// <summary>What authenticator apps read from a QR code.</summary>
    public static string Url(string account, string secret) => $"otpauth://totp/Kith:{Uri.EscapeDataString(account)}?secret={secret}&issuer=Kith";
}
