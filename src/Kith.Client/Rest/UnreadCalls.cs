using Kith.Domain;
using Kith.Protocol;

namespace Kith.Client;

/// <summary>Marks of what was read, mentions and receipts.</summary>
public sealed class UnreadCalls(RestClient rest)
{
    /// <summary>Everything up to the message is read; an older one than the mark changes nothing.</summary>
    public Task AckAsync(ChannelId channel, MessageId message, CancellationToken ct) =>
        rest.SendAsync(HttpMethod.Post, $"/channels/{channel}/messages/{message}/ack", new { }, ct, Repeat.Safe);

    /// <summary>Sets the mark to the message, also backwards: what follows it is unread again.</summary>
    public Task MarkUnreadAsync(ChannelId channel, MessageId message, CancellationToken ct) =>
        rest.SendAsync(HttpMethod.Post, $"/channels/{channel}/messages/{message}/ack", new { manual = true }, ct, Repeat.Safe);

    /// <param name="marks">At most 100.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task AckManyAsync(IReadOnlyDictionary<ChannelId, MessageId> marks, CancellationToken ct) =>
        rest.SendAsync(HttpMethod.Post, "/read-states/ack-bulk",
            new { read_states = marks.Select(m => new { channel_id = m.Key, message_id = m.Value }) }, ct, Repeat.Safe);

    public Task AckGuildAsync(GuildId guild, CancellationToken ct) => rest.SendAsync(HttpMethod.Post, $"/guilds/{guild}/ack", new { }, ct, Repeat.Safe);

    public Task<ChannelUnread> OfChannelAsync(ChannelId channel, CancellationToken ct) =>
        rest.SendAsync<ChannelUnread>(HttpMethod.Get, $"/channels/{channel}/unread", null, ct);

    /// <summary>Every channel with something unread.</summary>
    public Task<IReadOnlyList<ChannelUnread>> AllAsync(CancellationToken ct) =>
        rest.SendAsync<IReadOnlyList<ChannelUnread>>(HttpMethod.Get, "/users/@me/unread", null, ct);

    /// <summary>Messages that mention one, newest first.</summary>
    public Task<IReadOnlyList<Message>> MentionsAsync(MessageId? before, int limit, CancellationToken ct) =>
        rest.SendAsync<IReadOnlyList<Message>>(HttpMethod.Get, $"/users/@me/mentions?limit={limit}{(before is { } id ? $"&before={id}" : "")}", null, ct);

    /// <summary>How far the others of a DM or group have received and read.</summary>
    public Task<IReadOnlyList<ChannelReceipt>> ReceiptsAsync(ChannelId channel, CancellationToken ct) =>
        rest.SendAsync<IReadOnlyList<ChannelReceipt>>(HttpMethod.Get, $"/channels/{channel}/receipts", null, ct);
}
