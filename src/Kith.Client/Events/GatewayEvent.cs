using System.Text.Json;
using System.Text.Json.Serialization;
using Kith.Domain;
using Kith.Protocol;

namespace Kith.Client;

/// <summary>
/// Something that happened, in the order in which it happened to this session. The kinds below carry their content typed; <see cref="Data"/> has all of it as it came.
/// </summary>
public abstract record GatewayEvent
{
    /// <summary>Such as MESSAGE_CREATE.</summary>
    [JsonIgnore]
    public string Name { get; init; } = "";

    /// <summary>Grows within a session; a new <see cref="SessionStarted"/> starts at 1 again.</summary>
    [JsonIgnore]
    public long Sequence { get; init; }

    [JsonIgnore]
    public JsonElement Data { get; init; }
}

/// <summary>An event that this library has no type for.</summary>
public sealed record OtherEvent : GatewayEvent;

/// <summary>A session begins: whatever was known before is void, except by comparison.</summary>
public sealed record SessionStarted(Ready Ready) : GatewayEvent;

/// <summary>A lost connection was taken up again; everything missed has been sent.</summary>
public sealed record SessionResumed : GatewayEvent;

public sealed record MessageCreated(Message Message) : GatewayEvent;

/// <summary>An edit, or an embed that the server added.</summary>
public sealed record MessageUpdated(Message Message) : GatewayEvent;

public sealed record MessageDeleted(MessageDelete Deletion) : GatewayEvent;

public sealed record MessagesDeleted(MessageDeleteBulk Deletion) : GatewayEvent;

/// <summary>One's own mark moved, here or on another device.</summary>
public sealed record MessageAcked(MessageAck Ack) : GatewayEvent;

/// <summary>Marks counted anew: roles or permissions changed what counts, or a DM or group appeared.</summary>
public sealed record UnreadRecounted(IReadOnlyList<UnreadRecount> ChannelUnreadUpdates) : GatewayEvent;

/// <summary>One channel's mark, counted through <paramref name="LastMessageId"/>.</summary>
public sealed record UnreadRecount(ChannelId Id, MessageId? LastMessageId, MessageId LastReadId, int MentionCount, long Version);

public sealed record ReceiptChanged(ChannelReceipt Receipt) : GatewayEvent;

public sealed record ReactionAdded(UserId UserId, ChannelId ChannelId, MessageId MessageId, Emoji Emoji) : GatewayEvent;

public sealed record ReactionRemoved(UserId UserId, ChannelId ChannelId, MessageId MessageId, Emoji Emoji) : GatewayEvent;

public sealed record Typing(TypingStart Start) : GatewayEvent;

public sealed record PresenceChanged(PresenceUpdate Presence) : GatewayEvent;

public sealed record ChannelCreated(Channel Channel) : GatewayEvent;

public sealed record ChannelUpdated(Channel Channel) : GatewayEvent;

public sealed record ChannelDeleted(Channel Channel) : GatewayEvent;

/// <summary>A guild became usable: after READY, or because one joined.</summary>
public sealed record GuildCreated(Guild Guild) : GatewayEvent;

public sealed record GuildUpdated(Guild Guild) : GatewayEvent;

/// <summary>One is no longer in the guild, or the guild is no more; with <c>unavailable</c> it is away for a while.</summary>
public sealed record GuildDeleted(UnavailableGuild Guild) : GatewayEvent;

public sealed record MemberAdded(Member Member) : GatewayEvent;

public sealed record MemberUpdated(Member Member) : GatewayEvent;

public sealed record MemberRemoved(GuildId GuildId, User User) : GatewayEvent;

/// <summary>A part of the answer to <see cref="GatewayClient.RequestMembersAsync"/>.</summary>
public sealed record MembersChunk(GuildMembersChunk Chunk) : GatewayEvent;

public sealed record RoleCreated(GuildId GuildId, Role Role) : GatewayEvent;

public sealed record RoleUpdated(GuildId GuildId, Role Role) : GatewayEvent;

public sealed record RoleDeleted(GuildId GuildId, RoleId RoleId) : GatewayEvent;

/// <summary>A message was pinned or unpinned.</summary>
/// <param name="LastPinTimestamp">Of the newest pin; null where none is left.</param>
public sealed record PinsChanged(ChannelId ChannelId, DateTimeOffset? LastPinTimestamp = null) : GatewayEvent;

public sealed record RecipientAdded(ChannelId ChannelId, User User) : GatewayEvent;

public sealed record RecipientRemoved(ChannelId ChannelId, User User) : GatewayEvent;
