using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>Who is in a guild, for its members. Always a page, never all.</summary>
public sealed class Roster(Access access, IMemberStore store, Users users)
{
    const int MaxQuery = 100;

    /// <summary>Ascending by user id.</summary>
    public async Task<Result<Member[]>> ListAsync(Principal principal, GuildId guild, UserId after, int limit, CancellationToken ct)
    {
        if ((await access.GuildAsync(principal, guild, ct)).Error is { } error) return error;
        return await WireAsync(await store.ListAsync(guild, after, limit, ct), ct);
    }

    public async Task<Result<Member[]>> SearchAsync(Principal principal, GuildId guild, string query, int limit, CancellationToken ct)
    {
        var errors = new FormErrors();
        errors.Length("query", query, 1, MaxQuery);
        if (errors.Error is { } wrong) return wrong;
        if ((await access.GuildAsync(principal, guild, ct)).Error is { } error) return error;
        return await WireAsync(await store.SearchAsync(guild, query, limit, ct), ct);
    }

    public async Task<Result<Member>> FindAsync(Principal principal, GuildId guild, UserId user, CancellationToken ct)
    {
        if ((await access.GuildAsync(principal, guild, ct)).Error is { } error) return error;
        return await store.FindAsync(guild, user, ct) is { } member ? await WireAsync(member, ct) : ErrorCode.UnknownMember;
    }

    /// <summary>Members of every role but @everyone, those that nobody has included.</summary>
    public async Task<Result<Dictionary<RoleId, int>>> CountByRoleAsync(Principal principal, GuildId id, CancellationToken ct)
    {
        if (!(await access.GuildAsync(principal, id, ct)).Ok(out var guild, out var error)) return error;
        var counts = await store.CountByRoleAsync(id, ct);
        return guild.Guild.RolesInOrder.Where(role => role.Id != guild.Guild.Everyone.Id).ToDictionary(role => role.Id, role => counts.GetValueOrDefault(role.Id));
    }

    public async ValueTask<Member> WireAsync(MemberRecord member, CancellationToken ct) => member.ToWire(await users.WireAsync(member.UserId, ct));

    async Task<Member[]> WireAsync(IReadOnlyList<MemberRecord> members, CancellationToken ct)
    {
        var found = await users.WireManyAsync([.. members.Select(m => m.UserId)], ct);
        return [.. members.Select((m, i) => m.ToWire(found[i]))];
    }
}

/// <summary>The guilds of a user, as the user lists them.</summary>
public sealed class MyGuilds(IMemberStore members, GuildDirectory guilds, GuildCounts counts, TimeProvider clock)
{
    /// <summary>Ascending by id: those after one, or the last ones before one.</summary>
    public async Task<IReadOnlyList<MyGuild>> ListAsync(Principal principal, GuildId? before, GuildId? after, int limit, bool withCounts, CancellationToken ct)
    {
        var joined = (await members.OfUserAsync(principal.Id, ct))
            .Where(m => (before is null || m.GuildId.Value < before.Value.Value) && (after is null || m.GuildId.Value > after.Value.Value));
        List<MyGuild> found = [];
        foreach (var member in before is null ? joined.Take(limit) : joined.TakeLast(limit))
        {
            if (await guilds.FindAsync(member.GuildId, ct) is { } guild) found.Add(await OfAsync(guild, member, withCounts, ct));
        }

        return found;
    }

    async Task<MyGuild> OfAsync(GuildSnapshot guild, MemberRecord member, bool withCounts, CancellationToken ct) => new()
    {
        Id = guild.Id, Name = guild.Guild.Name, Icon = guild.Guild.Icon, Banner = guild.Guild.Settings.Banner, Owner = guild.Guild.OwnerId == member.UserId,
        Permissions = guild.PermissionsOf(member, clock.GetUtcNow()), Features = guild.Guild.Settings.Features,
        ApproximateMemberCount = withCounts ? await counts.MembersAsync(guild.Id, ct) : null,
        ApproximatePresenceCount = withCounts ? await counts.OnlineAsync(guild.Id, ct) : null,
    };
}
