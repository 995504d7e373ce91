using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Accounts;

/// <summary>From where someone logs in; shown in the user's own list of logins.</summary>
public sealed record ClientInfo(string? Address, string? UserAgent);

/// <summary>A login that succeeded.</summary>
public sealed record Login(UserId UserId, string Token);

/// <summary>Logins of people.</summary>
public sealed class Logins(ICredentialStore credentials, IAuthSessionStore sessions, Tokens tokens, Passwords passwords, SnowflakeGenerator ids, TimeProvider clock)
{
    static readonly Error InvalidLogin = new(ErrorCode.InvalidFormBody,
    [
        new("login", "INVALID_LOGIN", "Login or password is invalid."),
        new("password", "INVALID_LOGIN", "Login or password is invalid."),
    ]);

    public async Task<Result<Login>> LoginAsync(string login, string password, ClientInfo client, CancellationToken ct)
    {
        var found = await credentials.FindByLoginAsync(login.Trim(), ct);
        if (!await passwords.MatchesAsync(found?.PasswordHash, password, ct)) return InvalidLogin;
        return await OpenAsync(found!.UserId, client, ct);
    }

    /// <summary>Starts a session for a user whose identity has been established.</summary>
    public async Task<Login> OpenAsync(UserId user, ClientInfo client, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var session = new AuthSessionRecord
        {
            Id = new AuthSessionId(ids.Next()), UserId = user, CreatedAt = now, LastUsedAt = now, Address = client.Address, UserAgent = client.UserAgent,
        };
        await sessions.AddAsync(session, ct);
        return new Login(user, tokens.Mint(user, session.Id));
    }
}
