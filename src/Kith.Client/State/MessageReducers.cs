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

    /// <summary>The newest message stays the newest when it is deleted, as with Discord.</summary>
    public static ClientState Deleted(ClientState state, MessageDelete deletion) =>
        state.IsMentioned(deletion.ChannelId, deletion.AuthorId, deletion.Mentions, deletion.MentionRoles, deletion.MentionEveryone)
            ? MarkReducers.Change(state, deletion.ChannelId, mark => mark.Unmention(deletion.Id)) : state;
}
