using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Guilds;
using Kith.Protocol;

namespace Kith.Api.Guilds;

/// <summary>/guilds and /guilds/{guild_id}.</summary>
sealed class GuildEndpoints(Access access, GuildLifecycle lifecycle, MemberCounts counts) : IEndpoints
{
    public void Map(ApiRoutes routes)
    {
        routes.Post("/guilds", CreateAsync);
        routes.Get("/guilds/{guild_id}", GetAsync);
    }

    async Task<Reply> CreateAsync(ApiRequest r) =>
        Reply.From(await lifecycle.CreateAsync(r.Actor, await r.BodyAsync<GuildForm>(), r.Aborted), status: 201);

    async Task<Reply> GetAsync(ApiRequest r)
    {
        if (!(await access.GuildAsync(r.Principal, r.Id<GuildId>("guild_id"), r.Aborted)).Ok(out var guild, out var error)) return error;
        var wire = GuildWire.Of(guild.Guild);
        if (r.QueryFlag("with_counts"))
            wire = wire with { ApproximateMemberCount = await counts.OfAsync(guild.Id, r.Aborted) };
        return Reply.Json(wire);
    }
}
