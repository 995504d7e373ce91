using System.Net;
using System.Text.RegularExpressions;
using Kith.Protocol;

namespace Kith.Engine.Media.Previews;

/// <summary>What a page says of itself for others to show: its Open Graph properties, else its title and description.</summary>
public static partial class HtmlPreview
{
    const int MaxTitle = 256, MaxDescription = 350, MaxName = 100, MaxUrl = 2048;

    /// <summary>Null where the page says nothing.</summary>
    public static Embed? Read(Uri address, string html)
    {
        // Only the head counts, and what looks like tags in its scripts does not.
        var end = html.IndexOf("<body", StringComparison.OrdinalIgnoreCase);
        var head = Scripts.Replace(end < 0 ? html : html[..end], "");
        var properties = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Match tag in Metas.Matches(head))
        {
            var attributes = Attributes.Matches(tag.Value).GroupBy(a => a.Groups[1].Value.ToUpperInvariant(), StringComparer.Ordinal).ToDictionary(g => g.Key, g => Value(g.First()), StringComparer.Ordinal);
            if ((attributes.GetValueOrDefault("PROPERTY") ?? attributes.GetValueOrDefault("NAME")) is { } name && attributes.TryGetValue("CONTENT", out var content))
                properties.TryAdd(name, content);
        }

        var title = First("og:title", "twitter:title") ?? (Titles.Match(head) is { Success: true } match ? match.Groups[1].Value : null);
        var description = First("og:description", "twitter:description", "description");
        if (Text(title, MaxTitle) is not { } shown) return null;
        return new Embed
        {
            Type = "link", Url = address.ToString(), Title = shown, Description = Text(description, MaxDescription),
            Provider = Text(First("og:site_name"), MaxName) is { } site ? new EmbedProvider(site) : null,
            Thumbnail = Picture(address, First("og:image", "og:image:url", "twitter:image")) is { } picture ? new EmbedMedia(picture) : null,
        };

        string? First(params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
            {
                if (properties.TryGetValue(name, out var value) && value.Length > 0) return value;
            }

            return null;
        }
    }

    static string? Picture(Uri page, string? given) =>
        given is not null && Uri.TryCreate(page, WebUtility.HtmlDecode(given).Trim(), out var picture) && picture.Scheme is "http" or "https" && picture.AbsoluteUri.Length <= MaxUrl ? picture.AbsoluteUri : null;

    static string Value(Match attribute) => attribute.Groups[2].Success ? attribute.Groups[2].Value : attribute.Groups[3].Success ? attribute.Groups[3].Value : attribute.Groups[4].Value;

    /// <summary>One line, without markup's escapes and control characters, cut at a length.</summary>
    static string? Text(string? html, int most)
    {
        if (html is null) return null;
        var text = Spaces.Replace(new string([.. WebUtility.HtmlDecode(html).Where(c => !char.IsControl(c) || char.IsWhiteSpace(c))]), " ").Trim();
        if (text.Length > most) text = text[..(char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1)] + "…";
        return text.Length == 0 ? null : text;
    }

    [GeneratedRegex("<(script|style|noscript)\\b[^>]*>.*?(</\\1\\s*>|$)", RegexOptions.IgnoreCase | RegexOptions.Singleline, matchTimeoutMilliseconds: 500)]
    private static partial Regex Scripts { get; }

    [GeneratedRegex("<meta\\s(?:[^>\"']|\"[^\"]*\"|'[^']*'){0,2000}>", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 500)]
    private static partial Regex Metas { get; }

    [GeneratedRegex("([a-zA-Z:_-]+)\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s\"'>]+))", RegexOptions.None, matchTimeoutMilliseconds: 500)]
    private static partial Regex Attributes { get; }

    [GeneratedRegex("<title[^>]*>([^<]{0,2000})", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 500)]
    private static partial Regex Titles { get; }

    [GeneratedRegex("\\s+")]
    private static partial Regex Spaces { get; }
}
