using System.Globalization;

namespace Kith.Load.Traffic;

/// <param name="Second">Seconds since midnight; the logs know minutes, within which messages are spread evenly.</param>
/// <param name="Day">Index of the log file.</param>
/// <param name="Nick">Index among the nicks.</param>
/// <param name="Mention">Index of the nick that is spoken to, or -1.</param>
internal readonly record struct IrcLine(double Second, int Day, int Nick, int Mention, string Text);

/// <summary>
/// Days of a channel's log, each a file of lines <c>[HH:MM] &lt;nick&gt; text</c>; what joins and leaves is skipped. Days are laid on top of each other, each in a
/// channel of its own, so that a busy evening is busy in all of them.
/// </summary>
internal sealed class IrcHistory
{
    readonly Dictionary<string, int> _nicks = new(StringComparer.OrdinalIgnoreCase);

    IrcHistory(string[] days) => Days = days;

    public string[] Days { get; }

    /// <summary>By time.</summary>
    public IrcLine[] Lines { get; private set; } = [];

    public int Nicks => _nicks.Count;

    /// <summary>By day, those who speak in it, in the order in which they first do.</summary>
    public int[][] Speakers => [.. Days.Select((_, day) => Lines.Where(line => line.Day == day).Select(line => line.Nick).Distinct().ToArray())];

    /// <param name="days">How many files, by name; the whole folder when there are fewer.</param>
    public static IrcHistory Read(string folder, int days)
    {
        var files = Directory.GetFiles(folder, "*.txt").Order(StringComparer.Ordinal).Take(days).ToArray();
        if (files.Length == 0) throw new ArgumentException($"'{folder}' holds no .txt files.", nameof(folder));
        var history = new IrcHistory([.. files.Select(file => Path.GetFileNameWithoutExtension(file))]);
        var lines = files.SelectMany((file, day) => history.Parse(File.ReadLines(file), day)).ToList();
        history.Lines = [.. lines.OrderBy(line => line.Second)];
        return history;
    }

    /// <summary>Adds one day's lines.</summary>
    public IEnumerable<IrcLine> Parse(IEnumerable<string> lines, int day) => Spread([.. lines.Select(line => Parse(line, day)).OfType<IrcLine>()]);

    IrcLine? Parse(string line, int day)
    {
        // [12:34] <nick> text
        if (line.Length < 11 || line[0] != '[' || line[3] != ':' || line[6] != ']' || line[8] != '<') return null;
        var end = line.IndexOf('>', StringComparison.Ordinal);
        if (end < 0 || !int.TryParse(line.AsSpan(1, 2), CultureInfo.InvariantCulture, out var hour) || !int.TryParse(line.AsSpan(4, 2), CultureInfo.InvariantCulture, out var minute)) return null;
        var nick = Nick(line[9..end]);
        var (mention, text) = SpokenTo(line[(end + 1)..].Trim());
        return text.Length == 0 ? null : new IrcLine((hour * 3600) + (minute * 60), day, nick, mention, text);
    }

    /// <summary>"somebody: text" and "somebody, text" speak to somebody, if such a one has spoken before.</summary>
    (int Nick, string Text) SpokenTo(string text)
    {
        var end = text.IndexOfAny([':', ',']);
        var rest = end > 0 ? text[(end + 1)..].Trim() : "";
        return rest.Length > 0 && _nicks.TryGetValue(text[..end], out var nick) ? (nick, rest) : (-1, text);
    }

    int Nick(string name)
    {
        if (!_nicks.TryGetValue(name, out var nick)) _nicks[name] = nick = _nicks.Count;
        return nick;
    }

    /// <summary>Lines of one minute are spread over it; a log that runs past midnight stays in order.</summary>
    static IEnumerable<IrcLine> Spread(IrcLine[] lines)
    {
        for (var first = 0; first < lines.Length;)
        {
            var count = 1;
            while (first + count < lines.Length && lines[first + count].Second.Equals(lines[first].Second)) count++;
            for (var i = 0; i < count; i++) yield return lines[first + i] with { Second = lines[first + i].Second + (60.0 * i / count) };
            first += count;
        }
    }
}
