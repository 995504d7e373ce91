using System.Text.Json;
using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Messages;

/// <summary>A message as stored.</summary>
public sealed record MessageRecord
{
    public required MessageId Id { get; init; }
    public required ChannelId ChannelId { get; init; }
    public required UserId AuthorId { get; init; }
    public MessageType Type { get; init; }
    public required string Content { get; init; }

    /// <summary>When it was written; the id's own time but for imported messages.</summary>
    public required DateTimeOffset Timestamp { get; init; }
    public DateTimeOffset? EditedTimestamp { get; init; }
    public MessageFlags Flags { get; init; }
    public bool Pinned { get; init; }

    /// <summary>Whom it mentioned when it was sent, which is what unread marks count; an edit leaves it.</summary>
    public MentionSet Mentions { get; init; } = MentionSet.None;
    public MessageParts Parts { get; init; } = MessageParts.None;

    /// <summary>The sender's key for this message: a repeated send with it, in the same channel within 24 h, gives the first message. Not read back.</summary>
    public string? Nonce { get; init; }
}

/// <summary>Mentions that the sender was allowed to make. Users are members of the guild or participants, each once.</summary>
public sealed record MentionSet(IReadOnlyList<UserId> Users, IReadOnlyList<RoleId> Roles, bool Everyone)
{
    public static readonly MentionSet None = new([], [], Everyone: false);

    /// <summary>It mentions people without naming them, so it is written once for the channel.</summary>
    public bool IsBroadcast => Everyone || Roles.Count > 0;
}

/// <summary>What few messages have; stored as one JSON value, null where all is empty.</summary>
public sealed record MessageParts
{
    public static readonly MessageParts None = new();

    public bool Tts { get; init; }
    public IReadOnlyList<Embed> Embeds { get; init; } = [];
    public IReadOnlyList<Attachment> Attachments { get; init; } = [];
    public IReadOnlyList<JsonElement> Components { get; init; } = [];
    public MessageReference? Reference { get; init; }
    public IReadOnlyList<StickerItem> Stickers { get; init; } = [];

    /// <summary>What the text mentions after an edit, for display; null where it was not edited.</summary>
    public MentionSet? EditedMentions { get; init; }

    public bool IsEmpty => !Tts && Embeds.Count == 0 && Attachments.Count == 0 && Components.Count == 0 && Stickers.Count == 0 && Reference is null && EditedMentions is null;
}
