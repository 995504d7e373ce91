using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>Setting and removing single permission overwrites.</summary>
public sealed class ChannelOverwrites(GuildChanges changes, AuditLog audit)
{
    public Task<Result<Done>> SetAsync(Actor actor, ChannelId id, OverwriteId about, OverwriteForm form, CancellationToken ct) =>
        changes.ApplyAsync(actor.Principal, id, Permissions.ManageRoles, (guild, channel) =>
        {
            if (OverwriteRules.Read(guild.Guild, about, form) is not { } after) return ErrorCode.UnknownOverwrite;
            var before = Find(channel.Channel, about);
            if (before is null && channel.Channel.Overwrites.Count >= GuildLimits.Overwrites) return ErrorCode.MaxOverwrites;
            return Plan(guild, channel.Channel, actor, before, after);
        }, ct);

    public Task<Result<Done>> RemoveAsync(Actor actor, ChannelId id, OverwriteId about, CancellationToken ct) =>
        changes.ApplyAsync(actor.Principal, id, Permissions.ManageRoles, (guild, channel) =>
            Find(channel.Channel, about) is { } before ? Plan(guild, channel.Channel, actor, before, null) : ErrorCode.UnknownOverwrite, ct);

    Result<GuildPlan<Done>> Plan(GuildAccess guild, ChannelRecord channel, Actor actor, PermissionOverwrite? before, PermissionOverwrite? after)
    {
        if (OverwriteRules.RefusalToSet(guild, channel, before, after) is { } refusal) return refusal;
        var about = (after ?? before)!.Value;
        PermissionOverwrite[] kept = [.. channel.Overwrites.Where(o => o.Id != about.Id)];
        var changed = channel with { Overwrites = after is { } set ? [.. kept, set] : kept };
        var entry = audit.Entry(guild.Id, actor, ActionOf(before, after), channel.Id.Value, ChangesOf(before, after), OptionsOf(guild.Guild, about));
        return new GuildPlan<Done>(new GuildChange(guild.Guild) { Channels = [changed], Audit = before == after ? [] : [entry] }, Done.Instance);
    }

    static PermissionOverwrite? Find(ChannelRecord channel, OverwriteId id)
    {
        foreach (var overwrite in channel.Overwrites)
        {
            if (overwrite.Id == id) return overwrite;
        }

        return null;
    }

    static AuditLogAction ActionOf(PermissionOverwrite? before, PermissionOverwrite? after) =>
        before is null ? AuditLogAction.ChannelOverwriteCreate : after is null ? AuditLogAction.ChannelOverwriteDelete : AuditLogAction.ChannelOverwriteUpdate;

    static IReadOnlyList<AuditLogChange> ChangesOf(PermissionOverwrite? before, PermissionOverwrite? after) =>
        AuditLog.Changes(WireOf(before), WireOf(after), before is null || after is null ? ["id", "type", "allow", "deny"] : ["allow", "deny"]);

    static Overwrite? WireOf(PermissionOverwrite? o) => o is { } set ? new Overwrite(set.Id, set.Type, set.Allow, set.Deny) : null;

    /// <summary>Whom the overwrite is about; a role's name as well, which may be gone when the log is read.</summary>
    static Dictionary<string, string> OptionsOf(GuildSnapshot guild, PermissionOverwrite about)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal) { ["id"] = about.Id.ToString(), ["type"] = ((int)about.Type).ToString() };
        if (about.Type == OverwriteType.Role && guild.Roles.TryGetValue(new RoleId(about.Id.Value), out var role)) options["role_name"] = role.Name;
        return options;
    }
}
