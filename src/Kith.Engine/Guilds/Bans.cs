using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Messages;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>Body of PUT /guilds/{id}/bans/{user} and, with users, of POST /guilds/{id}/bulk-ban.</summary>
public sealed record BanForm
{
    public IReadOnlyList<UserId>? UserIds { get; init; }

    /// <summary>How far back the user's messages are deleted.</summary>
    public int? DeleteMessageSeconds { get; init; }

    /// <summary>The older form of the same, in days.</summary>
    public int? DeleteMessageDays { get; init; }
}

public sealed record BulkBan(IReadOnlyList<UserId> BannedUsers, IReadOnlyList<UserId> FailedUsers);

/// <summary>Banning and unbanning. A ban may come before its user ever joined.</summary>
public sealed class Bans(Access access, GuildDirectory guilds, Users users, IBanStore store, BanEffects effects, AuditLog audit)
{
    const int SecondsPerDay = 86_400;

    public async Task<Result<Done>> BanAsync(Actor actor, GuildId guild, UserId user, BanForm form, CancellationToken ct)
    {
        if (!(await access.GuildAsync(actor.Principal, guild, ct, Permissions.BanMembers)).Ok(out var allowed, out var error)) return error;
        if (Check(form) is { } wrong) return wrong;
        if (await users.FindAsync(user, ct) is null) return ErrorCode.UnknownUser;
        return await TryBanAsync(actor, allowed, user, SecondsOf(form), ct) ? Done.Instance : ErrorCode.MissingPermissions;
    }

    /// <summary>As many as may be banned; an error where that is none.</summary>
    public async Task<Result<BulkBan>> BulkBanAsync(Actor actor, GuildId guild, BanForm form, CancellationToken ct)
    {
        if (!(await access.GuildAsync(actor.Principal, guild, ct, Permissions.BanMembers | Permissions.ManageGuild)).Ok(out var allowed, out var error)) return error;
        if (Check(form) is { } wrong) return wrong;
        if (form.UserIds is not { Count: > 0 and <= GuildLimits.MaxBulkBan } ids)
            return Error.Form("user_ids", "BASE_TYPE_BAD_LENGTH", $"Must be between 1 and {GuildLimits.MaxBulkBan} in length.");
        List<UserId> banned = [], failed = [];
        foreach (var user in ids.Distinct())
        {
            var known = await users.FindAsync(user, ct) is not null;
            (known && await TryBanAsync(actor, allowed, user, SecondsOf(form), ct) ? banned : failed).Add(user);
        }

        return banned.Count == 0 ? ErrorCode.FailedToBanUsers : new BulkBan(banned, failed);
    }

    public async Task<Result<Done>> UnbanAsync(Actor actor, GuildId guild, UserId user, CancellationToken ct)
    {
        if ((await access.GuildAsync(actor.Principal, guild, ct, Permissions.BanMembers)).Error is { } error) return error;
        var entry = audit.Entry(guild, actor, AuditLogAction.MemberBanRemove, user.Value);
        return await effects.UnbanAsync(guild, user, entry, ct) ? Done.Instance : ErrorCode.UnknownBan;
    }

    public async Task<Result<BanRecord>> FindAsync(Principal principal, GuildId guild, UserId user, CancellationToken ct)
    {
        if ((await access.GuildAsync(principal, guild, ct, Permissions.BanMembers)).Error is { } error) return error;
        return await store.FindAsync(guild, user, ct) is { } ban ? ban : ErrorCode.UnknownBan;
    }

    public async Task<Result<BanRecord[]>> ListAsync(Principal principal, GuildId guild, UserId? before, UserId? after, int limit, CancellationToken ct)
    {
        if ((await access.GuildAsync(principal, guild, ct, Permissions.BanMembers)).Error is { } error) return error;
        return (BanRecord[])[.. await store.ListAsync(guild, before, after, limit, ct)];
    }

    /// <summary>False where the user may not be banned by who asks. Banning again changes nothing.</summary>
    async Task<bool> TryBanAsync(Actor actor, GuildAccess allowed, UserId user, int seconds, CancellationToken ct)
    {
        if (user == allowed.Guild.Guild.OwnerId || user == actor.Id) return false;
        if (await guilds.MemberAsync(allowed.Id, user, ct) is { } member && !MemberRules.Outranks(allowed, member)) return false;
        await effects.BanAsync(allowed, new BanRecord(user, actor.Reason), audit.Entry(allowed.Id, actor, AuditLogAction.MemberBanAdd, user.Value), seconds, ct);
        return true;
    }

    static int SecondsOf(BanForm form) => form.DeleteMessageSeconds ?? (form.DeleteMessageDays ?? 0) * SecondsPerDay;

    static Error? Check(BanForm form)
    {
        var errors = new FormErrors();
        errors.Range("delete_message_seconds", form.DeleteMessageSeconds, 0, GuildLimits.MaxDeleteMessageSeconds);
        errors.Range("delete_message_days", form.DeleteMessageDays, 0, GuildLimits.MaxDeleteMessageSeconds / SecondsPerDay);
        return errors.Error;
    }
}

/// <summary>Carries bans out: the commit, what it ends, and what is told of it.</summary>
public sealed class BanEffects(
    IBanStore store, MemberAnnouncements announcements, GuildAnnouncements guildAnnouncements, BotRoles botRoles, ChannelTails tails, MessageDeletion deletion)
{
    public async Task BanAsync(GuildAccess by, BanRecord ban, AuditLogEntry entry, int deleteSeconds, CancellationToken ct)
    {
        using (await announcements.EnterAsync(by.Id, ban.UserId, ct))
        {
            var outcome = await store.AddAsync(by.Id, ban, [entry], ct);
            if (outcome.Removed is { } member) await announcements.LeftAsync([member], CancellationToken.None);
            if (outcome.IsNew)
            {
                await announcements.BannedAsync(by.Id, ban.UserId, banned: true, CancellationToken.None);
                await guildAnnouncements.AuditedAsync([entry], CancellationToken.None);
            }
        }

        await botRoles.RemoveAsync(by.Id, ban.UserId, CancellationToken.None);
        if (deleteSeconds > 0) await DeleteMessagesAsync(by, ban.UserId, Snowflake.TimestampOf(entry.Id.Value).AddSeconds(-deleteSeconds), CancellationToken.None);
    }

    public async Task<bool> UnbanAsync(GuildId guild, UserId user, AuditLogEntry entry, CancellationToken ct)
    {
        using var held = await announcements.EnterAsync(guild, user, ct);
        if (!await store.RemoveAsync(guild, user, [entry], ct)) return false;
        await announcements.BannedAsync(guild, user, banned: false, CancellationToken.None);
        await guildAnnouncements.AuditedAsync([entry], CancellationToken.None);
        return true;
    }

    /// <summary>In the channels in which anyone has written since.</summary>
    async Task DeleteMessagesAsync(GuildAccess by, UserId author, DateTimeOffset since, CancellationToken ct)
    {
        ChannelId[] ids = [.. by.Guild.Channels.Values.Where(c => c.IsText).Select(c => c.Id)];
        foreach (var (channel, newest) in await tails.FindManyAsync(ids, ct))
        {
            if (newest.Value < Snowflake.AtTime(since)) continue;
            var access = new ChannelAccess(by.Principal, by.Guild.Channels[channel], by.Guild, by.Member, Permissions.All);
            await deletion.DeleteOfAuthorAsync(access, author, since, ct);
        }
    }
}
