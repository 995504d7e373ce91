using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>Body of PUT /guilds/{id}/bots/{bot}.</summary>
public sealed record BotForm
{
    /// <summary>What the bot's own role gives; none: the bot gets no role.</summary>
    public Permissions? Permissions { get; init; }
}

/// <summary>Adds bots, each with a role of its own that nobody else can be given and that goes with the bot.</summary>
public sealed class BotAdmission(GuildChanges changes, Users users, MemberAnnouncements announcements, AuditLog audit, SnowflakeGenerator ids, TimeProvider clock)
{
    public async Task<Result<Done>> AddAsync(Actor actor, GuildId guild, UserId id, BotForm form, CancellationToken ct)
    {
        if (await users.FindAsync(id, ct) is not { Bot: true } bot) return ErrorCode.UnknownUser;
        using var held = await announcements.EnterAsync(guild, id, ct);
        var added = await changes.ApplyAsync(actor.Principal, guild, Permissions.ManageGuild, access => Plan(access, actor, bot, form.Permissions ?? Permissions.None), ct);
        if (!added.Ok(out var member, out var error)) return error;
        await announcements.JoinedAsync(bot, member, CancellationToken.None);
        return Done.Instance;
    }

    Result<GuildPlan<MemberRecord>> Plan(GuildAccess access, Actor actor, UserRecord bot, Permissions permissions)
    {
        if (!access.Has(permissions)) return ErrorCode.MissingPermissions;
        var member = new MemberRecord { GuildId = access.Id, UserId = bot.Id, JoinedAt = clock.GetUtcNow() };
        List<Role> roles = [];
        if (permissions != Permissions.None)
        {
            if (access.Guild.Roles.Count >= GuildLimits.Roles) return ErrorCode.MaxRoles;
            roles.Add(new Role
            {
                Id = new RoleId(ids.Next()), Name = bot.GlobalName ?? bot.Username, Permissions = permissions, Position = 1, Managed = true, Tags = new RoleTags(bot.Id),
            });
            member = member with { Roles = [roles[0].Id] };
        }

        return new GuildPlan<MemberRecord>(new GuildChange(access.Guild)
        {
            Roles = roles, NewMember = member, Audit = [audit.Entry(access.Id, actor, AuditLogAction.BotAdd, bot.Id.Value)],
        }, member);
    }
}
