using System.Text.Json.Serialization;
using Kith.Domain;

namespace Kith.Protocol;

/// <summary>A user's membership of a guild.</summary>
public sealed record Member
{
    /// <summary>Absent in messages, which carry the author beside it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public User? User { get; init; }

    /// <summary>Only in gateway events.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GuildId? GuildId { get; init; }
    public string? Nick { get; init; }
    public string? Avatar { get; init; }
    public string? Banner { get; init; }
    public required IReadOnlyList<RoleId> Roles { get; init; }
    public required DateTimeOffset JoinedAt { get; init; }
    public DateTimeOffset? PremiumSince { get; init; }
    public DateTimeOffset? CommunicationDisabledUntil { get; init; }
    public int Flags { get; init; }
    public bool Pending { get; init; }
    public bool Mute { get; init; }
    public bool Deaf { get; init; }
}
