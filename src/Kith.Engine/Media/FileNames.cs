using System.Globalization;
using System.Text;

namespace Kith.Engine.Media;

/// <summary>Names of files as users give them, made safe to show, to save and to put into a header.</summary>
public static class FileNames
{
    /// <summary>Bytes of UTF-8: what file systems take.</summary>
    const int MaxBytes = 255;

    /// <summary>Longer endings are part of the name.</summary>
    const int MaxExtension = 16;

    /// <summary>
    /// The last part of a path, without control characters, without marks that change the direction of text (which make "exe.txt" of "txt.exe"), without what file systems
    /// refuse, and not longer than they take; the ending stays.
    /// </summary>
    public static string Clean(string? given)
    {
        var name = given ?? "";
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        var clean = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned || rune == Rune.ReplacementChar) continue;
            clean.Append(rune.Value is '<' or '>' or ':' or '"' or '|' or '?' or '*' ? "_" : rune.ToString());
        }

        var text = clean.ToString().Trim().Trim('.').Trim();
        return text.Length == 0 ? "file" : Shorten(text);
    }

    static string Shorten(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) <= MaxBytes) return name;
        var extension = Path.GetExtension(name);
        if (extension.Length > MaxExtension) extension = "";
        var room = MaxBytes - Encoding.UTF8.GetByteCount(extension);
        var stem = new StringBuilder();
        foreach (var rune in name.AsSpan(0, name.Length - extension.Length).EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0) break;
            stem.Append(rune.ToString());
        }

        return stem.Append(extension).ToString();
    }
}
