using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Presence;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>Whom a prune is to remove.</summary>
/// <param name="Days">Neither seen nor joined within so many.</param>
/// <param name="IncludeRoles">Members with roles are spared, save those who have none but these.</param>
public sealed record PruneForm(int Days, IReadOnlyList<RoleId> IncludeRoles)
{
    public const int MinDays = 1, MaxDays = 30, DefaultDays = 7, MaxRoles = 100;
}

/// <summary>Removes members who have not been there for long. Reads the guild page by page.</summary>
public sealed class Pruning(Access access, InactiveMembers inactive, MemberRemoval removal, AuditLog audit, AuditTrail trail)
{
    /// <summary>Removals under way at once: they share commits.</summary>
    const int Parallel = 32;

    public async Task<Result<int>> CountAsync(Principal principal, GuildId guild, PruneForm form, CancellationToken ct)
    {
        if (!(await AllowAsync(principal, guild, form, ct)).Ok(out var allowed, out var error)) return error;
        var count = 0;
        await foreach (var _ in inactive.OfAsync(allowed.Guild, form, ct))
            count++;
        return count;
    }

    /// <summary>How many were removed.</summary>
    public async Task<Result<int>> PruneAsync(Actor actor, GuildId guild, PruneForm form, CancellationToken ct)
    {
        if (!(await AllowAsync(actor.Principal, guild, form, ct)).Ok(out var allowed, out var error)) return error;
        var removed = 0;
        await System.Threading.Tasks.Parallel.ForEachAsync(
            inactive.OfAsync(allowed.Guild, form, ct).Where(user => user != actor.Id), new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = ct },
            async (user, each) =>
            {
                if (await removal.RemoveAsync(guild, user, [], each)) Interlocked.Increment(ref removed);
            });
        var options = new Dictionary<string, string>(StringComparer.Ordinal) { ["delete_member_days"] = form.Days.ToString(), ["members_removed"] = removed.ToString() };
        await trail.RecordAsync(audit.Entry(guild, actor, AuditLogAction.MemberPrune, target: null, options: options), CancellationToken.None);
        return removed;
    }

    async Task<Result<GuildAccess>> AllowAsync(Principal principal, GuildId guild, PruneForm form, CancellationToken ct)
    {
        var errors = new FormErrors();
        errors.Range("days", form.Days, PruneForm.MinDays, PruneForm.MaxDays);
        errors.Require(form.IncludeRoles.Count <= PruneForm.MaxRoles, "include_roles", "BASE_TYPE_MAX_LENGTH", $"Must be {PruneForm.MaxRoles} or fewer in length.");
        if (errors.Error is { } wrong) return wrong;
        if (!(await access.GuildAsync(principal, guild, ct, Permissions.ManageGuild | Permissions.KickMembers)).Ok(out var allowed, out var error)) return error;
        foreach (var id in form.IncludeRoles)
        {
            if (!allowed.Guild.Roles.TryGetValue(id, out var role)) return ErrorCode.UnknownRole;
            if (Rank.Of(role) >= allowed.Rank) return ErrorCode.MissingPermissions;
        }

        return allowed;
    }
}

/// <summary>Finds members who have not been there for long.</summary>
public sealed class InactiveMembers(IMemberStore members, ILastSeenStore lastSeen, IPresenceDirectory presences, TimeProvider clock)
{
    public async IAsyncEnumerable<UserId> OfAsync(GuildSnapshot guild, PruneForm form, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var since = clock.GetUtcNow().AddDays(-form.Days);
        var after = default(UserId);
        while (await members.ListAsync(guild.Id, after, GuildLimits.MaxPage, ct) is { Count: > 0 } page)
        {
            after = page[^1].UserId;
            UserId[] candidates =
            [
                .. page.Where(m => m.JoinedAt < since && m.UserId != guild.Guild.OwnerId && m.Roles.All(form.IncludeRoles.Contains)).Select(m => m.UserId),
            ];
            if (candidates.Length == 0) continue;
            var seen = await lastSeen.FindManyAsync(candidates, ct);
            var connected = await presences.ConnectedAsync(candidates, ct);
            foreach (var user in candidates.Where(u => !connected.Contains(u) && !(seen.TryGetValue(u, out var at) && at >= since)))
                yield return user;
        }
    }
}
