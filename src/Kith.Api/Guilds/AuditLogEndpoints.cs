using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine.Guilds;

namespace Kith.Api.Guilds;

/// <summary>/guilds/{guild_id}/audit-logs.</summary>
sealed class AuditLogEndpoints(AuditTrail trail) : IEndpoints
{
    public void Map(ApiRoutes routes) => routes.Get("/guilds/{guild_id}/audit-logs", async r =>
        Reply.From(await trail.ListAsync(r.Principal, r.Id<GuildId>("guild_id"), QueryOf(r), r.Aborted)));

    static AuditLogQuery QueryOf(ApiRequest r) => new()
    {
        User = r.QueryId<UserId>("user_id"), Target = r.QueryId<AuditTargetId>("target_id"),
        Action = r.Query("action_type") is null ? null : (AuditLogAction)r.QueryInt("action_type", 0, 0, int.MaxValue),
        Before = r.QueryId<AuditLogEntryId>("before"), After = r.QueryId<AuditLogEntryId>("after"),
        Limit = r.QueryInt("limit", AuditTrail.DefaultPage, 1, AuditTrail.MaxPage),
    };
}
