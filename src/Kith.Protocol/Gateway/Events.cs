using System.Text.Json;
using System.Text.Json.Serialization;
using Kith.Domain;

namespace Kith.Protocol;

/// <summary>MESSAGE_DELETE. Beyond Discord's fields it says whom the message mentioned, so that a client can take an unread mention off its badge.</summary>
public sealed record MessageDelete
{
    public required MessageId Id { get; init; }
    public required ChannelId ChannelId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GuildId? GuildId { get; init; }
    public required UserId AuthorId { get; init; }
    public required IReadOnlyList<UserId> Mentions { get; init; }
    public required IReadOnlyList<RoleId> MentionRoles { get; init; }
    public required bool MentionEveryone { get; init; }

    /// <summary>The channel's newest message after the deletion; null where none is left.</summary>
    public MessageId? LastMessageId { get; init; }
}

/// <summary>MESSAGE_DELETE_BULK; <see cref="Messages"/> is Kith's, as in <see cref="MessageDelete"/>.</summary>
public sealed record MessageDeleteBulk
{
    public required IReadOnlyList<MessageId> Ids { get; init; }
    public required ChannelId ChannelId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GuildId? GuildId { get; init; }
    public required IReadOnlyList<MessageDelete> Messages { get; init; }

    /// <summary>The channel's newest message after the deletion; null where none is left.</summary>
    public MessageId? LastMessageId { get; init; }
}

/// <summary>
/// MESSAGE_ACK, to the sessions of the user who read. <see cref="MentionCount"/> is what is left unread, counted through
/// <see cref="LastMessageId"/>: an event of a message up to there must not be counted again.
/// </summary>
public sealed record MessageAck
{
    public required ChannelId ChannelId { get; init; }
    public required MessageId MessageId { get; init; }
    public required int MentionCount { get; init; }
    public MessageId? LastMessageId { get; init; }

    /// <summary>True where the user marked unread; only then may the mark go backwards.</summary>
    public bool Manual { get; init; }

    /// <summary>Grows with each ack of this user and channel; the newer wins.</summary>
    public required long Version { get; init; }
}

/// <summary>CHANNEL_RECEIPT_UPDATE: how far one participant's clients have received and read.</summary>
public sealed record ChannelReceipt
{
    public required ChannelId ChannelId { get; init; }
    public required UserId UserId { get; init; }
    public MessageId? DeliveredMessageId { get; init; }
    public MessageId? ReadMessageId { get; init; }
}

/// <summary>One channel's mark in READY's <c>read_state</c>.</summary>
public sealed record ReadStateEntry
{
    /// <summary>The channel.</summary>
    public required ChannelId Id { get; init; }

    /// <summary>The last message that was read, not the channel's newest.</summary>
    public required MessageId LastMessageId { get; init; }
    public required int MentionCount { get; init; }
    public DateTimeOffset? LastPinTimestamp { get; init; }
    public required long Version { get; init; }
}

public sealed record TypingStart
{
    public required ChannelId ChannelId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GuildId? GuildId { get; init; }
    public required UserId UserId { get; init; }

    /// <summary>Unix seconds.</summary>
    public required long Timestamp { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Member? Member { get; init; }
}

public sealed record PresenceUpdate
{
    public required PartialUser User { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GuildId? GuildId { get; init; }

    /// <summary>online, idle, dnd or offline; invisible is shown as offline.</summary>
    public required string Status { get; init; }
    public IReadOnlyList<JsonElement> Activities { get; init; } = [];

    /// <summary>Status by kind of client: desktop, mobile, web.</summary>
    public IReadOnlyDictionary<string, string> ClientStatus { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

public sealed record PartialUser(UserId Id);
