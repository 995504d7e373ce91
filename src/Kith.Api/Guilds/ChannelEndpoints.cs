using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Accounts;
using Kith.Engine.Channels;
using Kith.Engine.Guilds;
using Kith.Engine.Messages;

namespace Kith.Api.Guilds;

/// <summary>/channels/{channel_id}, of guilds and private ones.</summary>
sealed class ChannelEndpoints(Access access, GuildWire wire, Users users, ChannelTails tails) : IEndpoints
{
    public void Map(ApiRoutes routes) => routes.Get("/channels/{channel_id}", GetAsync);

    async Task<Reply> GetAsync(ApiRequest r)
    {
        if (!(await access.ChannelAsync(r.Principal, r.Id<ChannelId>("channel_id"), r.Aborted)).Ok(out var channel, out var error)) return error;
        if (!channel.Channel.IsPrivate) return Reply.Json(await wire.ChannelAsync(channel.Channel, r.Aborted));
        var others = await users.WireManyAsync([.. channel.Channel.Recipients.Where(id => id != r.Principal.Id)], r.Aborted);
        return Reply.Json(ChannelWire.OfPrivate(channel.Channel, others, await tails.FindAsync(channel.Id, r.Aborted)));
    }
}
