using System.Globalization;
using System.Text.RegularExpressions;

namespace Kith.Engine.Import.Irc;

/// <summary>One thing that happened, with its place in the file and its moment (UTC).</summary>
public sealed record IrcEntry(int Number, DateTimeOffset Time, IrcLine Line);

/// <summary>A line that could not be read.</summary>
/// <param name="Why">Ends the sentence "it …".</param>
public sealed record IrcProblem(string File, int Number, string Why)
{
    public override string ToString() => $"{File}:{Number}: skipped, for it {Why}";
}

/// <summary>One file of a log: a day, named after it.</summary>
public sealed partial class IrcDay
{
    const int HalfDay = 12 * 60;

    readonly HashSet<string> nicks = [];

    IrcDay(string name, IReadOnlyList<string> lines, DateTimeOffset midnight)
    {
        Name = name;
        Lines = lines.Count;
        var parsed = lines.Select(IrcLineParser.Parse).ToArray();
        foreach (var line in parsed)
            Meet(line);
        Entries = [.. Place(lines, parsed, midnight)];
    }

    public string Name { get; }

    /// <summary>Of the file, blank ones included.</summary>
    public int Lines { get; }

    public IReadOnlyList<IrcEntry> Entries { get; }

    /// <summary>Lines that are none of a log; they bring nothing.</summary>
    public IEnumerable<IrcProblem> Problems => Entries.Where(e => e.Line is IrcLine.Malformed).Select(e => new IrcProblem(Name, e.Number, ((IrcLine.Malformed)e.Line).Why));

    /// <summary>Named in most lines of coming and going; null where there is none.</summary>
    public string? Channel => Entries.Select(e => (e.Line as IrcLine.Passed)?.Channel).Where(c => c is not null).GroupBy(c => c).MaxBy(g => g.Count())?.Key;

    /// <summary>
    /// Whether someone of this nick spoke, acted, came, went or was renamed on this day. Nicks of other days do not count: over years, "hi", "ok" and "no" were somebody's.
    /// </summary>
    public bool Knows(string key) => nicks.Contains(key);

    /// <summary>The day in a file's name; null where there is none.</summary>
    public static DateTimeOffset? DateOf(string path) =>
        DayInName().Match(Path.GetFileName(path)) is { Success: true } day
        && DateTimeOffset.TryParseExact(day.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;

    public static IrcDay Read(string path, DateTimeOffset midnight)
    {
        ReadOnlySpan<byte> rest = File.ReadAllBytes(path);
        List<string> lines = [];
        while (rest.Length > 0)
        {
            var end = rest.IndexOf((byte)'\n');
            lines.Add(IrcText.Decode(end < 0 ? rest : rest[..end]).TrimEnd('\r'));
            rest = end < 0 ? default : rest[(end + 1)..];
        }

        return new IrcDay(Path.GetFileName(path), lines, midnight);
    }

    void Meet(IrcLine line)
    {
        switch (line)
        {
            case IrcLine.Said said: nicks.Add(IrcNames.Key(said.Nick)); break;
            case IrcLine.Acted acted: nicks.Add(IrcNames.Key(acted.Nick)); break;
            case IrcLine.Passed passed: nicks.Add(IrcNames.Key(passed.Nick)); break;
            case IrcLine.TopicSet topic: nicks.Add(IrcNames.Key(topic.Nick)); break;
            case IrcLine.Renamed renamed:
                nicks.Add(IrcNames.Key(renamed.From));
                nicks.Add(IrcNames.Key(renamed.To));
                break;
        }
    }

    IEnumerable<IrcEntry> Place(IReadOnlyList<string> lines, IrcLine[] parsed, DateTimeOffset midnight)
    {
        // A line without a time happened when the one before it did; at the very beginning, when the next did.
        var clock = new LogClock(parsed.Select(l => l.Minute).FirstOrDefault(m => m is not null) ?? 0);
        for (var i = 0; i < parsed.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i])) continue;
            yield return new IrcEntry(i + 1, midnight.AddMinutes(clock.At(parsed[i].Minute)), Settle(parsed[i]));
        }
    }

    IrcLine Settle(IrcLine line)
    {
        if (line is not IrcLine.Perhaps perhaps) return line;
        var (nick, text) = perhaps.Actions.FirstOrDefault(a => Knows(IrcNames.Key(a.Nick)));
        return nick is null ? new IrcLine.Notice() : new IrcLine.Acted(nick, text);
    }

    /// <summary>
    /// Minutes since the day's midnight, from what clocks of twelve or twenty-four hours show. A leap back by hours is a clock that began anew: from twelve it goes on to the
    /// afternoon, from midnight to the next day. A smaller one is a clock that was set, and is believed.
    /// </summary>
    sealed class LogClock(int first)
    {
        int shown = first;
        int offset;

        public int At(int? minute)
        {
            if (minute is not { } now) return shown + offset;
            if (shown - now > HalfDay / 2) offset += shown < HalfDay + 60 ? HalfDay : 2 * HalfDay;
            shown = now;
            return shown + offset;
        }
    }

    [GeneratedRegex(@"\d{4}-\d{2}-\d{2}")]
    private static partial Regex DayInName();
}
