using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Channels;
using Kith.Protocol;

namespace Kith.Api.Channels;

/// <summary>DMs and groups. What they share with guild channels, PATCH and DELETE /channels/{id}, is called from there.</summary>
sealed class PrivateChannelEndpoints(Access access, PrivateChannels privates, Groups groups) : IEndpoints
{
    public void Map(ApiRoutes routes)
    {
        routes.Get("/users/@me/channels", async r => Reply.Json(await privates.OfAsync(r.Principal.Id, r.Aborted)));
        routes.Post("/users/@me/channels", OpenAsync);
        routes.Put("/channels/{channel_id}/recipients/{user_id}", AddAsync);
        routes.Delete("/channels/{channel_id}/recipients/{user_id}", RemoveAsync);
    }

    async Task<Reply> OpenAsync(ApiRequest r)
    {
        var body = await r.BodyAsync<OpenBody>();
        return (body.RecipientId, body.Recipients) switch
        {
            ({ } one, _) => Reply.From(await privates.OpenAsync(r.Principal, one, r.Aborted)),
            (_, [var one]) => Reply.From(await privates.OpenAsync(r.Principal, one, r.Aborted)),
            (_, { Count: > 1 } many) => Reply.From(await groups.CreateAsync(r.Principal, many, r.Aborted)),
            _ => Error.Form("recipient_id", "BASE_TYPE_REQUIRED", "This field is required"),
        };
    }

    async Task<Reply> AddAsync(ApiRequest r)
    {
        if (!(await access.ChannelAsync(r.Principal, r.Id<ChannelId>("channel_id"), r.Aborted)).Ok(out var channel, out var error)) return error;
        return Reply.From(await groups.AddAsync(channel, r.Id<UserId>("user_id"), r.Aborted));
    }

    async Task<Reply> RemoveAsync(ApiRequest r)
    {
        if (!(await access.ChannelAsync(r.Principal, r.Id<ChannelId>("channel_id"), r.Aborted)).Ok(out var channel, out var error)) return error;
        return Reply.From(await groups.RemoveAsync(channel, r.Id<UserId>("user_id"), r.Aborted));
    }

    sealed record OpenBody(UserId? RecipientId = null, IReadOnlyList<UserId>? Recipients = null);
}
