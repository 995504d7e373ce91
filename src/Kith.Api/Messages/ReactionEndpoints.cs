using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Messages;

namespace Kith.Api.Messages;

/// <summary>/channels/{id}/messages/{id}/reactions.</summary>
sealed class ReactionEndpoints(Access access, Reactions reactions) : IEndpoints
{
    const string All = "/channels/{channel_id}/messages/{message_id}/reactions";
    const string One = All + "/{emoji_name}";

    public void Map(ApiRoutes routes)
    {
        routes.Put(One + "/@me", r => WithAsync(r, (c, m) => reactions.AddAsync(c, m, Emoji(r), r.Aborted)));
        routes.Delete(One + "/@me", r => WithAsync(r, (c, m) => reactions.RemoveAsync(c, m, Emoji(r), r.Principal.Id, r.Aborted)));
        routes.Delete(One + "/{user_id}", r => WithAsync(r, (c, m) => reactions.RemoveAsync(c, m, Emoji(r), r.Id<UserId>("user_id"), r.Aborted)));
        routes.Delete(One, r => WithAsync(r, (c, m) => reactions.ClearAsync(c, m, Emoji(r), r.Aborted)));
        routes.Delete(All, r => WithAsync(r, (c, m) => reactions.ClearAsync(c, m, emoji: null, r.Aborted)));
        routes.Get(One, ListAsync);
    }

    static string Emoji(ApiRequest request) => Uri.UnescapeDataString(request.Route("emoji_name"));

    async Task<Reply> WithAsync(ApiRequest request, Func<ChannelAccess, MessageId, ValueTask<Result<Done>>> act)
    {
        if (!(await access.ChannelAsync(request.Principal, request.Id<ChannelId>("channel_id"), request.Aborted)).Ok(out var channel, out var error)) return error;
        return Reply.From(await act(channel, request.Id<MessageId>("message_id")));
    }

    async Task<Reply> ListAsync(ApiRequest request)
    {
        if (!(await access.ChannelAsync(request.Principal, request.Id<ChannelId>("channel_id"), request.Aborted)).Ok(out var channel, out var error)) return error;
        var after = request.QueryId<UserId>("after") ?? default;
        var limit = request.QueryInt("limit", 25, 1, 100);
        return Reply.From(await reactions.UsersAsync(channel, request.Id<MessageId>("message_id"), Emoji(request), after, limit, request.Aborted));
    }
}
