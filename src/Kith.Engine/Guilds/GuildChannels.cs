using Kith.Domain;
using Kith.Engine.Channels;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>Creating, changing, ordering and deleting the channels of a guild.</summary>
public sealed class GuildChannels(GuildChanges changes, AuditLog audit, SnowflakeGenerator ids)
{
    static readonly string[] AuditedKeys =
        ["name", "type", "topic", "nsfw", "rate_limit_per_user", "bitrate", "user_limit", "parent_id", "permission_overwrites"];

    public Task<Result<Channel>> CreateAsync(Actor actor, GuildId guild, ChannelForm form, CancellationToken ct) =>
        changes.ApplyAsync(actor.Principal, guild, Permissions.ManageChannels, access => PlanCreation(access, actor, form), ct);

    Result<GuildPlan<Channel>> PlanCreation(GuildAccess access, Actor actor, ChannelForm form)
    {
        if (access.Guild.Channels.Count >= GuildLimits.Channels) return ErrorCode.MaxChannels;
        var fresh = new ChannelRecord { Id = new ChannelId(ids.Next()), Type = ChannelType.GuildText, GuildId = access.Id };
        if (!ChannelRules.Apply(access, fresh, form, isNew: true).Ok(out var channel, out var error)) return error;
        if (form.Position.Or(null) is null) channel = channel with { Position = EndOf(access.Guild, channel) };
        var wire = ChannelWire.OfGuild(channel, null);
        var change = new GuildChange(access.Guild)
        {
            Channels = [channel],
            Audit = [audit.Entry(access.Id, actor, AuditLogAction.ChannelCreate, channel.Id.Value, AuditLog.Changes(null, wire, AuditedKeys))],
        };
        return new GuildPlan<Channel>(change, [GuildEvents.ChannelCreate(access.Id, wire)], wire);
    }

    /// <summary>The position after the last of the same parent and kind: categories are ordered among themselves.</summary>
    static int EndOf(GuildSnapshot guild, ChannelRecord channel) => 1 + guild.Channels.Values
        .Where(c => c.ParentId == channel.ParentId && c.IsText == channel.IsText)
        .Select(c => c.Position).DefaultIfEmpty(-1).Max();
}
