using Kith.Api.Http;
using Kith.Engine.Push;

namespace Kith.Api.Push;

/// <summary>/admin/push, for admins.</summary>
sealed class PushReportEndpoints(PushReports reports) : IEndpoints
{
    public void Map(ApiRoutes routes) => routes.Get("/admin/push", async r => Reply.From(await reports.OfAsync(r.Principal, r.Aborted)));
}
