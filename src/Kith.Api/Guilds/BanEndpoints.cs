using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Guilds;
using Kith.Protocol;

namespace Kith.Api.Guilds;

/// <summary>/guilds/{guild_id}/bans and /bulk-ban.</summary>
sealed class BanEndpoints(Bans bans, Users users) : IEndpoints
{
    const string All = "/guilds/{guild_id}/bans";
    const string One = All + "/{user_id}";

    public void Map(ApiRoutes routes)
    {
        routes.Get(All, ListAsync);
        routes.Get(One, GetAsync);
        routes.Put(One, async r => Reply.From(await bans.BanAsync(r.Actor, r.Id<GuildId>("guild_id"), r.Id<UserId>("user_id"), await r.BodyAsync<BanForm>(), r.Aborted)));
        routes.Delete(One, async r => Reply.From(await bans.UnbanAsync(r.Actor, r.Id<GuildId>("guild_id"), r.Id<UserId>("user_id"), r.Aborted)));
        routes.Post("/guilds/{guild_id}/bulk-ban", async r => Reply.From(await bans.BulkBanAsync(r.Actor, r.Id<GuildId>("guild_id"), await r.BodyAsync<BanForm>(), r.Aborted)));
    }

    async Task<Reply> ListAsync(ApiRequest r)
    {
        var limit = r.QueryInt("limit", GuildLimits.MaxPage, 1, GuildLimits.MaxPage);
        var found = await bans.ListAsync(r.Principal, r.Id<GuildId>("guild_id"), r.QueryId<UserId>("before"), r.QueryId<UserId>("after"), limit, r.Aborted);
        if (!found.Ok(out var list, out var error)) return error;
        var banned = await users.WireManyAsync([.. list.Select(b => b.UserId)], r.Aborted);
        return Reply.Json(list.Select((b, i) => new Ban(banned[i], b.Reason)).ToArray());
    }

    async Task<Reply> GetAsync(ApiRequest r)
    {
        var found = await bans.FindAsync(r.Principal, r.Id<GuildId>("guild_id"), r.Id<UserId>("user_id"), r.Aborted);
        return found.Ok(out var ban, out var error) ? Reply.Json(new Ban(await users.WireAsync(ban.UserId, r.Aborted), ban.Reason)) : error;
    }

    sealed record Ban(User User, string? Reason);
}
