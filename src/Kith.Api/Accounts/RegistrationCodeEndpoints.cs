using Kith.Api.Http;
using Kith.Engine.Accounts;

namespace Kith.Api.Accounts;

/// <summary>/instance/registration-codes, for admins.</summary>
sealed class RegistrationCodeEndpoints(RegistrationCodes codes) : IEndpoints
{
    public void Map(ApiRoutes routes)
    {
        routes.Get("/instance/registration-codes", async r => Reply.From(await codes.ListAsync(r.Principal, r.Aborted)));
        routes.Post("/instance/registration-codes", CreateAsync);
        routes.Delete("/instance/registration-codes/{code}", async r => Reply.From(await codes.RemoveAsync(r.Principal, r.Route("code"), r.Aborted)));
    }

    async Task<Reply> CreateAsync(ApiRequest r)
    {
        var body = await r.BodyAsync<CodeBody>();
        return Reply.From(await codes.CreateAsync(r.Principal, body.MaxUses, body.MaxAge, r.Aborted), status: 201);
    }

    sealed record CodeBody(int MaxUses = 1, int MaxAge = 0);
}
