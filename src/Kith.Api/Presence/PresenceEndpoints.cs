using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine.Presence;

namespace Kith.Api.Presence;

/// <summary>When someone was last seen.</summary>
sealed class PresenceEndpoints(PresenceView presences) : IEndpoints
{
    public void Map(ApiRoutes routes) =>
        routes.Get("/users/{user_id}/presence", async r => Reply.From(await presences.OfAsync(r.Principal, r.Id<UserId>("user_id"), r.Aborted)));
}
