using System.Text.Json.Serialization;
using Kith.Domain;

namespace Kith.Protocol;

/// <summary>An invite to a guild. The last two blocks depend on who asks and how.</summary>
public sealed record Invite
{
    public int Type { get; init; }
    public required string Code { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public User? Inviter { get; init; }
    public required DateTimeOffset? ExpiresAt { get; init; }
    public required InviteGuild Guild { get; init; }
    public required GuildId GuildId { get; init; }
    public required InviteChannel Channel { get; init; }
    public int Flags { get; init; }

    /// <summary>With <c>with_counts</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ApproximateMemberCount { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ApproximatePresenceCount { get; init; }

    /// <summary>Seconds. This and what follows: for its maker and for who manages the channel.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxAge { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxUses { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Uses { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Temporary { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>In the answer to accepting: whether one became a member by it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? NewMember { get; init; }
}

/// <summary>What somebody outside may know of a guild.</summary>
public sealed record InviteGuild
{
    public required GuildId Id { get; init; }
    public required string Name { get; init; }
    public string? Splash { get; init; }
    public string? Banner { get; init; }
    public string? Description { get; init; }
    public string? Icon { get; init; }
    public IReadOnlyList<string> Features { get; init; } = [];
    public int VerificationLevel { get; init; }
    public string? VanityUrlCode { get; init; }
    public int NsfwLevel { get; init; }
    public bool Nsfw { get; init; }
    public int PremiumSubscriptionCount { get; init; }
}

public sealed record InviteChannel(ChannelId Id, ChannelType Type, string? Name);
