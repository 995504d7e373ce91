using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Guilds;

namespace Kith.Api.Guilds;

/// <summary>/guilds/{guild_id}/channels.</summary>
sealed class GuildChannelEndpoints(Access access, GuildChannels channels, ChannelOrder order, GuildWire wire) : IEndpoints
{
    const string Path = "/guilds/{guild_id}/channels";

    public void Map(ApiRoutes routes)
    {
        routes.Get(Path, ListAsync);
        routes.Post(Path, CreateAsync);
        routes.Patch(Path, async r =>
            Reply.From(await order.MoveAsync(r.Actor, r.Id<GuildId>("guild_id"), await r.BodyAsync<List<ChannelPositionForm>>(), r.Aborted)));
    }

    async Task<Reply> ListAsync(ApiRequest r)
    {
        if (!(await access.GuildAsync(r.Principal, r.Id<GuildId>("guild_id"), r.Aborted)).Ok(out var guild, out var error)) return error;
        return Reply.Json(await wire.ChannelsAsync(guild.Guild, guild.Member, newest: null, r.Aborted));
    }

    async Task<Reply> CreateAsync(ApiRequest r)
    {
        var created = await channels.CreateAsync(r.Actor, r.Id<GuildId>("guild_id"), await r.BodyAsync<ChannelForm>(), r.Aborted);
        return created.Ok(out var channel, out var error) ? Reply.Json(await wire.ChannelAsync(channel, r.Aborted), status: 201) : error;
    }
}
