using Kith.Domain;
using Kith.Protocol;

namespace Kith.Client;

static class MessageReducers
{
    /// <summary>A message not past the newest known was counted with it, by READY or an ack.</summary>
    public static ClientState Created(ClientState state, Message message)
    {
        if (!state.Channels.TryGetValue(message.ChannelId, out var channel) || message.Id <= ClientState.NewestOf(channel)) return state;
        state = state with { Channels = state.Channels.SetItem(channel.Id, channel with { LastMessageId = message.Id }) };
        return state.IsMentioned(channel.Id, message.Author.Id, message.Mentions.Select(u => u.Id), message.MentionRoles, message.MentionEveryone)
            ? MarkReducers.Change(state, channel.Id, mark => mark.Mention(message.Id)) : state;
    }

    public static ClientState Deleted(ClientState state, MessageDelete deletion) =>
        Lower(Unmention(state, deletion), deletion.ChannelId, [deletion.Id], deletion.LastMessageId);

    public static ClientState Deleted(ClientState state, MessageDeleteBulk deletion) =>
        Lower(deletion.Messages.Aggregate(state, Unmention), deletion.ChannelId, deletion.Ids, deletion.LastMessageId);

    static ClientState Unmention(ClientState state, MessageDelete deletion) =>
        state.IsMentioned(deletion.ChannelId, deletion.AuthorId, deletion.Mentions, deletion.MentionRoles, deletion.MentionEveryone)
            ? MarkReducers.Change(state, deletion.ChannelId, mark => mark.Unmention(deletion.Id)) : state;

    /// <summary>
    /// Only down, and only where the newest known is among the deleted. The server may have looked after a newer message was stored, whose own event is still to come and to be
    /// counted, or before one that has come already.
    /// </summary>
    static ClientState Lower(ClientState state, ChannelId id, IReadOnlyList<MessageId> deleted, MessageId? newest)
    {
        if (!state.Channels.TryGetValue(id, out var channel)) return state;
        var known = ClientState.NewestOf(channel);
        return deleted.Contains(known) && (newest ?? default) < known
            ? state with { Channels = state.Channels.SetItem(id, channel with { LastMessageId = newest }) } : state;
    }
}
