using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Messages;
using Kith.Protocol;

namespace Kith.Api.Messages;

/// <summary>/channels/{id}/messages: reading and deleting.</summary>
sealed class MessageEndpoints(Access access, MessageHistory history, MessageDeletion deletion, Typing typing) : IEndpoints
{
    public void Map(ApiRoutes routes)
    {
        routes.Get("/channels/{channel_id}/messages", ListAsync);
        routes.Post("/channels/{channel_id}/messages/bulk-delete", BulkDeleteAsync);
        routes.Get("/channels/{channel_id}/messages/{message_id}", GetAsync);
        routes.Delete("/channels/{channel_id}/messages/{message_id}", DeleteAsync);
        routes.Post("/channels/{channel_id}/messages/{message_id}/crosspost", CrosspostAsync);
        routes.Post("/channels/{channel_id}/typing", TypeAsync);
    }

    async Task<Reply> ListAsync(ApiRequest request)
    {
        var ct = request.Aborted;
        if (!(await access.ChannelAsync(request.Principal, request.Id<ChannelId>("channel_id"), ct)).Ok(out var channel, out var error)) return error;
        var limit = request.QueryInt("limit", 50, 1, MessageHistory.MaxPage);
        var (direction, anchor) = request.QueryId<MessageId>("around") is { } around ? (PageDirection.Around, around)
            : request.QueryId<MessageId>("after") is { } after ? (PageDirection.After, after)
            : (PageDirection.Before, request.QueryId<MessageId>("before") ?? new MessageId(long.MaxValue));
        return Reply.Json(await history.PageAsync(channel, direction, anchor, limit, ct));
    }

    async Task<Reply> GetAsync(ApiRequest request)
    {
        var ct = request.Aborted;
        if (!(await access.ChannelAsync(request.Principal, request.Id<ChannelId>("channel_id"), ct)).Ok(out var channel, out var error)) return error;
        return Reply.From(await history.FindAsync(channel, request.Id<MessageId>("message_id"), ct));
    }

    async Task<Reply> DeleteAsync(ApiRequest request)
    {
        var ct = request.Aborted;
        if (!(await access.ChannelAsync(request.Principal, request.Id<ChannelId>("channel_id"), ct)).Ok(out var channel, out var error)) return error;
        return Reply.From(await history.DeleteAsync(channel, request.Id<MessageId>("message_id"), request.AuditReason, ct));
    }

    async Task<Reply> BulkDeleteAsync(ApiRequest request)
    {
        var ct = request.Aborted;
        if (!(await access.ChannelAsync(request.Principal, request.Id<ChannelId>("channel_id"), ct)).Ok(out var channel, out var error)) return error;
        if (channel.Guild is null) return ErrorCode.CannotExecuteOnDm;
        if (!channel.Has(Permissions.ManageMessages)) return ErrorCode.MissingPermissions;
        var form = await request.BodyAsync<BulkDeleteForm>();
        return Reply.From(await deletion.BulkAsync(channel, form.Messages ?? [], request.AuditReason, ct));
    }

    /// <summary>Announcement channels have no followers here, so a crosspost changes nothing but is answered as Discord does.</summary>
    async Task<Reply> CrosspostAsync(ApiRequest request)
    {
        var ct = request.Aborted;
        if (!(await access.ChannelAsync(request.Principal, request.Id<ChannelId>("channel_id"), ct, Permissions.SendMessages)).Ok(out var channel, out var error)) return error;
        if (channel.Channel.Type != ChannelType.GuildAnnouncement) return ErrorCode.CannotExecuteOnChannelType;
        return Reply.From(await history.FindAsync(channel, request.Id<MessageId>("message_id"), ct));
    }

    async Task<Reply> TypeAsync(ApiRequest request)
    {
        var ct = request.Aborted;
        if (!(await access.ChannelAsync(request.Principal, request.Id<ChannelId>("channel_id"), ct)).Ok(out var channel, out var error)) return error;
        return Reply.From(await typing.StartAsync(channel, ct));
    }

    sealed record BulkDeleteForm(IReadOnlyList<MessageId>? Messages = null);
}
