using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine.Bots;

namespace Kith.Api.Bots;

/// <summary>Applications and the tokens of their bots.</summary>
sealed class ApplicationEndpoints(Applications applications) : IEndpoints
{
    public void Map(ApiRoutes routes)
    {
        routes.Post("/applications", CreateAsync);
        routes.Get("/applications", async r => Reply.From(await applications.OfAsync(r.Principal, r.Aborted)));
        routes.Get("/applications/@me", OfBotAsync);
        routes.Get("/oauth2/applications/@me", OfBotAsync);
        routes.Post("/applications/{application_id}/bot/reset", ResetAsync);
    }

    async Task<Reply> CreateAsync(ApiRequest r)
    {
        var body = await r.BodyAsync<ApplicationBody>();
        return Reply.From(await applications.CreateAsync(r.Principal, body.Name, body.Description, r.Aborted));
    }

    async Task<Reply> OfBotAsync(ApiRequest r) => Reply.From(await applications.OfBotAsync(r.Principal, r.Aborted));

    async Task<Reply> ResetAsync(ApiRequest r)
    {
        var result = await applications.ResetTokenAsync(r.Principal, r.Id<AppId>("application_id"), r.Aborted);
        return result.Ok(out var token, out var error) ? Reply.Json(new TokenReply(token)) : error;
    }

    sealed record ApplicationBody(string? Name = null, string? Description = null);

    sealed record TokenReply(string Token);
}
