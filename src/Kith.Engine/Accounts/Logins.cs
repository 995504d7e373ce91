using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Accounts;

/// <summary>From where someone logs in; shown in the user's own list of logins.</summary>
public sealed record ClientInfo(string? Address, string? UserAgent);

/// <summary>How far a login has come: a token, or a ticket where a second factor is asked.</summary>
public sealed record Login(UserId UserId, string? Token, string? Ticket = null);

/// <summary>Logins of people. How long an answer takes and what it says does not tell whether the account exists.</summary>
public sealed class Logins(
    ICredentialStore credentials, LoginSessions sessions, Passwords passwords, SecondFactors factors, LoginTickets tickets, LoginAttempts attempts)
{
    static readonly Error InvalidLogin = new(ErrorCode.InvalidFormBody,
    [
        new("login", "INVALID_LOGIN", "Login or password is invalid."),
        new("password", "INVALID_LOGIN", "Login or password is invalid."),
    ]);

    /// <param name="login">User name or address.</param>
    public async Task<Result<Login>> LoginAsync(string login, string password, ClientInfo client, CancellationToken ct)
    {
        login = AccountRules.Fold(login);
        if (password.Length > AccountRules.MaxPassword || login.Length > AccountRules.MaxEmail) return InvalidLogin;
        var found = await credentials.FindByLoginAsync(login, ct);
        var account = found?.UserId.ToString() ?? login;
        if (await attempts.TakeAsync(account, client.Address, ct) is { } wait) return new Error(ErrorCode.RateLimited, RetryAfter: wait);
        if (!await passwords.MatchesAsync(found?.PasswordHash, password, ct))
        {
            await attempts.FailedAsync(client.Address, ct);
            return InvalidLogin;
        }

        await attempts.SucceededAsync(account, ct);
        if (await sessions.AreEndedForAsync(found!.UserId, ct)) return ErrorCode.AccountDisabled;
        if (found.TotpSecret is not null) return new Login(found.UserId, Token: null, tickets.Issue(found));
        return await sessions.OpenAsync(found, client, ct) is { } opened ? opened : InvalidLogin;
    }

    /// <summary>The second step, with six digits or a recovery code.</summary>
    public async Task<Result<Login>> ConfirmAsync(string ticket, string code, ClientInfo client, CancellationToken ct)
    {
        var invalid = Error.Form("ticket", "MFA_TICKET_INVALID", "This ticket is not valid, or no longer.");
        if (LoginTickets.ClaimedUser(ticket) is not { } user || await credentials.FindAsync(user, ct) is not { } found || !tickets.IsValid(ticket, found)) return invalid;
        if (await factors.RefuseAsync(found, code, client.Address, ct) is { } refusal) return refusal;
        if (await sessions.AreEndedForAsync(user, ct)) return ErrorCode.AccountDisabled;
        return await sessions.OpenAsync(found, client, ct) is { } opened ? opened : invalid;
    }
}
