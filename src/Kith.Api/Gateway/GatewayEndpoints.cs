using Kith.Api.Http;
using Kith.Engine.Delivery;
using Kith.Engine.Guilds;
using Microsoft.AspNetCore.Http;

namespace Kith.Api.Gateway;

/// <summary>Where the gateway is, and how many sessions may be started there.</summary>
sealed class GatewayEndpoints(BestGateway gateways, SessionStarts starts, IMemberStore members) : IEndpoints
{
    /// <summary>Guilds that one session of a bot should have, as Discord recommends.</summary>
    const int GuildsPerShard = 1000;

    public void Map(ApiRoutes routes)
    {
        routes.Get("/gateway", r => Task.FromResult(Reply.Json(new GatewayAddress(AddressFor(r)))), RouteTraits.Anonymous);
        routes.Get("/gateway/bot", BotAsync);
    }

    async Task<Reply> BotAsync(ApiRequest r)
    {
        var guilds = (await members.OfUserAsync(r.Principal.Id, r.Aborted)).Count;
        return Reply.Json(new BotGateway(AddressFor(r), (guilds / GuildsPerShard) + 1, await starts.OfAsync(r.Principal.Id, r.Aborted)));
    }

    string AddressFor(ApiRequest r) => gateways.AddressFor(r.Http.Request, r.Http.Request.Query["region"]);

    sealed record GatewayAddress(string Url);

    sealed record BotGateway(string Url, int Shards, SessionStartLimit SessionStartLimit);
}
