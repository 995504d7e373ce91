namespace Kith.Client;

/// <summary>Registration and login; none of these needs a token.</summary>
public sealed class AccountCalls(RestClient rest)
{
    public Task<Login> RegisterAsync(string username, string password, CancellationToken ct, string? invite = null) =>
        rest.SendAsync<Login>(HttpMethod.Post, "/auth/register",
            invite is null ? new { username, password } : new { username, password, invite }, ct);

    /// <param name="login">User name or email.</param>
    /// <param name="password">Its password.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task<Login> LoginAsync(string login, string password, CancellationToken ct) =>
        rest.SendAsync<Login>(HttpMethod.Post, "/auth/login", new { login, password }, ct);

    /// <summary>The second step where the first answered <see cref="Login.Mfa"/>.</summary>
    /// <param name="ticket">From the first step.</param>
    /// <param name="code">Six digits of the authenticator, or a recovery code.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task<Login> LoginWithCodeAsync(string ticket, string code, CancellationToken ct) =>
        rest.SendAsync<Login>(HttpMethod.Post, "/auth/mfa/totp", new { ticket, code }, ct);

    /// <summary>Ends the token's login; its sockets are closed.</summary>
    public Task LogoutAsync(CancellationToken ct) => rest.SendAsync(HttpMethod.Post, "/auth/logout", new { }, ct);
}
