using Kith.Domain;
using Kith.Engine.Delivery;

namespace Kith.Gateway.Dispatch;

/// <summary>
/// Tells repeats from news where the log may give an event twice, after a delivery process has ended or a partition went over to another one. A message is one by its id, any other event by
/// where the log has it. Used by whoever delivers, one event at a time.
/// </summary>
sealed class RepeatedEvents(TimeProvider clock)
{
    /// <summary>Channels in each of two halves, of which the older one is dropped when the newer one is full: 10 MB.</summary>
    const int Half = 100_000;

    /// <summary>What is further back than that is no repeat, but a log that was made anew.</summary>
    public const long MostRepeated = 100_000;

    /// <summary>After a time without an event a partition may begin anew.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    readonly Dictionary<int, (long Offset, long At)> positions = [];
    Dictionary<ChannelId, MessageId> newer = [];
    Dictionary<ChannelId, MessageId> older = [];

    /// <summary>False for what was delivered before.</summary>
    public bool IsNew(Event e)
    {
        var isNewThere = e.Position is not { } position || IsNew(position);
        if (e is { Name: "MESSAGE_CREATE", Message: { } message }) return (e.Position is null && message.Previous is null) || IsNew(message);
        return isNewThere;
    }

    /// <summary>The last place in each partition of the log that an event came from.</summary>
    public IReadOnlyList<LogPosition> Progress() => [.. positions.Select(p => new LogPosition(p.Key, p.Value.Offset))];

    bool IsNew(MessageStamp message)
    {
        if (newer.TryGetValue(message.Channel, out var last) || older.TryGetValue(message.Channel, out last))
        {
            if (message.Id <= last) return false;
        }

        newer[message.Channel] = message.Id;
        if (newer.Count >= Half) (older, newer) = (newer, []);
        return true;
    }

    bool IsNew(LogPosition position)
    {
        var now = clock.GetTimestamp();
        var known = positions.TryGetValue(position.Partition, out var last);
        if (known && position.Offset <= last.Offset && last.Offset - position.Offset < MostRepeated && clock.GetElapsedTime(last.At, now) < Longest) return false;
        positions[position.Partition] = (position.Offset, now);
        return true;
    }
}
