using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Protocol;

namespace Kith.Api.Accounts;

/// <summary>Users as seen by others and by themselves.</summary>
sealed class UsersEndpoints(Users users) : IEndpoints
{
    public void Map(ApiRoutes routes)
    {
        routes.Get("/users/@me", GetSelf);
        routes.Get("/users/{user_id}", GetUser);
    }

    static Task<Reply> GetSelf(ApiRequest request) => Task.FromResult(Reply.Json(request.Principal.User.ToSelfWire()));

    async Task<Reply> GetUser(ApiRequest request)
    {
        var user = await users.FindAsync(request.Id<UserId>("user_id"), request.Aborted);
        return user is null ? ErrorCode.UnknownUser : Reply.Json(user.ToWire());
    }
}
