namespace Kith.Engine.Import.Irc;

/// <summary>
/// Whom a text addresses: <c>nick:</c> or <c>nick,</c> at its beginning (several in a row too), <c>@nick</c> anywhere. A nick counts only where the caller knows it.
/// </summary>
static class IrcMentions
{
    /// <param name="isKnown">By key.</param>
    /// <returns>Keys, each once, in order of appearance.</returns>
    public static List<string> Find(string text, Func<string, bool> isKnown)
    {
        List<string> found = [];
        var (start, before) = (0, ',');
        while (start < text.Length)
        {
            var end = text.IndexOfAny([':', ',', ' '], start);
            // "one, other: …" addresses both; in "one: well, …" the text has begun.
            if (end < 0 || text[end] == ' ' || (before == ':' && text[end] == ',') || !Add(text[start..end])) break;
            before = text[end];
            start = end + 1;
            while (start < text.Length && text[start] == ' ') start++;
        }

        for (var at = text.IndexOf('@'); at >= 0; at = text.IndexOf('@', at + 1))
        {
            if (at > 0 && !char.IsWhiteSpace(text[at - 1]) && text[at - 1] is not ('(' or '"' or '\'')) continue;
            var end = text.AsSpan(at + 1).IndexOf(' ');
            var word = end < 0 ? text[(at + 1)..] : text.Substring(at + 1, end);
            // What ends a sentence may follow; a nick itself may end with some of it.
            while (word.Length > 0 && !Add(word) && word[^1] is ':' or ',' or '.' or '!' or '?' or ')' or ';' or '"' or '\'')
                word = word[..^1];
        }

        return found;

        bool Add(string nick)
        {
            var key = IrcNames.Key(nick);
            if (!isKnown(key)) return false;
            if (!found.Contains(key)) found.Add(key);
            return true;
        }
    }
}
