using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Messages;

namespace Kith.Api.Messages;

/// <summary>/channels/{id}/messages: sending and editing, with files. Who may not is told before a body is read.</summary>
sealed class SendEndpoints(Access access, MessageSender sender, MessageEditing editing, MessageBodies bodies) : IEndpoints
{
    public void Map(ApiRoutes routes)
    {
        routes.Post("/channels/{channel_id}/messages", CreateAsync);
        routes.Patch("/channels/{channel_id}/messages/{message_id}", EditAsync);
    }

    async Task<Reply> CreateAsync(ApiRequest request)
    {
        var ct = request.Aborted;
        if (!(await access.ChannelAsync(request.Principal, request.Id<ChannelId>("channel_id"), ct, Permissions.SendMessages)).Ok(out var channel, out var error)) return error;
        using var body = await bodies.ReadAsync<MessageCreateForm>(request.Http.Request, ct);
        return (await sender.SendAsync(channel, body.Form, body.Files, ct)).Ok(out var json, out error) ? Reply.Utf8(json) : error;
    }

    async Task<Reply> EditAsync(ApiRequest request)
    {
        var ct = request.Aborted;
        if (!(await access.ChannelAsync(request.Principal, request.Id<ChannelId>("channel_id"), ct)).Ok(out var channel, out var error)) return error;
        using var body = await bodies.ReadAsync<MessageEditForm>(request.Http.Request, ct);
        return Reply.From(await editing.EditAsync(channel, request.Id<MessageId>("message_id"), body.Form, body.Files, ct));
    }
}
