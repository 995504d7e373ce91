using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>Changes of members: nick, roles, voice state, timeout. What may be done to whom is <see cref="MemberRules"/>'.</summary>
public sealed class GuildMembers(Access access, GuildDirectory guilds, IMemberStore store, MemberAnnouncements announcements, GuildAnnouncements guildAnnouncements, MemberAudit audit)
{
    public async Task<Result<MemberRecord>> ModifyAsync(Actor actor, GuildId guild, UserId user, MemberForm form, CancellationToken ct)
    {
        if (!(await access.GuildAsync(actor.Principal, guild, ct)).Ok(out var allowed, out var error)) return error;
        if (await guilds.MemberAsync(guild, user, ct) is not { } target) return ErrorCode.UnknownMember;
        if (MemberRules.Refusal(allowed, target, form, access.Now) is { } refusal) return refusal;
        return await ApplyAsync(actor, allowed, user, member => MemberRules.Apply(allowed, member, form), ct);
    }

    public async Task<Result<Done>> SetRoleAsync(Actor actor, GuildId guild, UserId user, RoleId role, bool has, CancellationToken ct)
    {
        if (!(await access.GuildAsync(actor.Principal, guild, ct, Permissions.ManageRoles)).Ok(out var allowed, out var error)) return error;
        if (!allowed.Guild.Roles.ContainsKey(role)) return ErrorCode.UnknownRole;
        var changed = await ApplyAsync(actor, allowed, user, member => MemberRules.WithRoles(allowed, member, has ? [.. member.Roles, role] : [.. member.Roles.Where(r => r != role)]), ct);
        return changed.Error is { } refusal ? refusal : Done.Instance;
    }

    /// <param name="change">Runs on the newest state of the member; refuses or returns the new one.</param>
    async Task<Result<MemberRecord>> ApplyAsync(Actor actor, GuildAccess allowed, UserId user, Func<MemberRecord, Result<MemberRecord>> change, CancellationToken ct)
    {
        Error? refusal = null;
        using var held = await announcements.EnterAsync(allowed.Id, user, ct);
        var done = await store.UpdateAsync(allowed.Id, user, before =>
        {
            if (!change(before).Ok(out var after, out refusal)) return new MemberChange(before, before, []);
            return new MemberChange(before, after, audit.Of(actor, allowed.Guild, before, after));
        }, ct);
        if (refusal is not null) return refusal;
        if (done is null) return ErrorCode.UnknownMember;
        if (done.After != done.Before)
        {
            await announcements.ChangedAsync(done.After, CancellationToken.None);
            await guildAnnouncements.AuditedAsync(done.Audit, CancellationToken.None);
        }

        return done.After;
    }
}

/// <summary>What the audit log tells of a change of a member.</summary>
public sealed class MemberAudit(AuditLog audit)
{
    static readonly string[] AuditedKeys = ["nick", "mute", "deaf", "communication_disabled_until", "flags"];

    public IReadOnlyList<AuditLogEntry> Of(Actor actor, GuildSnapshot guild, MemberRecord before, MemberRecord after)
    {
        if (before == after) return [];
        AuditLogChange[] roles = [.. Roles(guild, "$add", after.Roles.Except(before.Roles)), .. Roles(guild, "$remove", before.Roles.Except(after.Roles))];
        return
        [
            .. audit.Update(guild.Id, actor, AuditLogAction.MemberUpdate, after.UserId.Value, AuditLog.Changes(before.ToWire(null), after.ToWire(null), AuditedKeys)),
            .. audit.Update(guild.Id, actor, AuditLogAction.MemberRoleUpdate, after.UserId.Value, roles),
        ];
    }

    static IEnumerable<AuditLogChange> Roles(GuildSnapshot guild, string key, IEnumerable<RoleId> ids)
    {
        PartialRole[] roles = [.. ids.Select(id => new PartialRole(id, guild.Roles.GetValueOrDefault(id)?.Name ?? ""))];
        return roles.Length == 0 ? [] : [AuditLog.Change(key, null, roles)];
    }

    sealed record PartialRole(RoleId Id, string Name);
}
