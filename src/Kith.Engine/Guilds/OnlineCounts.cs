using Kith.Domain;
using Kith.Engine.Delivery;

namespace Kith.Engine.Guilds;

/// <summary>
/// About how many members are online, for previews: exact up to <see cref="Sample"/> members, else extrapolated from that many. Two queries a guild and minute.
/// </summary>
public sealed class OnlineCounts(IMemberStore members, MemberCounts counts, ISessionDirectory sessions, TimeProvider clock)
{
    const int Capacity = 50_000;
    const int Sample = 1000;
    static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    readonly ReadThroughCache<GuildId, Estimate> estimates = new(Capacity, (guild, ct) => EstimateAsync(guild, members, counts, sessions, clock, ct));

    public async ValueTask<int> OfAsync(GuildId guild, CancellationToken ct)
    {
        if (estimates.Peek(guild) is { } known && clock.GetUtcNow() - known.At > Lifetime) estimates.Remove(guild);
        return (await estimates.GetAsync(guild, ct))!.Online;
    }

    static async Task<Estimate?> EstimateAsync(
        GuildId guild, IMemberStore members, MemberCounts counts, ISessionDirectory sessions, TimeProvider clock, CancellationToken ct)
    {
        var sample = await members.ListAsync(guild, default, Sample, ct);
        var online = (await sessions.OnlineAsync([.. sample.Select(m => m.UserId)], ct)).Count;
        var all = await counts.OfAsync(guild, ct);
        return new Estimate(sample.Count == 0 ? 0 : (int)((long)online * all / sample.Count), clock.GetUtcNow());
    }

    sealed record Estimate(int Online, DateTimeOffset At);
}
