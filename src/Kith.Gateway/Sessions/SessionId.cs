using System.Globalization;
using System.Security.Cryptography;

namespace Kith.Gateway.Sessions;

/// <summary>
/// A session's name: 32 hexadecimal digits, of which the first 8 say where it lives (loop, place in the loop's table), so that no registry is needed to find it, and
/// 24 (96 bits) are random, so that it cannot be guessed and no later session at the same place is taken for it.
/// </summary>
readonly record struct SessionId(ulong High, ulong Low)
{
    public const int MaxLoops = 1 << 8;
    public const int MaxSlots = 1 << 24;

    public int Loop => (int)(High >> 56);

    public int Slot => (int)(High >> 32) & (MaxSlots - 1);

    public static SessionId New(int loop, int slot)
    {
        Span<byte> random = stackalloc byte[12];
        RandomNumberGenerator.Fill(random);
        return new SessionId(((ulong)loop << 56) | ((ulong)slot << 32) | BitConverter.ToUInt32(random), BitConverter.ToUInt64(random[4..]));
    }

    public static bool TryParse(ReadOnlySpan<char> text, out SessionId id)
    {
        id = default;
        if (text.Length != 32
            || !ulong.TryParse(text[..16], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
            || !ulong.TryParse(text[16..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low)) return false;
        id = new SessionId(high, low);
        return true;
    }

    public override string ToString() => $"{High:x16}{Low:x16}";
}
