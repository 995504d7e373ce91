using Kith.Domain;
using Kith.Engine.Channels;
using Kith.Protocol;

namespace Kith.Engine.Messages;

/// <summary>All messages that mention a user, newest first, from the user's own partition and the broadcasts of the channels it sees.</summary>
public sealed class MentionInbox(IMentionStore mentions, IMessageStore messages, VisibleChannels visible, MessageWire wire)
{
    /// <param name="guild">Only of this guild; null: everywhere.</param>
    public async ValueTask<IReadOnlyList<Message>> PageAsync(UserId user, MessageId before, int limit, bool roles, bool everyone, GuildId? guild, CancellationToken ct)
    {
        var channels = (guild is { } one ? await visible.OfGuildAsync(user, one, ct) : await visible.OfAsync(user, ct))
            .Where(c => !c.Channel.IsPrivate).ToDictionary(c => c.Channel.Id);
        SortedDictionary<long, MessageKey> found = [];
        // Channels that are no longer visible take places of a page, so read on until it is full or the list ends.
        for (var from = before; found.Count < limit;)
        {
            var direct = await mentions.OfUserAsync(user, from, limit, ct);
            foreach (var key in direct.Where(k => channels.ContainsKey(k.Channel)))
                found[-key.Message.Value] = key;
            if (direct.Count < limit) break;
            from = direct[^1].Message;
        }

        foreach (var broadcast in await mentions.BroadcastsBeforeAsync([.. channels.Keys], before, limit, ct))
        {
            var wanted = (everyone && broadcast.Mentions.Everyone) || (roles && broadcast.Mentions.Roles.Count > 0);
            if (wanted && broadcast.Reaches(user, channels[broadcast.ChannelId].Roles)) found[-broadcast.MessageId.Value] = new MessageKey(broadcast.ChannelId, broadcast.MessageId);
        }

        return await ReadAsync([.. found.Values.Take(limit)], user, ct);
    }

    async ValueTask<IReadOnlyList<Message>> ReadAsync(IReadOnlyList<MessageKey> keys, UserId user, CancellationToken ct)
    {
        List<Message> shown = [];
        foreach (var channel in keys.GroupBy(k => k.Channel))
            shown.AddRange(await wire.ManyAsync(await messages.FindManyAsync(channel.Key, [.. channel.Select(k => k.Message)], ct), user, ct));
        return [.. shown.OrderByDescending(m => m.Id.Value)];
    }
}
