using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Messages;

/// <summary>Which messages of a channel a page holds.</summary>
public enum PageDirection
{
    /// <summary>Older than the anchor, nearest first.</summary>
    Before,

    /// <summary>Newer than the anchor, nearest to it.</summary>
    After,

    /// <summary>Half before, the anchor itself, half after.</summary>
    Around,
}

/// <summary>
/// Messages, keyed (channel, id). Adapters: SQL (embedded and MySQL) and Cassandra. Writes return after the durable commit. A page costs the same however many
/// messages the channel has.
/// </summary>
public interface IMessageStore
{
    /// <summary>
    /// Stores all or none, in order, each with its mentions. Where a message's (author, channel, nonce) is known from the last 24 h it is not stored, and
    /// the answer has the id of the first in its place; otherwise its own id.
    /// </summary>
    Task<IReadOnlyList<MessageId>> InsertAsync(IReadOnlyList<MessageRecord> messages, CancellationToken ct);

    Task<MessageRecord?> FindAsync(ChannelId channel, MessageId id, CancellationToken ct);

    /// <summary>Those of the channel that exist, in no order.</summary>
    Task<IReadOnlyList<MessageRecord>> FindManyAsync(ChannelId channel, IReadOnlyCollection<MessageId> ids, CancellationToken ct);

    /// <summary>At most <paramref name="limit"/>, newest first whatever the direction.</summary>
    Task<IReadOnlyList<MessageRecord>> PageAsync(ChannelId channel, PageDirection direction, MessageId anchor, int limit, CancellationToken ct);

    /// <summary>Content, parts, flags and time of edit. False where it was deleted meanwhile.</summary>
    Task<bool> UpdateAsync(MessageRecord message, CancellationToken ct);

    /// <summary>With their mentions, reactions and pins; the ones that were there.</summary>
    Task<IReadOnlyList<MessageRecord>> DeleteAsync(ChannelId channel, IReadOnlyCollection<MessageId> ids, CancellationToken ct);

    /// <summary>At most <paramref name="limit"/> ids of an author in a channel newer than <paramref name="after"/>, newest first: for a ban that deletes messages.</summary>
    Task<IReadOnlyList<MessageId>> OfAuthorAsync(ChannelId channel, UserId author, MessageId after, int limit, CancellationToken ct);

    /// <summary>Everything of a channel, in bounded steps.</summary>
    Task DeleteChannelAsync(ChannelId channel, CancellationToken ct);

    /// <summary>The newest message of each channel that has one.</summary>
    Task<IReadOnlyDictionary<ChannelId, MessageId>> LastIdsAsync(IReadOnlyCollection<ChannelId> channels, CancellationToken ct);

    /// <summary>For each channel, how many messages of the span are not by <paramref name="user"/>; channels with none may be absent. Costs the messages counted, read from an index.</summary>
    Task<IReadOnlyDictionary<ChannelId, int>> CountAsync(UserId user, IReadOnlyDictionary<ChannelId, MessageSpan> spans, CancellationToken ct);

    /// <summary>The oldest message newer than the mark that is not by the user.</summary>
    Task<MessageId?> FirstAfterAsync(UserId user, ChannelId channel, MessageId mark, CancellationToken ct);

    /// <summary>The newest id in the store, so that no id is minted twice; zero where it is empty.</summary>
    Task<MessageId> NewestIdAsync(CancellationToken ct);
}

/// <summary>Where a message got its place.</summary>
/// <param name="Id">Its own, or the one of the first with its nonce, which was stored in its place.</param>
/// <param name="Previous">The message committed before it in its channel; zero for none.</param>
/// <param name="IsNew">False where the nonce was known.</param>
public readonly record struct PlacedMessage(MessageId Id, MessageId Previous, bool IsNew);

/// <summary>
/// Storing where several processes write: gives the messages of a channel one order, in which they are committed and in which their ids grow.
/// </summary>
public interface IMessagePlacement
{
    /// <summary>
    /// As <see cref="IMessageStore.InsertAsync"/>; a message whose channel has got a newer one than its id meanwhile is stored under a new id.
    /// </summary>
    /// <param name="messages">In the order in which they are to be.</param>
    /// <param name="mint">Gives an id above the one it is given.</param>
    /// <param name="ct">Cancels what has not been committed.</param>
    Task<IReadOnlyList<PlacedMessage>> PlaceAsync(IReadOnlyList<MessageRecord> messages, Func<MessageId, MessageId> mint, CancellationToken ct);
}

/// <summary>Messages newer than <paramref name="After"/>, up to and including <paramref name="Through"/>: so that a count says what it has counted.</summary>
public readonly record struct MessageSpan(MessageId After, MessageId Through)
{
    public bool Contains(MessageId id) => id > After && id <= Through;

    public bool IsEmpty => Through <= After;
}

/// <summary>A mention of many at once, written once for its channel.</summary>
public sealed record BroadcastMention(ChannelId ChannelId, MessageId MessageId, UserId AuthorId, MentionSet Mentions)
{
    /// <summary>It concerns someone with these roles, who did not write it and whom it does not name besides (that counts as a direct mention).</summary>
    public bool Reaches(UserId user, IReadOnlyList<RoleId> roles) =>
        AuthorId != user && !Mentions.Users.Contains(user) && (Mentions.Everyone || Mentions.Roles.Any(roles.Contains));
}

/// <summary>Mentions, in two lists that <see cref="IMessageStore"/> keeps: direct ones partitioned by user, broadcasts by channel.</summary>
public interface IMentionStore
{
    /// <summary>The user's direct mentions that are unread: newer than its read mark of the channel, all where it has none.</summary>
    Task<IReadOnlyList<MessageKey>> UnreadDirectAsync(UserId user, CancellationToken ct);

    /// <summary>Within each channel's span.</summary>
    Task<IReadOnlyList<BroadcastMention>> BroadcastsAsync(IReadOnlyDictionary<ChannelId, MessageSpan> spans, CancellationToken ct);

    /// <summary>Direct mentions of a user older than <paramref name="before"/>, newest first.</summary>
    Task<IReadOnlyList<MessageKey>> OfUserAsync(UserId user, MessageId before, int limit, CancellationToken ct);

    /// <summary>Broadcasts in these channels older than <paramref name="before"/>, newest first.</summary>
    Task<IReadOnlyList<BroadcastMention>> BroadcastsBeforeAsync(IReadOnlyCollection<ChannelId> channels, MessageId before, int limit, CancellationToken ct);
}

/// <summary>How often one emoji was put to one message.</summary>
/// <param name="Emoji">A Unicode emoji, or <c>name:id</c> of a custom one.</param>
public sealed record ReactionCount(MessageId MessageId, string Emoji, int Count, bool Me);

/// <summary>Where a message is.</summary>
public readonly record struct MessageKey(ChannelId Channel, MessageId Message);

public interface IReactionStore
{
    /// <summary>False where it was there already. <paramref name="mostKinds"/> bounds the different emojis of a message: null where it is reached.</summary>
    Task<bool?> AddAsync(ChannelId channel, MessageId message, string emoji, UserId user, DateTimeOffset at, int mostKinds, CancellationToken ct);

    Task<bool> RemoveAsync(MessageId message, string emoji, UserId user, CancellationToken ct);

    /// <summary>Of one emoji, or of all where it is null. False where there was none.</summary>
    Task<bool> ClearAsync(MessageId message, string? emoji, CancellationToken ct);

    /// <summary>Of a page of messages, in one query; each message's in order of first use.</summary>
    Task<IReadOnlyList<ReactionCount>> CountsAsync(IReadOnlyCollection<MessageId> messages, UserId me, CancellationToken ct);

    /// <summary>Who reacted, ascending by id.</summary>
    Task<IReadOnlyList<UserId>> UsersAsync(MessageId message, string emoji, UserId after, int limit, CancellationToken ct);
}

public sealed record PinRecord(MessageId MessageId, DateTimeOffset PinnedAt);

public interface IPinStore
{
    /// <summary>Marks the message and the channel's last pin. False where it was pinned already; null where <paramref name="most"/> is reached.</summary>
    Task<bool?> AddAsync(ChannelId channel, MessageId message, DateTimeOffset at, int most, CancellationToken ct);

    Task<bool> RemoveAsync(ChannelId channel, MessageId message, CancellationToken ct);

    /// <summary>Pinned before the given time, newest pin first.</summary>
    Task<IReadOnlyList<PinRecord>> ListAsync(ChannelId channel, DateTimeOffset before, int limit, CancellationToken ct);
}

/// <summary>A search. Empty filters do not filter.</summary>
public sealed record SearchQuery
{
    /// <summary>Words and phrases as typed; operators have no meaning but quotes.</summary>
    public string Content { get; init; } = "";
    public required IReadOnlyCollection<ChannelId> Channels { get; init; }
    public IReadOnlyCollection<UserId> Authors { get; init; } = [];
    public IReadOnlyCollection<UserId> Mentions { get; init; } = [];
    public bool? MentionsEveryone { get; init; }
    public bool? Pinned { get; init; }

    /// <summary>link, embed, file, image, video, sound.</summary>
    public IReadOnlyCollection<string> Has { get; init; } = [];
    public MessageId? MinId { get; init; }
    public MessageId? MaxId { get; init; }
    public int Offset { get; init; }
    public int Limit { get; init; } = 25;
    public bool OldestFirst { get; init; }
}

public sealed record SearchHits(IReadOnlyList<MessageKey> Hits, int Total);

/// <summary>Full-text search over messages. Text in scripts without spaces is found by any run of its characters.</summary>
public interface ISearchIndex
{
    /// <summary>Newest first, or oldest first. Sees every message that was stored before the call, or says within two seconds that it does not yet: null.</summary>
    Task<SearchHits?> SearchAsync(SearchQuery query, CancellationToken ct);
}
