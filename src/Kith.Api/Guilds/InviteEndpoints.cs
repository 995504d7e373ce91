using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Engine.Guilds.Invites;

namespace Kith.Api.Guilds;

/// <summary>/invites/{code}, and the invites of a channel and of a guild.</summary>
sealed class InviteEndpoints(GuildInvites invites, Joining joining, GuildCounts counts) : IEndpoints
{
    public void Map(ApiRoutes routes)
    {
        routes.Post("/channels/{channel_id}/invites", async r =>
            Reply.From(await invites.CreateAsync(r.Actor, r.Id<ChannelId>("channel_id"), await r.BodyAsync<InviteForm>(), r.Aborted)));
        routes.Get("/channels/{channel_id}/invites", async r => Reply.From(await invites.OfChannelAsync(r.Principal, r.Id<ChannelId>("channel_id"), r.Aborted)));
        routes.Get("/guilds/{guild_id}/invites", async r => Reply.From(await invites.OfGuildAsync(r.Principal, r.Id<GuildId>("guild_id"), r.Aborted)));
        routes.Get("/invites/{code}", ResolveAsync, RouteTraits.Anonymous);
        routes.Post("/invites/{code}", async r => Reply.From(await joining.AcceptAsync(r.Principal, r.Route("code"), r.Aborted)));
        routes.Delete("/invites/{code}", async r => Reply.From(await invites.RevokeAsync(r.Actor, r.Route("code"), r.Aborted)));
    }

    async Task<Reply> ResolveAsync(ApiRequest r)
    {
        if (!(await invites.ResolveAsync(r.Route("code"), r.Aborted)).Ok(out var invite, out var error)) return error;
        return Reply.Json(!r.QueryFlag("with_counts") ? invite : invite with
        {
            ApproximateMemberCount = await counts.MembersAsync(invite.GuildId, r.Aborted), ApproximatePresenceCount = await counts.OnlineAsync(invite.GuildId, r.Aborted),
        });
    }
}
