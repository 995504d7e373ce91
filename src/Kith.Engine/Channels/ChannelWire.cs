using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Protocol;

namespace Kith.Engine.Channels;

/// <summary>Channels as they are sent.</summary>
public static class ChannelWire
{
    /// <param name="last">The newest message, where there is one.</param>
    public static Channel OfGuild(ChannelRecord c, MessageId? last)
    {
        var wire = new Channel
        {
            Id = c.Id, Type = c.Type, GuildId = c.GuildId, Name = c.Name, Position = c.Position, ParentId = c.ParentId, Nsfw = c.Nsfw,
            PermissionOverwrites = [.. c.Overwrites.Select(o => new Overwrite(o.Id, o.Type, o.Allow, o.Deny))],
        };
        if (!c.IsText) return wire;
        return wire with
        {
            Topic = c.Topic, LastMessageId = last, LastPinTimestamp = c.LastPinTimestamp, RateLimitPerUser = c.RateLimitPerUser,
            Bitrate = c.Type == ChannelType.GuildVoice ? c.Bitrate : null, UserLimit = c.Type == ChannelType.GuildVoice ? c.UserLimit : null,
        };
    }

    /// <summary>A DM or group as one participant sees it.</summary>
    /// <param name="others">The participants without the one who asks.</param>
    public static Channel OfPrivate(ChannelRecord c, IReadOnlyList<User> others, MessageId? last)
    {
        var wire = new Channel { Id = c.Id, Type = c.Type, Recipients = others, LastMessageId = last, LastPinTimestamp = c.LastPinTimestamp };
        return c.Type == ChannelType.Dm ? wire : wire with { Name = c.Name, Icon = c.Icon, OwnerId = c.OwnerId };
    }
}
