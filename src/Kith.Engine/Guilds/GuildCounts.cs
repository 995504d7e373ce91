using Kith.Domain;

namespace Kith.Engine.Guilds;

/// <summary>What <c>with_counts</c> tells of a guild.</summary>
public sealed class GuildCounts(MemberCounts members, OnlineCounts online)
{
    public ValueTask<int> MembersAsync(GuildId guild, CancellationToken ct) => members.OfAsync(guild, ct);

    /// <summary>About so many.</summary>
    public ValueTask<int> OnlineAsync(GuildId guild, CancellationToken ct) => online.OfAsync(guild, ct);
}
