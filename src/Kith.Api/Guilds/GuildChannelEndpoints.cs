using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Guilds;

namespace Kith.Api.Guilds;

/// <summary>/guilds/{guild_id}/channels.</summary>
sealed class GuildChannelEndpoints(Access access, GuildChannels channels, GuildWire wire) : IEndpoints
{
    public void Map(ApiRoutes routes)
    {
        routes.Get("/guilds/{guild_id}/channels", ListAsync);
        routes.Post("/guilds/{guild_id}/channels", CreateAsync);
    }

    async Task<Reply> ListAsync(ApiRequest r)
    {
        if (!(await access.GuildAsync(r.Principal, r.Id<GuildId>("guild_id"), r.Aborted)).Ok(out var guild, out var error)) return error;
        return Reply.Json(await wire.ChannelsAsync(guild.Guild, guild.Member, newest: null, r.Aborted));
    }

    async Task<Reply> CreateAsync(ApiRequest r) =>
        Reply.From(await channels.CreateAsync(r.Actor, r.Id<GuildId>("guild_id"), await r.BodyAsync<ChannelForm>(), r.Aborted), status: 201);
}
