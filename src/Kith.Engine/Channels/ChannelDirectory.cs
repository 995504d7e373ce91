using Kith.Domain;
using Kith.Engine.Guilds;

namespace Kith.Engine.Channels;

/// <summary>Finds any channel by id: private ones from a cache of their own, guild channels in their guild's snapshot, so that there is one copy of each.</summary>
public sealed class ChannelDirectory(IChannelStore store, GuildDirectory guilds, CacheChanges caches)
{
    const int Capacity = 200_000;

    readonly SharedCache<ChannelId, ChannelRecord> records =
        caches.Cache("channels", Capacity, (ChannelId id, CancellationToken ct) => store.FindAsync(id, ct), change => new ChannelId(change.Key));

    /// <summary>The channel's newest state with its guild (null for a DM or group), or nulls where there is none.</summary>
    public async ValueTask<(ChannelRecord? Channel, GuildSnapshot? Guild)> FindAsync(ChannelId id, CancellationToken ct)
    {
        if (await records.Entries.GetAsync(id, ct) is not { } channel) return default;
        if (channel.GuildId is not { } guildId) return (channel, null);
        var guild = await guilds.FindAsync(guildId, ct);
        return guild?.Channels.TryGetValue(id, out var current) == true ? (current, guild) : default;
    }

    /// <summary>After a committed change of a private channel, or the removal of any.</summary>
    public ValueTask ChangedAsync(ChannelId id, CancellationToken ct) => records.ChangedAsync(id.Value, ct);
}
