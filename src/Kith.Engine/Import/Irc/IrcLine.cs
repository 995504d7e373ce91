namespace Kith.Engine.Import.Irc;

/// <summary>What one line of a log says.</summary>
public abstract record IrcLine
{
    /// <summary>Minutes since the day's midnight, as written; null on lines without a time.</summary>
    public int? Minute { get; init; }

    public sealed record Said(string Nick, string Text) : IrcLine;

    /// <summary><c>/me</c>.</summary>
    public sealed record Acted(string Nick, string Text) : IrcLine;

    /// <summary>Came or went.</summary>
    public sealed record Passed(string Nick, string? Channel) : IrcLine;

    public sealed record Renamed(string From, string To) : IrcLine;

    public sealed record TopicSet(string Nick, string Topic) : IrcLine;

    /// <summary>
    /// After <c>===</c>, something that is no notice known here: an action where it begins with a nick (older logs write actions so), else a notice. Only the rest of the
    /// log tells which.
    /// </summary>
    public sealed record Perhaps(IReadOnlyList<(string Nick, string Text)> Actions) : IrcLine;

    /// <summary>The server's own: modes, kicks, splits. Not imported.</summary>
    public sealed record Notice : IrcLine;

    /// <summary>Not a line of a log. <paramref name="Why"/> ends the sentence "it …".</summary>
    public sealed record Malformed(string Why) : IrcLine;
}
