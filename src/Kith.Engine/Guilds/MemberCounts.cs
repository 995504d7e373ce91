using Kith.Domain;

namespace Kith.Engine.Guilds;

/// <summary>How many members guilds have, exact: the store keeps the number, and a change discards what is cached of it.</summary>
public sealed class MemberCounts(IMemberStore members, CacheChanges caches)
{
    const int Capacity = 50_000;

    readonly SharedCache<GuildId, Count> counts =
        caches.Cache<GuildId, Count>("member-counts", Capacity, async (guild, ct) => new Count(await members.CountAsync(guild, ct)), change => new GuildId(change.Key));

    public async ValueTask<int> OfAsync(GuildId guild, CancellationToken ct) => (await counts.Entries.GetAsync(guild, ct))!.Members;

    /// <summary>After a committed join or leave.</summary>
    public ValueTask ChangedAsync(GuildId guild, CancellationToken ct) => counts.ChangedAsync(guild.Value, ct);

    sealed record Count(int Members);
}
