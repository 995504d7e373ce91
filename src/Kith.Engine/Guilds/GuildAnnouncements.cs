using Kith.Domain;
using Kith.Engine.Channels;
using Kith.Engine.Delivery;
using Kith.Engine.Messages;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>Tells of a committed change: first what it means for sessions, then each thing in it, each to those who may see it, then the audit log.</summary>
public sealed class GuildAnnouncements(ChannelTails tails, IEventLog events)
{
    public async Task PublishAsync(GuildChange change, GuildSnapshot after, CancellationToken ct)
    {
        var id = after.Id;
        await events.PublishAsync(new Event
        {
            Name = "", Data = default, Audience = new Audience.OfGuild(id), Effect = new SessionEffect.GuildChanged(id, change.Version),
        }, ct);
        foreach (var role in change.Roles)
            await events.PublishAsync(OfGuild(change.Before.Roles.ContainsKey(role.Id) ? "GUILD_ROLE_UPDATE" : "GUILD_ROLE_CREATE", id, new GuildRole(id, role)), ct);
        if (change.DeletedRole is { } gone) await events.PublishAsync(OfGuild("GUILD_ROLE_DELETE", id, new GuildRoleId(id, gone)), ct);
        await ChannelsAsync(change, ct);
        if (change.Emojis.Count > 0 || change.DeletedEmoji is not null)
            await events.PublishAsync(OfGuild("GUILD_EMOJIS_UPDATE", id, new GuildEmojiList(id, [.. after.Emojis.Select(e => e.ToWire())]), Intents.GuildExpressions), ct);
        if (change.Stickers.Count > 0 || change.DeletedSticker is not null)
            await events.PublishAsync(OfGuild("GUILD_STICKERS_UPDATE", id, new GuildStickerList(id, [.. after.Stickers.Select(s => s.ToWire())]), Intents.GuildExpressions), ct);
        if (change.Guild is not null) await events.PublishAsync(OfGuild("GUILD_UPDATE", id, GuildWire.Of(after)), ct);
        await AuditedAsync(change.Audit, ct);
    }

    /// <summary>The gateway sends GUILD_DELETE to all sessions that had the guild.</summary>
    public ValueTask DeletedAsync(GuildId guild, CancellationToken ct) => events.PublishAsync(new Event
    {
        Name = "", Data = default, Audience = new Audience.OfGuild(guild), Effect = new SessionEffect.GuildDeleted(guild),
    }, ct);

    /// <summary>GUILD_AUDIT_LOG_ENTRY_CREATE of what has been written.</summary>
    public async Task AuditedAsync(IReadOnlyList<AuditLogEntry> entries, CancellationToken ct)
    {
        foreach (var entry in entries)
        {
            await events.PublishAsync(new Event
            {
                Name = "GUILD_AUDIT_LOG_ENTRY_CREATE", Audience = new Audience.OfGuild(entry.GuildId, Permissions.ViewAuditLog), Intents = Intents.GuildModeration,
                Data = Wire.Utf8(GuildAuditLogEntry.From(entry)),
            }, ct);
        }
    }

    async Task ChannelsAsync(GuildChange change, CancellationToken ct)
    {
        var before = change.Before;
        ChannelRecord[] touched = [.. change.Channels, .. before.Channels.Values.Where(c => c.Id == change.DeletedChannel)];
        if (touched.Length == 0) return;
        var newest = await tails.FindManyAsync([.. touched.Where(c => c.IsText).Select(c => c.Id)], ct);
        foreach (var channel in touched)
        {
            var isGone = channel.Id == change.DeletedChannel;
            await events.PublishAsync(new Event
            {
                Name = isGone ? "CHANNEL_DELETE" : before.Channels.ContainsKey(channel.Id) ? "CHANNEL_UPDATE" : "CHANNEL_CREATE",
                Audience = new Audience.OfChannel(before.Id, channel.Id, Gone: isGone ? channel : null), Intents = Intents.Guilds,
                Data = Wire.Utf8(ChannelWire.OfGuild(channel, newest.TryGetValue(channel.Id, out var last) ? last : null)),
            }, ct);
        }
    }

    static Event OfGuild<T>(string name, GuildId guild, T data, Intents intents = Intents.Guilds) => new()
    {
        Name = name, Audience = new Audience.OfGuild(guild), Intents = intents, Data = Wire.Utf8(data),
    };

    sealed record GuildRole(GuildId GuildId, Role Role);

    sealed record GuildEmojiList(GuildId GuildId, IReadOnlyList<Emoji> Emojis);

    sealed record GuildStickerList(GuildId GuildId, IReadOnlyList<Sticker> Stickers);

    sealed record GuildRoleId(GuildId GuildId, RoleId RoleId);
}
