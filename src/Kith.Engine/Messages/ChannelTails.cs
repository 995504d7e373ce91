using System.Collections.Concurrent;
using Kith.Domain;

namespace Kith.Engine.Messages;

/// <summary>
/// The newest message of each channel, at hand for every channel that was asked for or written to: 40 bytes a channel. Raised after each commit, read anew after a deletion of the newest.
/// Where other processes write as well, it is read from the store each time.
/// </summary>
public sealed class ChannelTails(IMessageStore store, bool isAlone)
{
    /// <summary>Zero: the channel is known to be empty.</summary>
    readonly ConcurrentDictionary<ChannelId, MessageId> tails = new();

    public async ValueTask<MessageId?> FindAsync(ChannelId channel, CancellationToken ct)
    {
        if (!isAlone || !tails.TryGetValue(channel, out var id)) id = (await FindManyAsync([channel], ct)).GetValueOrDefault(channel);
        return id.Value == 0 ? null : id;
    }

    /// <summary>Of those that have a message; one query, for the channels not at hand.</summary>
    public async ValueTask<IReadOnlyDictionary<ChannelId, MessageId>> FindManyAsync(IReadOnlyCollection<ChannelId> channels, CancellationToken ct)
    {
        if (!isAlone) return channels.Count == 0 ? new Dictionary<ChannelId, MessageId>() : await store.LastIdsAsync(channels, ct);
        var missing = channels.Where(c => !tails.ContainsKey(c)).ToArray();
        if (missing.Length > 0)
        {
            var read = await store.LastIdsAsync(missing, ct);
            foreach (var channel in missing)
                tails.AddOrUpdate(channel, static (c, r) => r.GetValueOrDefault(c), static (c, now, r) => Newer(now, r.GetValueOrDefault(c)), read);
        }

        Dictionary<ChannelId, MessageId> found = new(channels.Count);
        foreach (var channel in channels)
        {
            if (tails.TryGetValue(channel, out var id) && id.Value != 0) found[channel] = id;
        }

        return found;
    }

    /// <summary>After a message's commit.</summary>
    public void Raise(ChannelId channel, MessageId id)
    {
        if (isAlone) tails.AddOrUpdate(channel, static (_, id) => id, static (_, now, id) => Newer(now, id), id);
    }

    /// <summary>After deletions: the newest of what is left.</summary>
    public ValueTask<MessageId?> RereadAsync(ChannelId channel, CancellationToken ct)
    {
        tails.TryRemove(channel, out _);
        return FindAsync(channel, ct);
    }

    static MessageId Newer(MessageId one, MessageId other) => one > other ? one : other;
}
