using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Engine.Guilds.Invites;

namespace Kith.Api.Guilds;

/// <summary>/invites/{code}, and the invites of a channel and of a guild.</summary>
sealed class InviteEndpoints(GuildInvites invites, Joining joining) : IEndpoints
{
    public void Map(ApiRoutes routes)
    {
        routes.Post("/channels/{channel_id}/invites", CreateAsync);
        routes.Post("/invites/{code}", AcceptAsync);
    }

    async Task<Reply> CreateAsync(ApiRequest r) =>
        Reply.From(await invites.CreateAsync(r.Actor, r.Id<ChannelId>("channel_id"), await r.BodyAsync<InviteForm>(), r.Aborted));

    async Task<Reply> AcceptAsync(ApiRequest r) => Reply.From(await joining.AcceptAsync(r.Principal, r.Route("code"), r.Aborted));
}
