using System.Text.Json;
using System.Text.Json.Serialization;
using Kith.Domain;

namespace Kith.Protocol;

public enum MessageType
{
    Default = 0,
    RecipientAdd = 1,
    RecipientRemove = 2,
    ChannelNameChange = 4,
    ChannelIconChange = 5,
    ChannelPinnedMessage = 6,
    UserJoin = 7,
    Reply = 19,
}

[Flags]
public enum MessageFlags
{
    None = 0,
    SuppressEmbeds = 1 << 2,
    SuppressNotifications = 1 << 12,
    IsVoiceMessage = 1 << 13,
}

public sealed record Message
{
    public required MessageId Id { get; init; }
    public required ChannelId ChannelId { get; init; }

    /// <summary>Only in gateway events.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GuildId? GuildId { get; init; }
    public required MessageType Type { get; init; }
    public required string Content { get; init; }
    public required User Author { get; init; }

    /// <summary>Only in gateway events of a guild; without its user.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Member? Member { get; init; }
    public required DateTimeOffset Timestamp { get; init; }
    public DateTimeOffset? EditedTimestamp { get; init; }
    public bool Tts { get; init; }
    public bool Pinned { get; init; }
    public bool MentionEveryone { get; init; }
    public IReadOnlyList<User> Mentions { get; init; } = [];
    public IReadOnlyList<RoleId> MentionRoles { get; init; } = [];
    public IReadOnlyList<Attachment> Attachments { get; init; } = [];
    public IReadOnlyList<Embed> Embeds { get; init; } = [];
    public IReadOnlyList<JsonElement> Components { get; init; } = [];
    public MessageFlags Flags { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<StickerItem>? StickerItems { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Reaction>? Reactions { get; init; }

    /// <summary>What the sender gave, a string or a number; only in the reply to it and in the event.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Nonce { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MessageReference? MessageReference { get; init; }

    /// <summary>Only in search: this is what was found.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Hit { get; init; }

    /// <summary>Present on replies: the message replied to, null where it was deleted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<Message?> ReferencedMessage { get; init; }
}

public sealed record MessageReference
{
    public int Type { get; init; }
    public required ChannelId ChannelId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MessageId? MessageId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GuildId? GuildId { get; init; }
}

public sealed record Reaction
{
    public required Emoji Emoji { get; init; }
    public required int Count { get; init; }
    public required bool Me { get; init; }
    public bool MeBurst { get; init; }
    public ReactionCountDetails CountDetails { get; init; } = new(0, 0);
    public IReadOnlyList<string> BurstColors { get; init; } = [];
}

public sealed record ReactionCountDetails(int Normal, int Burst);

/// <summary>A file of a message.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record Attachment
{
    public required AttachmentId Id { get; init; }
    public required string Filename { get; init; }

    /// <summary>Bytes.</summary>
    public required long Size { get; init; }
    public required string Url { get; init; }
    public required string ProxyUrl { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Title { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Description { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ContentType { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Width { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Height { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DurationSecs { get; init; }

    /// <summary>Base64 of up to 256 bytes, one per sample.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Waveform { get; init; }

    /// <summary>Base64 of a thumbhash.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Placeholder { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? PlaceholderVersion { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Flags { get; init; }
}
