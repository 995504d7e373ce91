using System.Globalization;
using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Messages;

namespace Kith.Api.Messages;

/// <summary>Pinned messages, at the paths of 2025 and at the older ones.</summary>
sealed class PinEndpoints(Access access, Pins pins, TimeProvider clock) : IEndpoints
{
    public void Map(ApiRoutes routes)
    {
        routes.Get("/channels/{channel_id}/messages/pins", ListAsync);
        routes.Get("/channels/{channel_id}/pins", ListOldAsync);
        foreach (var path in new[] { "/channels/{channel_id}/messages/pins/{message_id}", "/channels/{channel_id}/pins/{message_id}" })
        {
            routes.Put(path, r => WithAsync(r, (c, m) => pins.AddAsync(c, m, clock.GetUtcNow(), r.AuditReason, r.Aborted)));
            routes.Delete(path, r => WithAsync(r, (c, m) => pins.RemoveAsync(c, m, r.AuditReason, r.Aborted)));
        }
    }

    async Task<Reply> ListAsync(ApiRequest request)
    {
        if (!(await access.ChannelAsync(request.Principal, request.Id<ChannelId>("channel_id"), request.Aborted)).Ok(out var channel, out var error)) return error;
        var before = DateTimeOffset.MaxValue;
        if (request.Query("before") is { Length: > 0 } text && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out before))
            return Error.Form("before", "TIMESTAMP_TYPE_INVALID", "Must be an ISO 8601 time.");
        return Reply.Json(await pins.ListAsync(channel, before, request.QueryInt("limit", 50, 1, Pins.MaxPage), request.Aborted));
    }

    async Task<Reply> ListOldAsync(ApiRequest request)
    {
        if (!(await access.ChannelAsync(request.Principal, request.Id<ChannelId>("channel_id"), request.Aborted)).Ok(out var channel, out var error)) return error;
        return Reply.Json((await pins.ListAsync(channel, DateTimeOffset.MaxValue, Pins.MaxPage, request.Aborted)).Items.Select(p => p.Message));
    }

    async Task<Reply> WithAsync(ApiRequest request, Func<ChannelAccess, MessageId, ValueTask<Result<Done>>> act)
    {
        if (!(await access.ChannelAsync(request.Principal, request.Id<ChannelId>("channel_id"), request.Aborted)).Ok(out var channel, out var error)) return error;
        return Reply.From(await act(channel, request.Id<MessageId>("message_id")));
    }
}
