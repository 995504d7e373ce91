using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>How memberships end, short of a ban: by leaving, by a kick, with the last session of a temporary member.</summary>
public sealed class Departures(Access access, GuildDirectory guilds, IMemberStore store, MemberRemoval removal, AuditLog audit)
{
    /// <summary>The owner cannot leave: a guild is given away or deleted.</summary>
    public async Task<Result<Done>> LeaveAsync(Principal principal, GuildId guild, CancellationToken ct)
    {
        if (!(await access.GuildAsync(principal, guild, ct)).Ok(out var allowed, out var error)) return error;
        if (allowed.IsOwner) return ErrorCode.InvalidGuild;
        return await removal.RemoveAsync(guild, principal.Id, [], ct) ? Done.Instance : ErrorCode.UnknownGuild;
    }

    public async Task<Result<Done>> KickAsync(Actor actor, GuildId guild, UserId user, CancellationToken ct)
    {
        if (!(await access.GuildAsync(actor.Principal, guild, ct, Permissions.KickMembers)).Ok(out var allowed, out var error)) return error;
        if (await guilds.MemberAsync(guild, user, ct) is not { } target) return ErrorCode.UnknownMember;
        if (!MemberRules.Outranks(allowed, target)) return ErrorCode.MissingPermissions;
        var entry = audit.Entry(guild, actor, AuditLogAction.MemberKick, user.Value);
        return await removal.RemoveAsync(guild, user, [entry], ct) ? Done.Instance : ErrorCode.UnknownMember;
    }

    /// <summary>After a user's last session: ends the memberships that were to last no longer.</summary>
    public async Task EndTemporaryAsync(UserId user, CancellationToken ct)
    {
        foreach (var member in await store.TemporaryOfUserAsync(user, ct))
            await removal.RemoveAsync(member.GuildId, user, [], ct);
    }
}

/// <summary>Carries the end of a membership out. A bot's own role goes with it.</summary>
public sealed class MemberRemoval(IMemberStore store, MemberAnnouncements announcements, GuildAnnouncements guildAnnouncements, BotRoles botRoles)
{
    /// <summary>False where there was no membership.</summary>
    public async Task<bool> RemoveAsync(GuildId guild, UserId user, IReadOnlyList<AuditLogEntry> audit, CancellationToken ct)
    {
        using (await announcements.EnterAsync(guild, user, ct))
        {
            var gone = await store.RemoveAsync(guild, [user], audit, ct);
            if (gone.Count == 0) return false;
            await announcements.LeftAsync(gone, CancellationToken.None);
        }

        await guildAnnouncements.AuditedAsync(audit, CancellationToken.None);
        await botRoles.RemoveAsync(guild, user, CancellationToken.None);
        return true;
    }
}

/// <summary>The roles that bots bring along.</summary>
public sealed class BotRoles(GuildDirectory guilds, GuildChanges changes)
{
    /// <summary>After a member has gone: removes the role that was its own. Costs a look at the snapshot for those who had none.</summary>
    public async Task RemoveAsync(GuildId guild, UserId user, CancellationToken ct)
    {
        if (await guilds.FindAsync(guild, ct) is { } known && Find(known, user) is not null)
            await changes.ApplyAsync(guild, snapshot => Find(snapshot, user) is { } role ? GuildRoles.Deletion(snapshot, role) : null, ct);
    }

    static Role? Find(GuildSnapshot guild, UserId bot) => guild.Roles.Values.FirstOrDefault(r => r.Managed && r.Tags?.BotId == bot);
}
