using System.Runtime.CompilerServices;
using Kith.Domain;
using Kith.Protocol;

namespace Kith.Client;

/// <summary>Messages, reactions and pins.</summary>
public sealed class MessageCalls(RestClient rest)
{
    /// <summary>A page holds at most this many.</summary>
    public const int MaxPage = 100;

    /// <summary>Returns once the server has the message for good. A lost answer is asked for again; the nonce keeps the message from appearing twice.</summary>
    public Task<Message> SendAsync(ChannelId channel, MessageDraft message, CancellationToken ct) =>
        rest.SendAsync<Message>(HttpMethod.Post, $"/channels/{channel}/messages",
            message.Nonce is null ? message with { Nonce = Guid.NewGuid().ToString("N")[..25] } : message, ct,
            message.EnforceNonce ? Repeat.Safe : Repeat.ByMethod);

    public Task<Message> ReplyAsync(Message to, MessageDraft message, CancellationToken ct) =>
        SendAsync(to.ChannelId, message with { MessageReference = new ReplyTo(to.Id) }, ct);

    public Task<Message> GetAsync(ChannelId channel, MessageId message, CancellationToken ct) =>
        rest.SendAsync<Message>(HttpMethod.Get, $"/channels/{channel}/messages/{message}", null, ct);

    /// <summary>One page, newest first.</summary>
    public Task<IReadOnlyList<Message>> PageAsync(ChannelId channel, HistoryPage page, CancellationToken ct)
    {
        var where = page switch
        {
            { Before: { } id } => $"&before={id}",
            { After: { } id } => $"&after={id}",
            { Around: { } id } => $"&around={id}",
            _ => "",
        };
        return rest.SendAsync<IReadOnlyList<Message>>(HttpMethod.Get, $"/channels/{channel}/messages?limit={page.Limit}{where}", null, ct);
    }

    /// <summary>Everything before a message (null: everything), newest first, page by page as it is read.</summary>
    public async IAsyncEnumerable<Message> HistoryAsync(ChannelId channel, MessageId? before, [EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            var page = await PageAsync(channel, new HistoryPage(Before: before, Limit: MaxPage), ct);
            foreach (var message in page)
                yield return message;
            if (page.Count < MaxPage) yield break;
            before = page[^1].Id;
        }
    }

    public Task<Message> EditAsync(ChannelId channel, MessageId message, MessageEdit changes, CancellationToken ct) =>
        rest.SendAsync<Message>(HttpMethod.Patch, $"/channels/{channel}/messages/{message}", changes, ct);

    public Task DeleteAsync(ChannelId channel, MessageId message, CancellationToken ct, string? reason = null) =>
        rest.SendAsync(HttpMethod.Delete, $"/channels/{channel}/messages/{message}", null, ct, reason: reason);

    /// <param name="channel">Where.</param>
    /// <param name="messages">2 to 100.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task DeleteManyAsync(ChannelId channel, IReadOnlyList<MessageId> messages, CancellationToken ct) =>
        rest.SendAsync(HttpMethod.Post, $"/channels/{channel}/messages/bulk-delete", new { messages }, ct);

    /// <param name="channel">Where.</param>
    /// <param name="message">To which.</param>
    /// <param name="emoji">A Unicode emoji, or <c>name:id</c> of a custom one.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task ReactAsync(ChannelId channel, MessageId message, string emoji, CancellationToken ct) =>
        rest.SendAsync(HttpMethod.Put, $"/channels/{channel}/messages/{message}/reactions/{Uri.EscapeDataString(emoji)}/@me", null, ct);

    public Task UnreactAsync(ChannelId channel, MessageId message, string emoji, CancellationToken ct) =>
        rest.SendAsync(HttpMethod.Delete, $"/channels/{channel}/messages/{message}/reactions/{Uri.EscapeDataString(emoji)}/@me", null, ct);

    public Task PinAsync(ChannelId channel, MessageId message, CancellationToken ct) =>
        rest.SendAsync(HttpMethod.Put, $"/channels/{channel}/messages/pins/{message}", null, ct);

    public Task UnpinAsync(ChannelId channel, MessageId message, CancellationToken ct) =>
        rest.SendAsync(HttpMethod.Delete, $"/channels/{channel}/messages/pins/{message}", null, ct);
}
