using System.Text.Json.Serialization;
using Kith.Domain;

namespace Kith.Protocol;

/// <summary>A guild ("server"); the last block is sent only in GUILD_CREATE.</summary>
public sealed record Guild
{
    public required GuildId Id { get; init; }
    public required string Name { get; init; }
    public string? Icon { get; init; }
    public string? Description { get; init; }
    public string? HomeHeader { get; init; }
    public string? Splash { get; init; }
    public string? DiscoverySplash { get; init; }
    public string? Banner { get; init; }
    public required UserId OwnerId { get; init; }
    public AppId? ApplicationId { get; init; }
    public string Region { get; init; } = "automatic";
    public ChannelId? AfkChannelId { get; init; }

    /// <summary>Seconds.</summary>
    public int AfkTimeout { get; init; } = 300;
    public ChannelId? SystemChannelId { get; init; }
    public int SystemChannelFlags { get; init; }
    public bool WidgetEnabled { get; init; }
    public ChannelId? WidgetChannelId { get; init; }
    public int VerificationLevel { get; init; }
    public required IReadOnlyList<Role> Roles { get; init; }
    public IReadOnlyList<Emoji> Emojis { get; init; } = [];
    public IReadOnlyList<Sticker> Stickers { get; init; } = [];
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>0 all messages, 1 only mentions.</summary>
    public int DefaultMessageNotifications { get; init; }
    public int MfaLevel { get; init; }
    public int ExplicitContentFilter { get; init; }
    public int? MaxPresences { get; init; }
    public int MaxMembers { get; init; } = 500_000;
    public int MaxStageVideoChannelUsers { get; init; }
    public int MaxVideoChannelUsers { get; init; }
    public string? VanityUrlCode { get; init; }
    public int PremiumTier { get; init; }
    public int PremiumSubscriptionCount { get; init; }
    public bool PremiumProgressBarEnabled { get; init; }
    public string PreferredLocale { get; init; } = "en-US";
    public ChannelId? RulesChannelId { get; init; }
    public ChannelId? SafetyAlertsChannelId { get; init; }
    public ChannelId? PublicUpdatesChannelId { get; init; }
    public bool Nsfw { get; init; }
    public int NsfwLevel { get; init; }
    public object? IncidentsData { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ApproximateMemberCount { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ApproximatePresenceCount { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Unavailable { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? JoinedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Large { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MemberCount { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Channel>? Channels { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<object>? Threads { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Member>? Members { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PresenceUpdate>? Presences { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<object>? VoiceStates { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<object>? StageInstances { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<object>? GuildScheduledEvents { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<object>? SoundboardSounds { get; init; }
}

/// <summary>A guild the session cannot use, now (<c>unavailable</c>) or any more (absent).</summary>
public sealed record UnavailableGuild(GuildId Id, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Unavailable = null);

/// <summary>A custom emoji, or a Unicode one where <see cref="Id"/> is null.</summary>
public sealed record Emoji
{
    public EmojiId? Id { get; init; }
    public string? Name { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RoleId>? Roles { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public User? User { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? RequireColons { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Managed { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Animated { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Available { get; init; }
}

/// <summary>A guild in the list of one's own.</summary>
public sealed record MyGuild
{
    public required GuildId Id { get; init; }
    public required string Name { get; init; }
    public string? Icon { get; init; }
    public string? Banner { get; init; }
    public required bool Owner { get; init; }

    /// <summary>One's own in the guild, before any channel.</summary>
    public required Permissions Permissions { get; init; }
    public IReadOnlyList<string> Features { get; init; } = [];

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ApproximateMemberCount { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ApproximatePresenceCount { get; init; }
}
