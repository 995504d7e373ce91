using Kith.Api.Http;
using Kith.Engine.Accounts;
using Kith.Protocol;
using Microsoft.Net.Http.Headers;

namespace Kith.Api.Accounts;

/// <summary>Registration and login.</summary>
sealed class AuthEndpoints(Registrations registrations, Logins logins) : IEndpoints
{
    public void Map(ApiRoutes routes)
    {
        routes.Post("/auth/register", Register, RouteTraits.Anonymous);
        routes.Post("/auth/login", LogIn, RouteTraits.Anonymous);
    }

    async Task<Reply> Register(ApiRequest request)
    {
        var body = await request.BodyAsync<RegisterBody>();
        var form = new RegistrationForm(body.Username ?? "", body.Password ?? "", body.Email, body.GlobalName, body.Invite);
        var result = await registrations.RegisterAsync(form, ClientOf(request), request.Aborted);
        return result.Ok(out var login, out var error) ? Reply.Json(new TokenReply(login.Token, login.UserId), status: 201) : error;
    }

    async Task<Reply> LogIn(ApiRequest request)
    {
        var body = await request.BodyAsync<LoginBody>();
        var result = await logins.LoginAsync(body.Login ?? "", body.Password ?? "", ClientOf(request), request.Aborted);
        return result.Ok(out var login, out var error) ? Reply.Json(new TokenReply(login.Token, login.UserId)) : error;
    }

    static ClientInfo ClientOf(ApiRequest request)
    {
        var agent = request.Http.Request.Headers[HeaderNames.UserAgent].ToString();
        return new ClientInfo(request.Http.Connection.RemoteIpAddress?.ToString(), agent.Length > 256 ? agent[..256] : agent);
    }

    sealed record RegisterBody(string? Username = null, string? Password = null, string? Email = null, string? GlobalName = null, string? Invite = null);

    sealed record LoginBody(string? Login = null, string? Password = null);

    sealed record TokenReply(string Token, Domain.UserId UserId);
}
