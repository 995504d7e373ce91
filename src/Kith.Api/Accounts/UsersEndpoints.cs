using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Protocol;

namespace Kith.Api.Accounts;

/// <summary>Users as seen by others and by themselves.</summary>
sealed class UsersEndpoints(Users users, ProfilePictures profiles) : IEndpoints
{
    public void Map(ApiRoutes routes)
    {
        routes.Get("/users/@me", r => Task.FromResult(Reply.Json(r.Principal.User.ToSelfWire())));
        routes.Patch("/users/@me", async r => Reply.From(await profiles.UpdateAsync(r.Principal, await r.BodyAsync<ProfileForm>(ApiRequest.PicturesBytes), r.Client(), r.Aborted)));
        routes.Get("/users/{user_id}", GetAsync);
    }

    async Task<Reply> GetAsync(ApiRequest r)
    {
        var user = await users.FindAsync(r.Id<UserId>("user_id"), r.Aborted);
        return user is null ? ErrorCode.UnknownUser : Reply.Json(user.ToWire());
    }
}
