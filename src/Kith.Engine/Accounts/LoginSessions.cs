using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Accounts;

/// <summary>A login as its user sees it.</summary>
public sealed record LoginSession(AuthSessionRecord Record, DateTimeOffset LastUsedAt, bool Current);

/// <summary>Sessions of logins: opening them, listing them, ending them.</summary>
public sealed class LoginSessions(IAuthSessionStore store, Users users, Tokens tokens, SnowflakeGenerator ids, TimeProvider clock)
{
    /// <summary>For someone whose identity has been established otherwise than by password.</summary>
    public async Task<Login> OpenAsync(UserId user, ClientInfo client, CancellationToken ct) => (await OpenManyAsync([user], client, ct))[0];

    /// <summary>Null where the password was changed since <paramref name="verified"/> was read.</summary>
    public async Task<Login?> OpenAsync(CredentialsRecord verified, ClientInfo client, CancellationToken ct)
    {
        var session = New(verified.UserId, client);
        return await store.AddAsync(session, verified.PasswordHash!, ct) ? ToLogin(session) : null;
    }

    /// <summary>Whether an admin has switched the account off.</summary>
    public async ValueTask<bool> AreEndedForAsync(UserId user, CancellationToken ct) => (await users.FindAsync(user, ct))?.Disabled == true;

    /// <summary>One for each, in one transaction.</summary>
    public async Task<IReadOnlyList<Login>> OpenManyAsync(IReadOnlyCollection<UserId> users, ClientInfo client, CancellationToken ct)
    {
        var opened = users.Select(user => New(user, client)).ToArray();
        await store.AddAsync(opened, ct);
        return [.. opened.Select(ToLogin)];
    }

    /// <summary>Ends all logins of a user and opens one; returns its token.</summary>
    public async Task<string> ReplaceAllAsync(UserId user, ClientInfo client, CancellationToken ct)
    {
        var session = New(user, client);
        await store.AddAsync([session], ct);
        await tokens.RevokeOthersAsync(user, keep: session.Id, ct);
        return tokens.Mint(user, session.Id);
    }

    /// <summary>A session that is still to be stored, and its token.</summary>
    public (AuthSessionRecord Session, string Token) Prepare(UserId user)
    {
        var session = New(user, new ClientInfo(null, null));
        return (session, tokens.Mint(user, session.Id));
    }

    /// <summary>The one that asks first, then the newest first.</summary>
    public async Task<Result<LoginSession[]>> OfAsync(Principal me, CancellationToken ct)
    {
        if (me.User.Bot) return ErrorCode.BotsCannotUse;
        var all = await store.OfUserAsync(me.Id, ct);
        return all.Select(s => new LoginSession(s, tokens.LastUseOf(s), s.Id == me.Session)).OrderByDescending(s => s.Current).ToArray();
    }

    /// <summary>Ends logins of one's own; those of others, or none, are passed over.</summary>
    public async Task<Result<Done>> EndAsync(Principal me, IReadOnlyCollection<AuthSessionId> sessions, CancellationToken ct)
    {
        // A bot that ended its one token could not come back.
        if (me.User.Bot) return ErrorCode.BotsCannotUse;
        await tokens.RevokeAsync(me.Id, sessions, ct);
        return Done.Instance;
    }

    Login ToLogin(AuthSessionRecord session) => new(session.UserId, tokens.Mint(session.UserId, session.Id));

    AuthSessionRecord New(UserId user, ClientInfo client)
    {
        var now = clock.GetUtcNow();
        return new AuthSessionRecord
        {
            Id = new AuthSessionId(ids.Next()), UserId = user, CreatedAt = now, LastUsedAt = now, Address = client.Address, UserAgent = client.UserAgent,
        };
    }
}
