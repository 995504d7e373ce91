using System.Text;
using Kith.Engine.Messages;

namespace Kith.Storage.Sql.Messages;

/// <summary>
/// Text as the full-text index takes it. Scripts written without spaces (Han, kana, Hangul, Thai and kin) become one word per character, and are searched as phrases, so that any run of
/// characters is found; everything else is left to the index's own rules for words.
/// </summary>
static class SearchText
{
    public static string Words(string text)
    {
        if (!text.Any(IsUnspaced)) return text;
        var words = new StringBuilder(text.Length * 2);
        foreach (var c in text)
        {
            if (IsUnspaced(c)) words.Append(' ').Append(c).Append(' ');
            else words.Append(c);
        }

        return words.ToString();
    }

    /// <summary>What can be filtered on, as words of their own.</summary>
    public static string Scope(MessageRecord message)
    {
        var scope = new StringBuilder($"c{message.ChannelId} a{message.AuthorId}");
        foreach (var user in message.Mentions.Users)
            scope.Append(" m").Append(user);
        if (message.Mentions.Everyone) scope.Append(" everyone");
        foreach (var kind in Has(message))
            scope.Append(" has").Append(kind);
        return scope.ToString();
    }

    /// <summary>
    /// The index's query, or null where the text has no word at all. Words match by their beginning, quoted phrases exactly; nothing typed is taken as an operator.
    /// </summary>
    public static string? Query(SearchQuery query)
    {
        List<string> all = [$"scope : ({string.Join(" OR ", query.Channels.Select(c => $"c{c}"))})"];
        if (query.Authors.Count > 0) all.Add($"scope : ({string.Join(" OR ", query.Authors.Select(a => $"a{a}"))})");
        if (query.Mentions.Count > 0) all.Add($"scope : ({string.Join(" OR ", query.Mentions.Select(m => $"m{m}"))})");
        if (query.MentionsEveryone == true) all.Add("scope : everyone");
        all.AddRange(query.Has.Select(kind => $"scope : has{kind}"));
        if (query.Content.Length > 0)
        {
            var terms = Terms(query.Content).ToArray();
            if (terms.Length == 0) return null;
            all.Add($"words : ({string.Join(" AND ", terms)})");
        }

        return string.Join(" AND ", all);
    }

    /// <summary>What the index's query would find, of a message at hand.</summary>
    public static bool Matches(SearchQuery query, MessageRecord message)
    {
        if (query.Mentions.Count > 0 && !message.Mentions.Users.Any(query.Mentions.Contains)) return false;
        if (query.MentionsEveryone == true && !message.Mentions.Everyone) return false;
        if (query.Has.Count > 0 && query.Has.Except(Has(message), StringComparer.Ordinal).Any()) return false;
        return Phrases(query.Content).All(phrase => Contains(message.Content, phrase.Text, phrase.IsPrefix));
    }

    /// <summary>At the beginning of a word, or anywhere in a script without spaces.</summary>
    static bool Contains(string text, string phrase, bool isPrefix)
    {
        for (var at = -1; (at = text.IndexOf(phrase, at + 1, StringComparison.OrdinalIgnoreCase)) >= 0;)
        {
            var begins = at == 0 || !char.IsLetterOrDigit(text[at - 1]) || IsUnspaced(phrase[0]);
            var end = at + phrase.Length;
            if (begins && (isPrefix || end == text.Length || !char.IsLetterOrDigit(text[end]) || IsUnspaced(phrase[^1]))) return true;
        }

        return false;
    }

    static IEnumerable<string> Terms(string content) => Phrases(content).Select(phrase => $"\"{Words(phrase.Text)}\"{(phrase.IsPrefix ? "*" : "")}");

    static IEnumerable<(string Text, bool IsPrefix)> Phrases(string content)
    {
        var parts = content.Split('"');
        for (var i = 0; i < parts.Length; i++)
        {
            var quoted = i % 2 == 1 && i < parts.Length - 1;
            if (quoted)
            {
                if (parts[i].Any(char.IsLetterOrDigit)) yield return (parts[i], false);
                continue;
            }

            foreach (var word in parts[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(w => w.Any(char.IsLetterOrDigit)))
                yield return (word, true);
        }
    }

    static IEnumerable<string> Has(MessageRecord message)
    {
        if (message.Content.Contains("http://", StringComparison.OrdinalIgnoreCase) || message.Content.Contains("https://", StringComparison.OrdinalIgnoreCase)) yield return "link";
        if (message.Parts.Embeds.Count > 0) yield return "embed";
        if (message.Parts.Attachments.Count == 0) yield break;
        yield return "file";
        foreach (var kind in new[] { "image", "video", "audio" })
        {
            if (message.Parts.Attachments.Any(a => a.ContentType?.StartsWith(kind, StringComparison.Ordinal) == true)) yield return kind == "audio" ? "sound" : kind;
        }
    }

    /// <summary>Thai, Lao, Tibetan, Burmese, Khmer; kana, Bopomofo, Han and its extensions; Hangul.</summary>
    static bool IsUnspaced(char c) => c is >= '\u0E00' and <= '\u0FFF' or >= '\u1000' and <= '\u109F' or >= '\u1780' and <= '\u17FF'
        or >= '\u3040' and <= '\u9FFF' or >= '\uAC00' and <= '\uD7AF' or >= '\uF900' and <= '\uFAFF';
}
