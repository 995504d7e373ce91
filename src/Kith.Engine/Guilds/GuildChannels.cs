using Kith.Domain;
using Kith.Engine.Channels;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>Creating, changing and deleting the channels of a guild. Their order is <see cref="ChannelOrder"/>'s, their overwrites <see cref="ChannelOverwrites"/>'.</summary>
public sealed class GuildChannels(GuildChanges changes, AuditLog audit, SnowflakeGenerator ids)
{
    static readonly string[] AuditedKeys =
        ["name", "type", "topic", "nsfw", "rate_limit_per_user", "bitrate", "user_limit", "parent_id", "permission_overwrites"];

    public Task<Result<ChannelRecord>> CreateAsync(Actor actor, GuildId guild, ChannelForm form, CancellationToken ct) =>
        changes.ApplyAsync(actor.Principal, guild, Permissions.ManageChannels, access => PlanCreation(access, actor, form), ct);

    public Task<Result<ChannelRecord>> ModifyAsync(Actor actor, ChannelId id, ChannelForm form, CancellationToken ct) =>
        changes.ApplyAsync(actor.Principal, id, Permissions.ManageChannels, (guild, channel) => PlanChange(guild, channel.Channel, actor, form), ct);

    /// <summary>Answers the channel as it last was. Children of a category move to the top level.</summary>
    public Task<Result<ChannelRecord>> DeleteAsync(Actor actor, ChannelId id, CancellationToken ct) =>
        changes.ApplyAsync(actor.Principal, id, Permissions.ManageChannels, (guild, channel) => PlanDeletion(guild, channel.Channel, actor), ct);

    Result<GuildPlan<ChannelRecord>> PlanCreation(GuildAccess access, Actor actor, ChannelForm form)
    {
        if (access.Guild.Channels.Count >= GuildLimits.Channels) return ErrorCode.MaxChannels;
        var fresh = new ChannelRecord { Id = new ChannelId(ids.Next()), Type = ChannelType.GuildText, GuildId = access.Id };
        if (!ChannelRules.Apply(access, fresh, form, isNew: true).Ok(out var channel, out var error)) return error;
        if (form.Position.Or(null) is null) channel = channel with { Position = EndOf(access.Guild, channel) };
        return new GuildPlan<ChannelRecord>(new GuildChange(access.Guild)
        {
            Channels = [channel],
            Audit = [audit.Entry(access.Id, actor, AuditLogAction.ChannelCreate, channel.Id.Value, Differences(null, channel))],
        }, channel);
    }

    Result<GuildPlan<ChannelRecord>> PlanChange(GuildAccess access, ChannelRecord before, Actor actor, ChannelForm form)
    {
        if (!ChannelRules.Apply(access, before, form, isNew: false).Ok(out var after, out var error)) return error;
        return new GuildPlan<ChannelRecord>(new GuildChange(access.Guild)
        {
            Channels = [after],
            Audit = audit.Update(access.Id, actor, AuditLogAction.ChannelUpdate, after.Id.Value, Differences(before, after)),
        }, after);
    }

    Result<GuildPlan<ChannelRecord>> PlanDeletion(GuildAccess access, ChannelRecord gone, Actor actor)
    {
        var settings = access.Guild.Guild.Settings;
        if (settings.Features.Contains("COMMUNITY") && (gone.Id == settings.RulesChannelId || gone.Id == settings.PublicUpdatesChannelId))
            return ErrorCode.RequiredCommunityChannel;
        var without = Without(settings, gone.Id);
        return new GuildPlan<ChannelRecord>(new GuildChange(access.Guild)
        {
            Guild = without == settings ? null : access.Guild.Guild with { Settings = without },
            Channels = [.. access.Guild.ChannelsInOrder.Where(c => c.ParentId == gone.Id).Select(c => c with { ParentId = null })],
            DeletedChannel = gone.Id,
            Audit = [audit.Entry(access.Id, actor, AuditLogAction.ChannelDelete, gone.Id.Value, Differences(gone, null))],
        }, gone);
    }

    static IReadOnlyList<AuditLogChange> Differences(ChannelRecord? before, ChannelRecord? after) => AuditLog.Changes(
        before is null ? null : ChannelWire.OfGuild(before, null), after is null ? null : ChannelWire.OfGuild(after, null), AuditedKeys);

    static GuildSettings Without(GuildSettings settings, ChannelId gone)
    {
        ChannelId? Kept(ChannelId? id) => id == gone ? null : id;
        return settings with
        {
            AfkChannelId = Kept(settings.AfkChannelId), SystemChannelId = Kept(settings.SystemChannelId), RulesChannelId = Kept(settings.RulesChannelId),
            PublicUpdatesChannelId = Kept(settings.PublicUpdatesChannelId), SafetyAlertsChannelId = Kept(settings.SafetyAlertsChannelId),
        };
    }

    /// <summary>The position after the last of the same parent and kind: categories are ordered among themselves.</summary>
    static int EndOf(GuildSnapshot guild, ChannelRecord channel) => 1 + guild.Channels.Values
        .Where(c => c.ParentId == channel.ParentId && c.IsText == channel.IsText)
        .Select(c => c.Position).DefaultIfEmpty(-1).Max();
}
