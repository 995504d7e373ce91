using System.Text;

namespace Kith.Engine.Accounts;

/// <summary>RFC 4648's base32, without padding. Reads lower case, blanks and padding as well: people type it.</summary>
public static class Base32
{
    const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const int BitsPerCharacter = 5;

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(((bytes.Length * 8) + BitsPerCharacter - 1) / BitsPerCharacter);
        int buffer = 0, bits = 0;
        foreach (var b in bytes)
        {
            buffer = (buffer << 8) | b;
            bits += 8;
            while (bits >= BitsPerCharacter)
            {
                bits -= BitsPerCharacter;
                text.Append(Alphabet[(buffer >> bits) & 31]);
            }
        }

        if (bits > 0) text.Append(Alphabet[(buffer << (BitsPerCharacter - bits)) & 31]);
        return text.ToString();
    }

    public static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = [];
        List<byte> decoded = new(text.Length);
        int buffer = 0, bits = 0;
        foreach (var c in text.TrimEnd('='))
        {
            if (c is ' ' or '-') continue;
            var value = Alphabet.IndexOf(char.ToUpperInvariant(c));
            if (value < 0) return false;
            buffer = ((buffer << BitsPerCharacter) | value) & 0xffff;
            bits += BitsPerCharacter;
            if (bits < 8) continue;
            bits -= 8;
            decoded.Add((byte)(buffer >> bits));
        }

        bytes = [.. decoded];
        return true;
    }
}
