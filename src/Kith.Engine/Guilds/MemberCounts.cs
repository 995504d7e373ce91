using Kith.Domain;

namespace Kith.Engine.Guilds;

/// <summary>How many members guilds have, exact: the store keeps the number, and a change discards what is cached of it.</summary>
public sealed class MemberCounts(IMemberStore members)
{
    const int Capacity = 50_000;

    readonly ReadThroughCache<GuildId, Count> counts = new(Capacity, async (guild, ct) => new Count(await members.CountAsync(guild, ct)));

    public async ValueTask<int> OfAsync(GuildId guild, CancellationToken ct) => (await counts.GetAsync(guild, ct))!.Members;

    /// <summary>After a committed join or leave.</summary>
    public void Changed(GuildId guild) => counts.Remove(guild);

    sealed record Count(int Members);
}
