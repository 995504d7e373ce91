using System.Text.RegularExpressions;

namespace Kith.Engine.Import.Irc;

/// <summary>
/// Reads lines such as <c>[09:14] &lt;nick&gt; text</c>, <c>[09:14]  * nick action</c>, <c>=== nick is now known as other</c>. Some loggers put a blank after each
/// closing bracket of a nick (<c>bur[n] er</c>); it is taken out again.
/// </summary>
public static partial class IrcLineParser
{
    public static IrcLine Parse(string line)
    {
        if (line.StartsWith("=== ", StringComparison.Ordinal)) return Announcement(line[4..]);
        if (line.StartsWith(" * ", StringComparison.Ordinal)) return Action(line[3..], null);
        if (line.Length < 8 || line[0] != '[' || line[3] != ':' || line[6] != ']' || line[7] != ' ') return new IrcLine.Malformed("is no line of an IRC log");
        if (!int.TryParse(line.AsSpan(1, 2), out var hour) || !int.TryParse(line.AsSpan(4, 2), out var minute) || hour is < 0 or > 23 || minute is < 0 or > 59)
            return new IrcLine.Malformed($"has the time {line[1..6]}");
        var rest = line[8..];
        if (rest.TrimStart().StartsWith("* ", StringComparison.Ordinal)) return Action(rest.TrimStart()[2..], (hour * 60) + minute);
        return Message(rest) with { Minute = (hour * 60) + minute };
    }

    static IrcLine Message(string rest)
    {
        var close = rest.IndexOf('>');
        if (close < 0 || rest[0] != '<') return new IrcLine.Malformed("has no <nick>");
        return Nick(rest[1..close]) is { } nick ? new IrcLine.Said(nick, rest[(close + 1)..].Trim()) : new IrcLine.Malformed($"has the nick <{rest[1..close]}>");
    }

    static IrcLine Action(string rest, int? minute)
    {
        if (Beginnings(rest) is [var (nick, text), ..]) return new IrcLine.Acted(nick, text) { Minute = minute };
        return new IrcLine.Malformed("has an action without a nick");
    }

    static IrcLine Announcement(string rest)
    {
        if (Rename().Match(rest) is { Success: true } rename && Nick(rename.Groups[1].Value) is { } from && Nick(rename.Groups[2].Value) is { } to)
            return new IrcLine.Renamed(from, to);
        if (Passage().Match(rest) is { Success: true } passage && Nick(passage.Groups[1].Value) is { } passer)
            return new IrcLine.Passed(passer, passage.Groups[2].Success ? passage.Groups[2].Value : null);
        if (Topic().Match(rest) is { Success: true } topic && Nick(topic.Groups["nick"].Value) is { } setter)
            return new IrcLine.TopicSet(setter, topic.Groups["topic"].Value.Trim());
        if (ServerNotice().IsMatch(rest)) return new IrcLine.Notice();
        return Beginnings(rest) is { Count: > 0 } actions ? new IrcLine.Perhaps(actions) : new IrcLine.Notice();
    }

    /// <summary>The nicks with which a text may begin, the longest first: <c>bur[n] er waves</c> is by bur[n]er or by bur[n].</summary>
    static List<(string Nick, string Text)> Beginnings(string text)
    {
        List<(string, string)> found = [];
        // Somebody may do nothing in particular.
        if (Nick(text) is { } alone) found.Add((alone, ""));
        for (var end = text.IndexOf(' '); end > 0; end = text.IndexOf(' ', end + 1))
        {
            if (Nick(text[..end]) is { } nick) found.Insert(0, (nick, text[end..].Trim()));
            if (text[end - 1] != ']') break;
        }

        return found;
    }

    /// <summary>Null for what cannot be a nick.</summary>
    static string? Nick(string written)
    {
        var nick = written.Replace("] ", "]", StringComparison.Ordinal).Trim();
        return nick.Length is > 0 and <= MaxNick && !nick.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '<' or '>' or '@' or '#' or ',' or ':') ? nick : null;
    }

    /// <summary>Twice what any network allows.</summary>
    const int MaxNick = 64;

    [GeneratedRegex(@"^(.+?) +is now known as +(.+)$")]
    private static partial Regex Rename();

    /// <summary>The address in brackets may itself have brackets.</summary>
    [GeneratedRegex(@"^(.+?)(?: +\[\S*@.*\]| +\[\S* \S*@.*\]| +\[\S*\])? +has (?:joined|left|quit)\b(?: +(#\S+))?")]
    private static partial Regex Passage();

    [GeneratedRegex(@"^(?:\.\.\[topic/#[^:\]]+:(?<nick>[^\]]+)\] ?: ?(?<topic>.*)|(?<nick>.+?) +(?:has +)?(?:changed|changes|set|sets) +(?:the +)?topic +(?:of +#\S+ +)?to:? +[""']?(?<topic>.*?)[""']?)$")]
    private static partial Regex Topic();

    [GeneratedRegex(@"^(?:mode/#|netjoined:|netsplit:|Starting logfile|Ending logfile|Topic (?:for|\()|\S+ was kicked )|^\S+ \[[+-]\S+.*\] +by ")]
    private static partial Regex ServerNotice();
}
