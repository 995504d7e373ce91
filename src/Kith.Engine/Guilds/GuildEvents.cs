using Kith.Domain;
using Kith.Engine.Channels;
using Kith.Engine.Delivery;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>The dispatches that announce changes of guilds, each with its audience and intents as Discord documents them.</summary>
public static class GuildEvents
{
    public static Event GuildUpdate(GuildSnapshot after) => new()
    {
        Name = "GUILD_UPDATE", Audience = new Audience.OfGuild(after.Id), Intents = Intents.Guilds, Data = Wire.Utf8(GuildWire.Of(after)),
    };

    public static Event ChannelCreate(GuildId guild, Channel channel) => OfChannel("CHANNEL_CREATE", guild, channel, gone: null);

    public static Event ChannelUpdate(GuildId guild, Channel channel) => OfChannel("CHANNEL_UPDATE", guild, channel, gone: null);

    public static Event ChannelDelete(ChannelRecord gone, Channel channel) => OfChannel("CHANNEL_DELETE", gone.GuildId!.Value, channel, gone);

    public static Event RoleCreate(GuildId guild, Role role) => OfRole("GUILD_ROLE_CREATE", guild, new GuildRole(guild, role));

    public static Event RoleUpdate(GuildId guild, Role role) => OfRole("GUILD_ROLE_UPDATE", guild, new GuildRole(guild, role));

    public static Event RoleDelete(GuildId guild, RoleId role) => OfRole("GUILD_ROLE_DELETE", guild, new GuildRoleId(guild, role));

    public static Event AuditLogEntryCreate(AuditLogEntry entry) => new()
    {
        Name = "GUILD_AUDIT_LOG_ENTRY_CREATE", Audience = new Audience.OfGuild(entry.GuildId, Permissions.ViewAuditLog), Intents = Intents.GuildModeration,
        Data = Wire.Utf8(GuildAuditLogEntry.From(entry)),
    };

    static Event OfChannel(string name, GuildId guild, Channel channel, ChannelRecord? gone) => new()
    {
        Name = name, Audience = new Audience.OfChannel(guild, channel.Id, Gone: gone), Intents = Intents.Guilds, Data = Wire.Utf8(channel),
    };

    static Event OfRole<T>(string name, GuildId guild, T data) => new()
    {
        Name = name, Audience = new Audience.OfGuild(guild), Intents = Intents.Guilds, Data = Wire.Utf8(data),
    };

    sealed record GuildRole(GuildId GuildId, Role Role);

    sealed record GuildRoleId(GuildId GuildId, RoleId RoleId);
}
