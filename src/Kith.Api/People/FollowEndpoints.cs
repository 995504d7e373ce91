using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine.People;

namespace Kith.Api.People;

/// <summary>Following and followers.</summary>
sealed class FollowEndpoints(Follows follows) : IEndpoints
{
    const int DefaultPage = 100, MaxPage = 1000;

    public void Map(ApiRoutes routes)
    {
        routes.Get("/users/@me/following", async r =>
            Reply.Json(await follows.FollowedByAsync(r.Principal, After(r), Limit(r), r.Aborted)));
        routes.Put("/users/@me/following/{user_id}", async r => Reply.From(await follows.FollowAsync(r.Principal, r.Id<UserId>("user_id"), r.Aborted)));
        routes.Delete("/users/@me/following/{user_id}", async r => Reply.From(await follows.UnfollowAsync(r.Principal, r.Id<UserId>("user_id"), r.Aborted)));
        routes.Get("/users/{user_id}/followers", async r =>
            Reply.From(await follows.FollowersAsync(r.Id<UserId>("user_id"), After(r), Limit(r), r.Aborted)));
    }

    static UserId After(ApiRequest r) => r.QueryId<UserId>("after") ?? default;

    static int Limit(ApiRequest r) => r.QueryInt("limit", DefaultPage, 1, MaxPage);
}
