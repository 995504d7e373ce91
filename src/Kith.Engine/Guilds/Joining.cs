using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Guilds.Invites;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>How users become members. The decision is the store's, inside one transaction.</summary>
public sealed class Joining(IInviteStore invites, InviteWire wire, MemberAnnouncements announcements, TimeProvider clock)
{
    /// <summary>Accepts an invite. Who is a member already gets the invite as well, and uses nothing of it.</summary>
    public async Task<Result<Invite>> AcceptAsync(Principal principal, string code, CancellationToken ct)
    {
        if (principal.User.Bot) return ErrorCode.BotsCannotUse;
        var now = clock.GetUtcNow();
        if (await invites.FindAsync(code, now, ct) is not { } invite || await wire.OfAsync(invite, ct) is not { } answer) return ErrorCode.UnknownInvite;
        if (answer.Guild.Features.Contains("INVITES_DISABLED")) return ErrorCode.FeatureDisabled;
        var member = new MemberRecord { GuildId = invite.GuildId, UserId = principal.Id, JoinedAt = now, Temporary = invite.Temporary };
        using var held = await announcements.EnterAsync(invite.GuildId, principal.Id, ct);
        switch (await invites.AcceptAsync(code, member, GuildLimits.GuildsPerUser, now, ct))
        {
            case Admission.Added:
                await announcements.JoinedAsync(principal.User, member, CancellationToken.None);
                return answer with { NewMember = true };
            case Admission.AlreadyMember:
                return answer with { NewMember = false };
            case Admission.Banned:
                return ErrorCode.UserBanned;
            case Admission.TooManyGuilds:
                return ErrorCode.MaxGuilds;
            default:
                return ErrorCode.UnknownInvite;
        }
    }
}
