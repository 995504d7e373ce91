using System.Text.Json.Serialization;
using Kith.Domain;

namespace Kith.Protocol;

/// <summary>A user as everyone sees it.</summary>
public record User
{
    public required UserId Id { get; init; }
    public required string Username { get; init; }

    /// <summary>Always "0": names are unique, as on Discord since 2023.</summary>
    public string Discriminator { get; init; } = "0";
    public string? GlobalName { get; init; }
    public string? Avatar { get; init; }
    public string? Banner { get; init; }
    public int? AccentColor { get; init; }
    public object? AvatarDecorationData { get; init; }
    public object? Collectibles { get; init; }
    public object? PrimaryGuild { get; init; }
    public int PublicFlags { get; init; }
    public long Flags { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Bot { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool System { get; init; }

    /// <summary>In the mentions of a guild's message: the mentioned user's membership, without its user.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Member? Member { get; init; }
}

/// <summary>A user as it sees itself.</summary>
public sealed record SelfUser : User
{
    public bool MfaEnabled { get; init; }
    public bool Verified { get; init; }
    public string Locale { get; init; } = "en-US";
    public int PremiumType { get; init; }
    public string? Email { get; init; }
    public string? Phone { get; init; }
    public string? Bio { get; init; }

    /// <summary>The instance's admin.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Admin { get; init; }

    /// <summary>A new one, where the old one has ended.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }
}
