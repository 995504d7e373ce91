using Kith.Domain;
using Kith.Protocol;

namespace Kith.Client;

static class ChannelReducers
{
    /// <summary>
    /// A channel new or changed. The newest message of a known one stays: an event about the channel may tell of a message whose own event is still to come,
    /// and be counted then.
    /// </summary>
    public static ClientState Set(ClientState state, Channel channel)
    {
        if (state.Channels.TryGetValue(channel.Id, out var known)) channel = channel with { LastMessageId = known.LastMessageId };
        return state with { Channels = state.Channels.SetItem(channel.Id, channel) };
    }

    public static ClientState Remove(ClientState state, ChannelId channel) =>
        state with { Channels = state.Channels.Remove(channel), Marks = state.Marks.Remove(channel) };

    public static ClientState AddRecipient(ClientState state, RecipientAdded e) =>
        ChangeRecipients(state, e.ChannelId, others => [.. others.Where(u => u.Id != e.User.Id), e.User]);

    public static ClientState RemoveRecipient(ClientState state, RecipientRemoved e) =>
        ChangeRecipients(state, e.ChannelId, others => [.. others.Where(u => u.Id != e.User.Id)]);

    static ClientState ChangeRecipients(ClientState state, ChannelId id, Func<IReadOnlyList<User>, IReadOnlyList<User>> change) =>
        state.Channels.TryGetValue(id, out var channel)
            ? state with { Channels = state.Channels.SetItem(id, channel with { Recipients = change(channel.Recipients ?? []) }) } : state;
}
