using Kith.Domain;
using Kith.Protocol;

namespace Kith.Client;

static class MarkReducers
{
    public static ClientState Acked(ClientState state, MessageAck ack)
    {
        var mark = MarkOf(state, ack.ChannelId);
        if (ack.Version < mark.Version) return state;
        var through = ack.LastMessageId ?? default;
        return Announce(state, ack.ChannelId, through, mark.Recount(ack.MessageId, ack.MentionCount, through) with { Version = ack.Version });
    }

    public static ClientState Recounted(ClientState state, UnreadRecount recount)
    {
        var mark = MarkOf(state, recount.Id);
        if (recount.Version < mark.Version) return state;
        var through = recount.LastMessageId ?? default;
        return Announce(state, recount.Id, through, mark.Recount(recount.LastReadId, recount.MentionCount, through) with { Version = recount.Version });
    }

    public static ClientState Change(ClientState state, ChannelId channel, Func<ChannelMark, ChannelMark> change)
    {
        if (!state.CountsUnread) return state;
        var mark = MarkOf(state, channel);
        var changed = change(mark);
        return ReferenceEquals(mark, changed) ? state : state with { Marks = state.Marks.SetItem(channel, changed) };
    }

    /// <summary>Sets a mark that also tells of the channel's newest message, whose own event may still be under way.</summary>
    static ClientState Announce(ClientState state, ChannelId id, MessageId newest, ChannelMark mark)
    {
        if (state.Channels.TryGetValue(id, out var channel) && ClientState.NewestOf(channel) < newest)
            state = state with { Channels = state.Channels.SetItem(id, channel with { LastMessageId = newest }) };
        return state with { Marks = state.Marks.SetItem(id, mark) };
    }

    static ChannelMark MarkOf(ClientState state, ChannelId channel) => state.Marks.TryGetValue(channel, out var mark) ? mark : new ChannelMark
    {
        LastRead = state.LastRead(channel), Counted = 0, CountedThrough = default,
    };
}
