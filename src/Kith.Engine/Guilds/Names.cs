using System.Globalization;
using System.Text;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>Names as Discord keeps them.</summary>
public static class Names
{
    /// <summary>Without surrounding white space and control characters.</summary>
    public static string Clean(string name) => string.Concat(name.Where(c => !char.IsControl(c))).Trim();

    /// <summary>Channels where people write are lower case, with dashes for spaces and without punctuation; voice channels and categories keep what was typed.</summary>
    public static string OfChannel(ChannelType type, string name)
    {
        name = Clean(name);
        if (type is not (ChannelType.GuildText or ChannelType.GuildAnnouncement)) return name;
        var normal = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || rune.Value == '-')
            {
                if (normal.Length == 0 || normal[^1] != '-') normal.Append('-');
            }
            else if (!rune.IsAscii || Rune.IsLetterOrDigit(rune) || rune.Value == '_')
            {
                normal.Append(Rune.ToLower(rune, CultureInfo.InvariantCulture).ToString());
            }
        }

        return normal.ToString();
    }
}
