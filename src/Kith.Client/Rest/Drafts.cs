using System.Text.Json;
using System.Text.Json.Serialization;
using Kith.Domain;
using Kith.Protocol;

namespace Kith.Client;

/// <summary>A message to be sent. Something of content and embeds must be there.</summary>
public sealed record MessageDraft
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Content { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Embed>? Embeds { get; init; }

    /// <summary>The message this one replies to.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReplyTo? MessageReference { get; init; }

    /// <summary>Whom the text may notify; null for all that it mentions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AllowedMentions? AllowedMentions { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public MessageFlags Flags { get; init; }

    /// <summary>At most 25 characters. Sends with an equal nonce within a day are one message; the client sets one where it is null, so that it can repeat a send.</summary>
    public string? Nonce { get; init; }

    public bool EnforceNonce { get; init; } = true;

    public static implicit operator MessageDraft(string content) => new() { Content = content };
}

/// <summary>The message replied to.</summary>
/// <param name="FailIfNotExists">Whether the send is refused where it was deleted; else it becomes an ordinary message.</param>
public sealed record ReplyTo(MessageId MessageId, bool FailIfNotExists = false);

/// <summary>Whom a message may notify.</summary>
public sealed record AllowedMentions
{
    /// <summary>Of <c>users</c>, <c>roles</c>, <c>everyone</c>: the kinds that all notify.</summary>
    public IReadOnlyList<string> Parse { get; init; } = [];
    public IReadOnlyList<UserId> Users { get; init; } = [];
    public IReadOnlyList<RoleId> Roles { get; init; } = [];

    /// <summary>Whether the author of the message replied to is notified.</summary>
    public bool RepliedUser { get; init; }

    public static readonly AllowedMentions None = new();
}

/// <summary>Changes to a message; absent fields stay.</summary>
public sealed record MessageEdit
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Content { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<IReadOnlyList<Embed>> Embeds { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<MessageFlags> Flags { get; init; }

    public static implicit operator MessageEdit(string content) => new() { Content = content };
}

/// <summary>A channel to be made in a guild.</summary>
public sealed record ChannelDraft(string Name)
{
    public ChannelType Type { get; init; } = ChannelType.GuildText;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Topic { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChannelId? ParentId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Position { get; init; }

    /// <summary>Slow mode, in seconds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RateLimitPerUser { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Nsfw { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Overwrite>? PermissionOverwrites { get; init; }
}

/// <summary>Changes to a channel; absent fields stay.</summary>
public sealed record ChannelEdit
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> Name { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Topic { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<ChannelId?> ParentId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<int> RateLimitPerUser { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<bool> Nsfw { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<IReadOnlyList<Overwrite>> PermissionOverwrites { get; init; }
}

/// <summary>A role to be made, or changes to one; absent fields stay or take their defaults.</summary>
public sealed record RoleDraft
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> Name { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<Permissions> Permissions { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<int> Color { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<bool> Hoist { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<bool> Mentionable { get; init; }
}

/// <summary>A part of a channel's history; at most one of the three ids.</summary>
/// <param name="Limit">1 to 100.</param>
public sealed record HistoryPage(MessageId? Before = null, MessageId? After = null, MessageId? Around = null, int Limit = 50);

/// <summary>What is unread in one channel.</summary>
public sealed record ChannelUnread
{
    public ChannelId? ChannelId { get; init; }
    public MessageId? LastReadMessageId { get; init; }
    public DateTimeOffset? LastReadAt { get; init; }
    public MessageId? FirstUnreadMessageId { get; init; }
    public required int UnreadCount { get; init; }
    public required int MentionCount { get; init; }
}

/// <summary>The answer to a registration or a login.</summary>
/// <param name="Token">Null where a second factor is asked for, with <paramref name="Ticket"/>.</param>
public sealed record Login(string? Token, UserId? UserId = null, bool Mfa = false, string? Ticket = null);

/// <summary>An invite, as far as it concerns who wants in.</summary>
public sealed record Invite(string Code, JsonElement Guild, JsonElement Channel, User? Inviter = null);
