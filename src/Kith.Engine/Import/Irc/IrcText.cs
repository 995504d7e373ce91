using System.Text;
using System.Text.RegularExpressions;

namespace Kith.Engine.Import.Irc;

/// <summary>Text of IRC as text of Kith.</summary>
static partial class IrcText
{
    /// <summary>Without colours and other control characters.</summary>
    public static string Clean(string text) => text.Any(char.IsControl) ? Formatting().Replace(text, "").Trim() : text;

    /// <summary>In italics, as <c>/me</c> is shown, by the mark that does not occur within.</summary>
    public static string Italic(string text)
    {
        if (text.Length == 0) return "";
        if (!text.Contains('_')) return $"_{text}_";
        return text.Contains('*') ? $"*{text.Replace("*", "\\*", StringComparison.Ordinal)}*" : $"*{text}*";
    }

    /// <summary>Text as bytes are: UTF-8, or where a line is not, the Latin-1 that older clients sent.</summary>
    public static string Decode(ReadOnlySpan<byte> line)
    {
        try
        {
            return Strict.GetString(line);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(line);
        }
    }

    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A colour has up to two numbers after it.</summary>
    [GeneratedRegex(@"\x03(?:\d{1,2}(?:,\d{1,2})?)?|\p{Cc}")]
    private static partial Regex Formatting();
}
