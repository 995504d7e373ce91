using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Admin;

namespace Kith.Api.Admin;

/// <summary>/admin, for admins of the instance.</summary>
sealed class AdminEndpoints(InstanceStatistics statistics, Administration administration) : IEndpoints
{
    const int MaxPage = 200;

    public void Map(ApiRoutes routes)
    {
        routes.Get("/admin/stats", async r => Reply.From(await statistics.OfAsync(r.Principal, r.Aborted)));
        routes.Get("/admin/users", async r => Reply.From(await administration.UsersAsync(
            r.Principal, r.Query("query") ?? "", r.QueryId<UserId>("before"), r.QueryInt("limit", 100, 1, MaxPage), r.Aborted)));
        routes.Patch("/admin/users/{user_id}", UpdateUserAsync);
        routes.Get("/admin/guilds", async r => Reply.From(await administration.GuildsAsync(r.Principal, r.QueryInt("limit", 100, 1, MaxPage), r.Aborted)));
        routes.Delete("/admin/guilds/{guild_id}", async r => Reply.From(await administration.DeleteGuildAsync(r.Principal, r.Id<GuildId>("guild_id"), r.Aborted)));
    }

    async Task<Reply> UpdateUserAsync(ApiRequest r)
    {
        if ((await r.BodyAsync<UserBody>()).Disabled is not { } disabled) return Error.Form("disabled", "BASE_TYPE_REQUIRED", "This field is required");
        return Reply.From(await administration.SetDisabledAsync(r.Principal, r.Id<UserId>("user_id"), disabled, r.Aborted));
    }

    sealed record UserBody(bool? Disabled = null);
}
