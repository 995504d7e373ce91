using System.Text.RegularExpressions;
using Kith.Engine.Accounts;

namespace Kith.Engine.Import.Irc;

/// <summary>Nicks as user names.</summary>
static partial class IrcNames
{
    /// <summary>Room for a number that tells two of the same name apart.</summary>
    const int Longest = 26;

    /// <summary>Nicks that differ by case only are one person's.</summary>
    public static string Key(string nick) => nick.ToLowerInvariant();

    /// <summary>First the nick itself, so far as its characters may be in a user name; then with endings.</summary>
    public static IEnumerable<string> Usernames(string nick)
    {
        var name = Other().Replace(AccountRules.Fold(nick), "_");
        while (name.Contains("..", StringComparison.Ordinal)) name = name.Replace("..", ".", StringComparison.Ordinal);
        if (name.Length > Longest) name = name[..Longest];
        if (name.Length < 2) name = name.PadRight(2, '_');
        var errors = new FormErrors();
        AccountRules.Username(errors, "", name);
        if (errors.Error is null) yield return name;
        yield return name + "_irc";
        for (var i = 2; ; i++)
            yield return $"{name}_irc{i}";
    }

    [GeneratedRegex("[^a-z0-9_.]")]
    private static partial Regex Other();
}
