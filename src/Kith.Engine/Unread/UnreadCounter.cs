using Kith.Domain;
using Kith.Engine.Channels;
using Kith.Engine.Messages;

namespace Kith.Engine.Unread;

/// <summary>What is unread in one channel, counted through <see cref="Span"/>'s end.</summary>
public sealed record ChannelCount(VisibleChannel Channel, MessageSpan Span, int Mentions)
{
    public ChannelId Id => Channel.Channel.Id;
}

/// <summary>
/// Counts mentions by the rules of docs/protocol.md, on read: at most one query for private channels, one for broadcasts, and the notification cache, whatever the
/// number of channels; channels without anything new cost nothing.
/// </summary>
public sealed class UnreadCounter(IMessageStore messages, IMentionStore mentions, INotificationCache notifications, ChannelTails tails)
{
    /// <param name="marks">The user's marks; a channel without one begins at its floor.</param>
    public async ValueTask<IReadOnlyList<ChannelCount>> CountAsync(
        UserId user, IReadOnlyList<VisibleChannel> channels, IReadOnlyDictionary<ChannelId, ReadMark> marks, CancellationToken ct)
    {
        // Tails first: counts go no further than what is announced with them, though more may have been stored meanwhile.
        var newest = await tails.FindManyAsync([.. channels.Select(c => c.Channel.Id)], ct);
        var counts = new Dictionary<ChannelId, int>();
        Dictionary<ChannelId, MessageSpan> privates = [], broadcasts = [], all = new(channels.Count);
        foreach (var channel in channels)
        {
            var id = channel.Channel.Id;
            var after = marks.TryGetValue(id, out var mark) ? mark.LastRead : channel.Floor;
            var span = all[id] = new MessageSpan(after, newest.GetValueOrDefault(id));
            if (!span.IsEmpty) (channel.Channel.IsPrivate ? privates : broadcasts)[id] = span;
        }

        if (privates.Count > 0)
        {
            foreach (var (id, count) in await messages.CountAsync(user, privates, ct))
                counts[id] = count;
        }

        if (broadcasts.Count > 0) await CountGuildsAsync(user, channels, broadcasts, counts, ct);
        return [.. channels.Select(c => new ChannelCount(c, all[c.Channel.Id], counts.GetValueOrDefault(c.Channel.Id)))];
    }

    /// <summary>Unread messages of others, mentions or not.</summary>
    public async ValueTask<IReadOnlyDictionary<ChannelId, int>> MessagesAsync(UserId user, IReadOnlyList<ChannelCount> counts, CancellationToken ct)
    {
        var spans = counts.Where(c => !c.Span.IsEmpty).ToDictionary(c => c.Id, c => c.Span);
        return spans.Count == 0 ? new Dictionary<ChannelId, int>() : await messages.CountAsync(user, spans, ct);
    }

    public Task<MessageId?> FirstAsync(UserId user, ChannelCount count, CancellationToken ct) => messages.FirstAfterAsync(user, count.Id, count.Span.After, ct);

    async ValueTask CountGuildsAsync(
        UserId user, IReadOnlyList<VisibleChannel> channels, Dictionary<ChannelId, MessageSpan> spans, Dictionary<ChannelId, int> counts, CancellationToken ct)
    {
        foreach (var direct in await notifications.GetAsync(user, ct))
        {
            if (spans.TryGetValue(direct.Channel, out var span) && span.Contains(direct.Message)) Add(direct.Channel);
        }

        var roles = channels.ToDictionary(c => c.Channel.Id, c => c.Roles);
        foreach (var broadcast in await mentions.BroadcastsAsync(spans, ct))
        {
            if (broadcast.Reaches(user, roles[broadcast.ChannelId])) Add(broadcast.ChannelId);
        }

        void Add(ChannelId id) => counts[id] = counts.GetValueOrDefault(id) + 1;
    }
}
