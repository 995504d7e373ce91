using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Accounts;
using Kith.Engine.People;
using Kith.Protocol;

namespace Kith.Api.People;

/// <summary>/users/@me/relationships.</summary>
sealed class RelationshipEndpoints(Relationships relationships, IUserStore users) : IEndpoints
{
    public void Map(ApiRoutes routes)
    {
        routes.Get("/users/@me/relationships", ListAsync);
        routes.Post("/users/@me/relationships", AskAsync);
        routes.Put("/users/@me/relationships/{user_id}", PutAsync);
        routes.Patch("/users/@me/relationships/{user_id}", RenameAsync);
        routes.Delete("/users/@me/relationships/{user_id}", EndAsync);
    }

    async Task<Reply> ListAsync(ApiRequest r) => Reply.Json(await relationships.OfAsync(r.Principal.Id, r.Aborted));

    /// <summary>A friend request by name.</summary>
    async Task<Reply> AskAsync(ApiRequest r)
    {
        var body = await r.BodyAsync<AskBody>();
        if (string.IsNullOrWhiteSpace(body.Username)) return Error.Form("username", "BASE_TYPE_REQUIRED", "This field is required");
        if (await users.FindByNameAsync(AccountRules.Fold(body.Username), r.Aborted) is not { } target) return ErrorCode.NoUsersWithTag;
        return Reply.From(await relationships.BefriendAsync(r.Principal, target.Id, r.Aborted));
    }

    async Task<Reply> PutAsync(ApiRequest r)
    {
        var other = r.Id<UserId>("user_id");
        var body = await r.BodyAsync<PutBody>();
        return body.Type switch
        {
            null or RelationshipType.Friend => Reply.From(await relationships.BefriendAsync(r.Principal, other, r.Aborted)),
            RelationshipType.Blocked => Reply.From(await relationships.BlockAsync(r.Principal, other, r.Aborted)),
            _ => Error.Form("type", "BASE_TYPE_CHOICES", "Value must be one of (1, 2)."),
        };
    }

    async Task<Reply> RenameAsync(ApiRequest r)
    {
        var body = await r.BodyAsync<RenameBody>();
        return Reply.From(await relationships.RenameAsync(r.Principal, r.Id<UserId>("user_id"), body.Nickname, r.Aborted));
    }

    async Task<Reply> EndAsync(ApiRequest r) => Reply.From(await relationships.EndAsync(r.Principal, r.Id<UserId>("user_id"), r.Aborted));

    sealed record AskBody(string? Username = null);

    sealed record PutBody(RelationshipType? Type = null);

    sealed record RenameBody(string? Nickname = null);
}
