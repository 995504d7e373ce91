using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>Body of POST /guilds and PATCH /guilds/{id}: absent fields stay, null ones take their default.</summary>
public sealed record GuildForm
{
    public Optional<string?> Name { get; init; }
    public Optional<string?> Description { get; init; }

    /// <summary>Pictures as data URIs; for <see cref="GuildRules"/> the hashes of what was kept of them.</summary>
    public Optional<string?> Icon { get; init; }
    public Optional<string?> Banner { get; init; }
    public Optional<string?> Splash { get; init; }
    public Optional<string?> DiscoverySplash { get; init; }
    public Optional<int?> VerificationLevel { get; init; }
    public Optional<int?> DefaultMessageNotifications { get; init; }
    public Optional<int?> ExplicitContentFilter { get; init; }
    public Optional<string?> PreferredLocale { get; init; }
    public Optional<int?> AfkTimeout { get; init; }
    public Optional<ChannelId?> AfkChannelId { get; init; }
    public Optional<ChannelId?> SystemChannelId { get; init; }
    public Optional<int?> SystemChannelFlags { get; init; }
    public Optional<ChannelId?> RulesChannelId { get; init; }
    public Optional<ChannelId?> PublicUpdatesChannelId { get; init; }
    public Optional<ChannelId?> SafetyAlertsChannelId { get; init; }
    public Optional<IReadOnlyList<string>?> Features { get; init; }
    public Optional<bool?> PremiumProgressBarEnabled { get; init; }

    /// <summary>The new owner; only the owner may give it.</summary>
    public Optional<UserId?> OwnerId { get; init; }

    /// <summary>The owner's two-factor code, where that is enabled and ownership is given away.</summary>
    public string? Code { get; init; }
}
