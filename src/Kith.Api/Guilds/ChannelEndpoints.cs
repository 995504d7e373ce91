using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Channels;
using Kith.Engine.Guilds;
using Kith.Protocol;

namespace Kith.Api.Guilds;

/// <summary>/channels/{channel_id}: of a guild here, of a DM or group handed on to what knows those.</summary>
sealed class ChannelEndpoints(Access access, GuildChannels channels, GuildWire wire, PrivateChannelWire privateWire, PrivateChannels privates, Groups groups) : IEndpoints
{
    public void Map(ApiRoutes routes)
    {
        routes.Get("/channels/{channel_id}", GetAsync);
        routes.Patch("/channels/{channel_id}", ModifyAsync);
        routes.Delete("/channels/{channel_id}", DeleteAsync);
    }

    async Task<Reply> GetAsync(ApiRequest r)
    {
        if (!(await FindAsync(r)).Ok(out var found, out var error)) return error;
        return Reply.Json(found.Channel.IsPrivate
            ? await privateWire.OfAsync(found.Channel, r.Principal.Id, r.Aborted)
            : await wire.ChannelAsync(found.Channel, r.Aborted));
    }

    async Task<Reply> ModifyAsync(ApiRequest r)
    {
        if (!(await FindAsync(r)).Ok(out var found, out var error)) return error;
        if (found.Channel.IsPrivate) return Reply.From(await groups.UpdateAsync(found, await r.BodyAsync<GroupForm>(ApiRequest.PicturesBytes), r.Aborted));
        return await OfGuildAsync(await channels.ModifyAsync(r.Actor, found.Id, await r.BodyAsync<ChannelForm>(), r.Aborted), r.Aborted);
    }

    /// <summary>Deletes a guild's channel, closes a DM, leaves a group.</summary>
    async Task<Reply> DeleteAsync(ApiRequest r)
    {
        if (!(await FindAsync(r)).Ok(out var found, out var error)) return error;
        if (found.Channel.Type == ChannelType.Dm) return Reply.From(await privates.CloseAsync(found, r.Aborted));
        if (!found.Channel.IsPrivate) return await OfGuildAsync(await channels.DeleteAsync(r.Actor, found.Id, r.Aborted), r.Aborted);
        var left = await privateWire.OfAsync(found.Channel, r.Principal.Id, r.Aborted);
        return (await groups.RemoveAsync(found, r.Principal.Id, r.Aborted)).Error is { } refusal ? refusal : Reply.Json(left);
    }

    ValueTask<Result<ChannelAccess>> FindAsync(ApiRequest r) => access.ChannelAsync(r.Principal, r.Id<ChannelId>("channel_id"), r.Aborted);

    async Task<Reply> OfGuildAsync(Result<ChannelRecord> result, CancellationToken ct) =>
        result.Ok(out var channel, out var error) ? Reply.Json(await wire.ChannelAsync(channel, ct)) : error;
}

/// <summary>/channels/{channel_id}/permissions.</summary>
sealed class OverwriteEndpoints(ChannelOverwrites overwrites) : IEndpoints
{
    const string Path = "/channels/{channel_id}/permissions/{overwrite_id}";

    public void Map(ApiRoutes routes)
    {
        routes.Put(Path, async r =>
            Reply.From(await overwrites.SetAsync(r.Actor, r.Id<ChannelId>("channel_id"), r.Id<OverwriteId>("overwrite_id"), await r.BodyAsync<OverwriteForm>(), r.Aborted)));
        routes.Delete(Path, async r =>
            Reply.From(await overwrites.RemoveAsync(r.Actor, r.Id<ChannelId>("channel_id"), r.Id<OverwriteId>("overwrite_id"), r.Aborted)));
    }
}
