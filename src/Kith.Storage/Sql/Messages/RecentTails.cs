using System.Collections.Concurrent;
using Kith.Domain;

namespace Kith.Storage.Sql.Messages;

/// <summary>Where this process left the tails of channels, and whether others write there as well; 100 bytes a channel. It may be wrong at any time: only the database knows.</summary>
sealed class RecentTails
{
    /// <summary>Beyond it all are forgotten, which costs each a trip.</summary>
    const int Capacity = 100_000;

    readonly ConcurrentDictionary<ChannelId, Left> all = new();

    /// <summary>Null where one is not known, or somebody else wrote there between this process' last two writes and may do so again.</summary>
    public Dictionary<ChannelId, MessageId>? Find(IEnumerable<ChannelId> channels)
    {
        Dictionary<ChannelId, MessageId> found = [];
        foreach (var channel in channels)
        {
            if (!all.TryGetValue(channel, out var left) || left.IsShared) return null;
            found[channel] = left.Tail;
        }

        return found;
    }

    /// <summary>Where they were when this process came to write.</summary>
    public void Found(IReadOnlyDictionary<ChannelId, MessageId> tails)
    {
        foreach (var (channel, tail) in tails)
            Keep(channel, new Left(tail, IsShared: all.TryGetValue(channel, out var left) && left.Tail != tail));
    }

    public void Moved(IReadOnlyDictionary<ChannelId, MessageId> tails)
    {
        foreach (var (channel, tail) in tails)
            Keep(channel, new Left(tail, all.TryGetValue(channel, out var left) && left.IsShared));
    }

    void Keep(ChannelId channel, Left left)
    {
        // Counting takes all locks: only where one is new.
        if (!all.TryAdd(channel, left)) all[channel] = left;
        else if (all.Count > Capacity) all.Clear();
    }

    readonly record struct Left(MessageId Tail, bool IsShared);
}
