using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>A guild's own row. What is seldom asked for lies in <see cref="Settings"/>.</summary>
public sealed record GuildRecord
{
    public required GuildId Id { get; init; }
    public required string Name { get; init; }
    public required UserId OwnerId { get; init; }
    public string? Icon { get; init; }
    public GuildSettings Settings { get; init; } = new();

    /// <summary>Grows with every change of roles, channels, overwrites, owner, and of any member's roles; compares caches.</summary>
    public long Version { get; init; }
}

/// <summary>Stored as one JSON value.</summary>
public sealed record GuildSettings
{
    public string? Description { get; init; }
    public string? Splash { get; init; }
    public string? DiscoverySplash { get; init; }
    public string? Banner { get; init; }
    public ChannelId? AfkChannelId { get; init; }
    public int AfkTimeout { get; init; } = 300;
    public ChannelId? SystemChannelId { get; init; }
    public int SystemChannelFlags { get; init; }
    public ChannelId? RulesChannelId { get; init; }
    public ChannelId? PublicUpdatesChannelId { get; init; }
    public ChannelId? SafetyAlertsChannelId { get; init; }
    public int VerificationLevel { get; init; }
    public int DefaultMessageNotifications { get; init; }
    public int ExplicitContentFilter { get; init; }
    public int MfaLevel { get; init; }
    public int NsfwLevel { get; init; }
    public string PreferredLocale { get; init; } = "en-US";
    public IReadOnlyList<string> Features { get; init; } = [];
    public bool PremiumProgressBarEnabled { get; init; }
}

/// <summary>A channel as stored: of a guild, or private (DM, group), whose participants are in <see cref="Recipients"/>.</summary>
public sealed record ChannelRecord
{
    public required ChannelId Id { get; init; }
    public required ChannelType Type { get; init; }
    public GuildId? GuildId { get; init; }
    public string? Name { get; init; }
    public string? Topic { get; init; }
    public int Position { get; init; }
    public ChannelId? ParentId { get; init; }
    public bool Nsfw { get; init; }

    /// <summary>Slow mode, in seconds.</summary>
    public int RateLimitPerUser { get; init; }
    public int Bitrate { get; init; } = 64_000;
    public int UserLimit { get; init; }
    public IReadOnlyList<PermissionOverwrite> Overwrites { get; init; } = [];
    public DateTimeOffset? LastPinTimestamp { get; init; }
    public UserId? OwnerId { get; init; }
    public string? Icon { get; init; }

    /// <summary>All participants of a DM or group; empty in a guild.</summary>
    public IReadOnlyList<UserId> Recipients { get; init; } = [];

    /// <summary>Participants of a DM who do not have it open: who closed it, or who was never written to.</summary>
    public IReadOnlyList<UserId> HiddenFrom { get; init; } = [];

    public bool IsPrivate => GuildId is null;

    /// <summary>What events about the channel are kept in order by: its guild, or itself.</summary>
    public long OrderKey => GuildId?.Value ?? Id.Value;

    public bool IsText => Type is not ChannelType.GuildCategory;
}

/// <summary>A membership as stored; <see cref="Roles"/> without @everyone, sorted, shared between members with equal roles.</summary>
public sealed record MemberRecord
{
    public required GuildId GuildId { get; init; }
    public required UserId UserId { get; init; }
    public string? Nick { get; init; }
    public string? Avatar { get; init; }
    public IReadOnlyList<RoleId> Roles { get; init; } = [];
    public required DateTimeOffset JoinedAt { get; init; }
    public DateTimeOffset? CommunicationDisabledUntil { get; init; }
    public bool Mute { get; init; }
    public bool Deaf { get; init; }
    public int Flags { get; init; }

    /// <summary>Messages up to this id were there before the member: read, unless marked otherwise. Those of the same millisecond are news.</summary>
    public MessageId ReadFloor => new(Math.Max(0, Snowflake.AtTime(JoinedAt) - 1));

    /// <summary>Came by a temporary invite: the membership ends with the last session, unless a role was given.</summary>
    public bool Temporary { get; init; }

    public Member ToWire(User? user, GuildId? guild = null) => new()
    {
        User = user, GuildId = guild, Nick = Nick, Avatar = Avatar, Roles = Roles, JoinedAt = JoinedAt,
        CommunicationDisabledUntil = CommunicationDisabledUntil, Mute = Mute, Deaf = Deaf, Flags = Flags,
    };
}
