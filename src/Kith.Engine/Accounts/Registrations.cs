using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Engine.Guilds.Invites;
using Kith.Protocol;

namespace Kith.Engine.Accounts;

/// <param name="Invite">A guild's invite, which is accepted as well, or an admin's registration code; needed where registration is by invitation.</param>
public sealed record RegistrationForm(string Username, string Password, string? Email, string? GlobalName, string? Invite);

/// <summary>Makes accounts of people who ask for one.</summary>
public sealed class Registrations(NewAccounts accounts, LoginSessions sessions, IInviteStore invites, Joining joining, AccountOptions options, TimeProvider clock)
{
    public async Task<Result<Login>> RegisterAsync(RegistrationForm form, ClientInfo client, CancellationToken ct)
    {
        if (options.Registration == RegistrationPolicy.Closed) return ErrorCode.RegistrationClosed;
        var isGuildInvite = form.Invite is { Length: > 0 } && await invites.FindAsync(form.Invite, clock.GetUtcNow(), ct) is not null;
        if (options.Registration == RegistrationPolicy.Invite && string.IsNullOrEmpty(form.Invite))
            return Error.Form("invite", "BASE_TYPE_REQUIRED", "This field is required");
        var code = options.Registration == RegistrationPolicy.Invite && !isGuildInvite ? form.Invite : null;
        if (!(await accounts.CreateAsync(form, code, ct)).Ok(out var user, out var refusal)) return refusal;
        var login = await sessions.OpenAsync(user.Id, client, CancellationToken.None);
        // The account stands whether or not the guild takes it: the invite may have been used up meanwhile.
        if (isGuildInvite) await joining.AcceptAsync(new Principal(user, default), form.Invite!, CancellationToken.None);
        return login;
    }
}
