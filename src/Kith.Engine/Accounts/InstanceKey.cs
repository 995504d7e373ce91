using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Kith.Engine.Accounts;

/// <summary>The secret of an instance. Whoever has it can be anyone.</summary>
public sealed class InstanceKey(byte[] key)
{
    /// <summary>A signature in base64url. <paramref name="purpose"/> keeps one kind of signed text from passing as another; it has no line break.</summary>
    public string Sign(string purpose, string text)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{purpose}\n{text}"), mac);
        return Base64Url.EncodeToString(mac);
    }

    public bool IsSigned(string purpose, string text, string signature) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Sign(purpose, text)), Encoding.UTF8.GetBytes(signature));
}

/// <summary>Numbers as parts of tokens: decimal, then base64url, as clients expect that read their own id from a token.</summary>
static class TokenParts
{
    public static string Encode(long number) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(number.ToString()));

    public static bool TryDecode(string part, out long number)
    {
        number = 0;
        Span<byte> bytes = stackalloc byte[32];
        return part.Length <= 28 && Base64Url.IsValid(part, out _) && Base64Url.TryDecodeFromChars(part, bytes, out var length)
            && Domain.Snowflake.TryParse(Encoding.ASCII.GetString(bytes[..length]), out number);
    }
}
