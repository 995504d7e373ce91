using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Accounts;

namespace Kith.Api.Accounts;

/// <summary>Registration, login, and the list of logins.</summary>
sealed class AuthEndpoints(Registrations registrations, Logins logins, LoginSessions sessions) : IEndpoints
{
    public void Map(ApiRoutes routes)
    {
        routes.Post("/auth/register", RegisterAsync, RouteTraits.Anonymous);
        routes.Post("/auth/login", LogInAsync, RouteTraits.Anonymous);
        routes.Post("/auth/mfa/totp", ConfirmAsync, RouteTraits.Anonymous);
        routes.Post("/auth/logout", async r => Reply.From(await sessions.EndAsync(r.Principal, [r.Principal.Session], r.Aborted)));
        routes.Get("/auth/sessions", ListAsync);
        routes.Post("/auth/sessions/logout", EndAsync);
    }

    async Task<Reply> RegisterAsync(ApiRequest r)
    {
        var body = await r.BodyAsync<RegisterBody>();
        var form = new RegistrationForm(body.Username ?? "", body.Password ?? "", body.Email, body.GlobalName, body.Invite);
        return Answer(await registrations.RegisterAsync(form, r.Client(), r.Aborted), status: 201);
    }

    async Task<Reply> LogInAsync(ApiRequest r)
    {
        var body = await r.BodyAsync<LoginBody>();
        return Answer(await logins.LoginAsync(body.Login ?? "", body.Password ?? "", r.Client(), r.Aborted));
    }

    async Task<Reply> ConfirmAsync(ApiRequest r)
    {
        var body = await r.BodyAsync<TicketBody>();
        return Answer(await logins.ConfirmAsync(body.Ticket ?? "", body.Code ?? "", r.Client(), r.Aborted));
    }

    async Task<Reply> ListAsync(ApiRequest r)
    {
        var result = await sessions.OfAsync(r.Principal, r.Aborted);
        return result.Ok(out var all, out var error) ? Reply.Json(new SessionsReply([.. all.Select(SessionReply.Of)])) : error;
    }

    async Task<Reply> EndAsync(ApiRequest r)
    {
        var body = await r.BodyAsync<EndBody>();
        if (body.SessionIds is not { Count: <= 1_000 } ids) return Error.Form("session_ids", "BASE_TYPE_BAD_LENGTH", "Must be between 0 and 1000 in length.");
        return Reply.From(await sessions.EndAsync(r.Principal, ids, r.Aborted));
    }

    static Reply Answer(Result<Login> result, int status = 200)
    {
        if (!result.Ok(out var login, out var error)) return error;
        return login.Ticket is { } ticket ? Reply.Json(new TicketReply(Mfa: true, ticket, Token: null)) : Reply.Json(new TokenReply(login.Token!, login.UserId), status);
    }

    sealed record RegisterBody(string? Username = null, string? Password = null, string? Email = null, string? GlobalName = null, string? Invite = null);

    sealed record LoginBody(string? Login = null, string? Password = null);

    sealed record TicketBody(string? Ticket = null, string? Code = null);

    sealed record EndBody(IReadOnlyList<AuthSessionId>? SessionIds = null);

    sealed record TokenReply(string Token, UserId UserId);

    sealed record TicketReply(bool Mfa, string Ticket, string? Token);

    sealed record SessionsReply(IReadOnlyList<SessionReply> UserSessions);

    sealed record SessionReply(AuthSessionId Id, DateTimeOffset CreatedAt, DateTimeOffset ApproxLastUsedTime, ClientReply ClientInfo, bool Current)
    {
        public static SessionReply Of(LoginSession s)
        {
            var (os, platform) = UserAgents.Describe(s.Record.UserAgent);
            return new SessionReply(s.Record.Id, s.Record.CreatedAt, s.LastUsedAt, new ClientReply(os, platform, s.Record.Address), s.Current);
        }
    }

    sealed record ClientReply(string? Os, string? Platform, string? Location);
}
