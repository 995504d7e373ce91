using System.Text.Json.Serialization;
using Kith.Domain;

namespace Kith.Protocol;

/// <summary>An application as its owner sees it. Its bot has the same id.</summary>
public sealed record Application
{
    public required AppId Id { get; init; }
    public required string Name { get; init; }
    public string? Icon { get; init; }
    public string Description { get; init; } = "";
    public int? Type { get; init; }
    public required User Bot { get; init; }
    public bool BotPublic { get; init; } = true;
    public bool BotRequireCodeGrant { get; init; }

    /// <summary>For interactions, which Kith does not have: empty.</summary>
    public string VerifyKey { get; init; } = "";
    public int Flags { get; init; }
    public string FlagsNew { get; init; } = "0";
    public IReadOnlyList<string> RedirectUris { get; init; } = [];
    public string? InteractionsEndpointUrl { get; init; }
    public string? RoleConnectionsVerificationUrl { get; init; }
    public required User Owner { get; init; }
    public int ApproximateGuildCount { get; init; }
    public int ApproximateUserInstallCount { get; init; }
    public int ApproximateUserAuthorizationCount { get; init; }
    public int ExplicitContentFilter { get; init; }
    public object? Team { get; init; }
    public IReadOnlyList<string> EligibleOauth2Scopes { get; init; } = [];

    /// <summary>The bot's token; only where it was just made.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }
}
