using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>What one member may do to another. Pure.</summary>
static class MemberRules
{
    /// <summary>The one flag that people may set: the member need not pass the guild's verification.</summary>
    const int BypassesVerification = 1 << 2;

    /// <summary>One acts only on who ranks below oneself; nobody acts on the owner.</summary>
    public static bool Outranks(GuildAccess access, MemberRecord target) => access.Guild.RankOf(target) < access.Rank;

    /// <summary>Why the form is refused, whatever the state of the member's roles; null where it is not.</summary>
    public static Error? Refusal(GuildAccess access, MemberRecord target, MemberForm form, DateTimeOffset now)
    {
        var errors = new FormErrors();
        errors.Length("nick", form.Nick.Or(null), 0, GuildLimits.MaxNick);
        errors.Require(form.CommunicationDisabledUntil.Or(null) is not { } end || end <= now.AddDays(GuildLimits.MaxTimeoutDays),
            "communication_disabled_until", "INVALID_COMMUNICATION_DISABLED_TIMESTAMP", "Timeouts cannot be longer than 28 days.");
        if (errors.Error is { } error) return error;
        if (form.ChannelId.Or(null) is not null) return ErrorCode.TargetNotInVoice;

        var isSelf = target.UserId == access.Principal.Id;
        var outranks = Outranks(access, target);
        if (form.Nick.HasValue && !(isSelf ? access.Has(Permissions.ChangeNickname) || access.Has(Permissions.ManageNicknames) : access.Has(Permissions.ManageNicknames) && outranks))
            return ErrorCode.MissingPermissions;
        if (form.Roles.HasValue && !access.Has(Permissions.ManageRoles)) return ErrorCode.MissingPermissions;
        if (form.Mute.HasValue && !(access.Has(Permissions.MuteMembers) && (isSelf || outranks))) return ErrorCode.MissingPermissions;
        if (form.Deaf.HasValue && !(access.Has(Permissions.DeafenMembers) && (isSelf || outranks))) return ErrorCode.MissingPermissions;
        if (form.CommunicationDisabledUntil.HasValue && !MayTimeOut(access, target, outranks)) return ErrorCode.MissingPermissions;
        return form.Flags.HasValue && !MaySetFlags(access, isSelf || outranks) ? ErrorCode.MissingPermissions : null;
    }

    public static Result<MemberRecord> Apply(GuildAccess access, MemberRecord member, MemberForm form)
    {
        var after = member with
        {
            Nick = form.Nick.HasValue ? NullIfEmpty(form.Nick.Value) : member.Nick,
            Mute = form.Mute.HasValue ? form.Mute.Value ?? false : member.Mute,
            Deaf = form.Deaf.HasValue ? form.Deaf.Value ?? false : member.Deaf,
            CommunicationDisabledUntil = form.CommunicationDisabledUntil.HasValue ? form.CommunicationDisabledUntil.Value?.ToUniversalTime() : member.CommunicationDisabledUntil,
            Flags = form.Flags.HasValue ? member.Flags & ~BypassesVerification | (form.Flags.Value ?? 0) & BypassesVerification : member.Flags,
        };
        return form.Roles.HasValue ? WithRoles(access, after, form.Roles.Value ?? []) : after;
    }

    /// <summary>The member with these roles. Each one given or taken must exist, be below one's own highest, and not be a bot's.</summary>
    public static Result<MemberRecord> WithRoles(GuildAccess access, MemberRecord member, IReadOnlyList<RoleId> wanted)
    {
        RoleId[] roles = [.. wanted.Where(r => r != access.Guild.Everyone.Id).Distinct().OrderBy(r => r.Value)];
        foreach (var id in roles.Except(member.Roles))
        {
            if (!access.Guild.Roles.TryGetValue(id, out var given)) return ErrorCode.UnknownRole;
            if (given.Managed || Rank.Of(given) >= access.Rank) return ErrorCode.MissingPermissions;
        }

        foreach (var id in member.Roles.Except(roles))
        {
            if (access.Guild.Roles.TryGetValue(id, out var taken) && (taken.Managed || Rank.Of(taken) >= access.Rank)) return ErrorCode.MissingPermissions;
        }

        return roles.AsSpan().SequenceEqual([.. member.Roles]) ? member : member with { Roles = roles };
    }

    static bool MayTimeOut(GuildAccess access, MemberRecord target, bool outranks) =>
        access.Has(Permissions.ModerateMembers) && outranks && !access.Guild.BaseOf(target.UserId, target.Roles).HasFlag(Permissions.Administrator);

    static bool MaySetFlags(GuildAccess access, bool reaches) => reaches
        && (access.Has(Permissions.ManageGuild) || access.Has(Permissions.ManageRoles) || access.Has(Permissions.ModerateMembers | Permissions.KickMembers | Permissions.BanMembers));

    static string? NullIfEmpty(string? nick) => nick is null || Names.Clean(nick) is not { Length: > 0 } clean ? null : clean;
}
