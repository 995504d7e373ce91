using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>Creating, changing, ordering and deleting roles. One may touch only roles below one's own highest; the owner may touch all.</summary>
public sealed class GuildRoles(GuildChanges changes, AuditLog audit, SnowflakeGenerator ids)
{
    static readonly string[] AuditedKeys = ["name", "permissions", "color", "colors", "hoist", "mentionable", "unicode_emoji"];

    public Task<Result<Role>> CreateAsync(Actor actor, GuildId guild, RoleForm form, CancellationToken ct) =>
        changes.ApplyAsync(actor.Principal, guild, Permissions.ManageRoles, access => PlanCreation(access, actor, form), ct);

    public Task<Result<Role>> ModifyAsync(Actor actor, GuildId guild, RoleId id, RoleForm form, CancellationToken ct) =>
        changes.ApplyAsync(actor.Principal, guild, Permissions.ManageRoles, access => PlanChange(access, actor, id, form), ct);

    public Task<Result<Done>> DeleteAsync(Actor actor, GuildId guild, RoleId id, CancellationToken ct) =>
        changes.ApplyAsync(actor.Principal, guild, Permissions.ManageRoles, access => PlanDeletion(access, actor, id), ct);

    /// <summary>Answers all roles in their new order.</summary>
    public Task<Result<IReadOnlyList<Role>>> MoveAsync(Actor actor, GuildId guild, IReadOnlyList<RolePositionForm> forms, CancellationToken ct) =>
        changes.ApplyAsync(actor.Principal, guild, Permissions.ManageRoles, access => PlanMoves(access, forms), ct);

    /// <summary>What remains of a role once it is deleted, for plans that delete one.</summary>
    internal static GuildChange Deletion(GuildSnapshot guild, Role role) => new(guild)
    {
        DeletedRole = role.Id,
        Channels =
        [
            .. guild.ChannelsInOrder.Where(c => c.Overwrites.Any(o => o.Id.Value == role.Id.Value))
                .Select(c => c with { Overwrites = (PermissionOverwrite[])[.. c.Overwrites.Where(o => o.Id.Value != role.Id.Value)] }),
        ],
    };

    Result<GuildPlan<Role>> PlanCreation(GuildAccess access, Actor actor, RoleForm form)
    {
        if (access.Guild.Roles.Count >= GuildLimits.Roles) return ErrorCode.MaxRoles;
        // The lowest place above @everyone: of roles at one position the newest is the lowest.
        var fresh = new Role { Id = new RoleId(ids.Next()), Name = "new role", Permissions = access.Guild.Everyone.Permissions, Position = 1 };
        if (!RoleRules.Apply(access, fresh, form).Ok(out var role, out var error)) return error;
        var change = new GuildChange(access.Guild)
        {
            Roles = [role],
            Audit = [audit.Entry(access.Id, actor, AuditLogAction.RoleCreate, role.Id.Value, AuditLog.Changes(null, role, AuditedKeys))],
        };
        return new GuildPlan<Role>(change, role);
    }

    Result<GuildPlan<Role>> PlanChange(GuildAccess access, Actor actor, RoleId id, RoleForm form)
    {
        if (!Reachable(access, id).Ok(out var before, out var error)) return error;
        if (!RoleRules.Apply(access, before, form).Ok(out var after, out error)) return error;
        var change = new GuildChange(access.Guild)
        {
            Roles = [after],
            Audit = audit.Update(access.Id, actor, AuditLogAction.RoleUpdate, id.Value, AuditLog.Changes(before, after, AuditedKeys)),
        };
        return new GuildPlan<Role>(change, after);
    }

    Result<GuildPlan<Done>> PlanDeletion(GuildAccess access, Actor actor, RoleId id)
    {
        if (!Reachable(access, id).Ok(out var role, out var error)) return error;
        if (role.Managed || id == access.Guild.Everyone.Id) return ErrorCode.InvalidRole;
        var change = Deletion(access.Guild, role) with
        {
            Audit = [audit.Entry(access.Id, actor, AuditLogAction.RoleDelete, id.Value, AuditLog.Changes(role, null, AuditedKeys))],
        };
        return new GuildPlan<Done>(change, Done.Instance);
    }

    static Result<GuildPlan<IReadOnlyList<Role>>> PlanMoves(GuildAccess access, IReadOnlyList<RolePositionForm> forms)
    {
        var moves = new Dictionary<RoleId, int>();
        var errors = new FormErrors();
        for (var i = 0; i < forms.Count; i++)
        {
            if (forms[i]?.Id is not { } id) errors.Required($"{i}.id", null);
            else if (!access.Guild.Roles.ContainsKey(id)) return ErrorCode.UnknownRole;
            else if (forms[i].Position is { } position && id != access.Guild.Everyone.Id) moves[id] = position;
        }

        if (errors.Error is { } error) return error;
        var order = RoleRules.Reorder(access.Guild, moves);
        if (!access.IsOwner && !KeepsWhatIsAbove(access, order)) return ErrorCode.MissingPermissions;
        Role[] placed = [.. order.Select((role, position) => role.Position == position ? role : role with { Position = position })];
        Role[] changed = [.. placed.Where(r => r != access.Guild.Roles[r.Id])];
        return new GuildPlan<IReadOnlyList<Role>>(new GuildChange(access.Guild) { Roles = changed }, placed);
    }

    /// <summary>Who asks may reorder only what is below its own highest role: from that role on, nothing may move.</summary>
    static bool KeepsWhatIsAbove(GuildAccess access, IReadOnlyList<Role> after)
    {
        var before = access.Guild.RolesInOrder;
        var above = before.Count(r => Rank.Of(r) >= access.Rank);
        return before.TakeLast(above).Select(r => r.Id).SequenceEqual(after.TakeLast(above).Select(r => r.Id));
    }

    static Result<Role> Reachable(GuildAccess access, RoleId id)
    {
        if (!access.Guild.Roles.TryGetValue(id, out var role)) return ErrorCode.UnknownRole;
        return Rank.Of(role) < access.Rank ? role : ErrorCode.MissingPermissions;
    }
}
