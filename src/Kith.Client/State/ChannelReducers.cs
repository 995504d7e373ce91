using Kith.Domain;
using Kith.Protocol;

namespace Kith.Client;

static class ChannelReducers
{
    /// <summary>
    /// A channel new or changed. Newest message and pin of a known one stay: they have events of their own, which may come before or after this one, and a message is
    /// counted with its own.
    /// </summary>
    public static ClientState Set(ClientState state, Channel channel)
    {
        if (state.Channels.TryGetValue(channel.Id, out var known))
            channel = channel with { LastMessageId = known.LastMessageId, LastPinTimestamp = known.LastPinTimestamp, Recipients = channel.Recipients ?? known.Recipients };
        // A group's event is the same for all of its participants, so it names this user as well.
        if (channel.Recipients is { } recipients) channel = channel with { Recipients = [.. recipients.Where(u => u.Id != state.User.Id)] };
        return state with { Channels = state.Channels.SetItem(channel.Id, channel) };
    }

    public static ClientState Remove(ClientState state, ChannelId channel) =>
        state with { Channels = state.Channels.Remove(channel), Marks = state.Marks.Remove(channel) };

    public static ClientState SetPins(ClientState state, PinsChanged e) => state.Channels.TryGetValue(e.ChannelId, out var channel)
        ? state with { Channels = state.Channels.SetItem(channel.Id, channel with { LastPinTimestamp = e.LastPinTimestamp }) } : state;

    public static ClientState AddRecipient(ClientState state, RecipientAdded e) =>
        ChangeRecipients(state, e.ChannelId, others => [.. others.Where(u => u.Id != e.User.Id), e.User]);

    public static ClientState RemoveRecipient(ClientState state, RecipientRemoved e) =>
        ChangeRecipients(state, e.ChannelId, others => [.. others.Where(u => u.Id != e.User.Id)]);

    static ClientState ChangeRecipients(ClientState state, ChannelId id, Func<IReadOnlyList<User>, IReadOnlyList<User>> change) =>
        state.Channels.TryGetValue(id, out var channel)
            ? state with { Channels = state.Channels.SetItem(id, channel with { Recipients = change(channel.Recipients ?? []) }) } : state;
}
