using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Channels;
using Kith.Engine.Messages;
using Kith.Engine.Receipts;
using Kith.Engine.Unread;

namespace Kith.Api.Messages;

/// <summary>Acks, unread summaries, mentions and receipts: see docs/protocol.md.</summary>
sealed class UnreadEndpoints(Access access, UnreadMarks unread, VisibleChannels visible, MentionInbox mentions, ReceiptMarks receipts) : IEndpoints
{
    public void Map(ApiRoutes routes)
    {
        routes.Post("/channels/{channel_id}/messages/{message_id}/ack", AckAsync);
        routes.Post("/read-states/ack-bulk", AckBulkAsync);
        routes.Post("/guilds/{guild_id}/ack", AckGuildAsync);
        routes.Get("/channels/{channel_id}/unread", SummaryAsync);
        routes.Get("/users/@me/unread", SummariesAsync);
        routes.Get("/users/@me/mentions", MentionsAsync);
        routes.Get("/channels/{channel_id}/receipts", ReceiptsAsync);
    }

    async Task<Reply> AckAsync(ApiRequest request)
    {
        if (!(await access.ChannelAsync(request.Principal, request.Id<ChannelId>("channel_id"), request.Aborted)).Ok(out var channel, out var error)) return error;
        var form = await request.BodyAsync<AckForm>();
        await unread.AckAsync(channel, request.Id<MessageId>("message_id"), form.Manual == true, request.Aborted);
        return Reply.Json(new AckReply(Token: null));
    }

    async Task<Reply> AckBulkAsync(ApiRequest request)
    {
        var form = await request.BodyAsync<AckBulkForm>();
        var errors = new FormErrors();
        errors.Required("read_states", form.ReadStates);
        if (form.ReadStates?.Count > UnreadMarks.MaxBulk) errors.Add("read_states", "BASE_TYPE_MAX_LENGTH", $"Must be {UnreadMarks.MaxBulk} or fewer in length.");
        if (errors.Error is { } wrong) return wrong;
        var seen = (await visible.OfAsync(request.Principal.Id, request.Aborted)).ToDictionary(c => c.Channel.Id);
        // A channel that has gone since the client made its list is no reason to refuse the rest.
        await unread.AckManyAsync(
            request.Principal.Id, [.. form.ReadStates!.Where(s => seen.ContainsKey(s.ChannelId)).Select(s => (seen[s.ChannelId], s.MessageId))], manual: false, request.Aborted);
        return Reply.NoContent;
    }

    async Task<Reply> AckGuildAsync(ApiRequest request)
    {
        if (!(await access.GuildAsync(request.Principal, request.Id<GuildId>("guild_id"), request.Aborted)).Ok(out var guild, out var error)) return error;
        await unread.AckGuildAsync(request.Principal.Id, guild.Id, request.Aborted);
        return Reply.NoContent;
    }

    async Task<Reply> SummaryAsync(ApiRequest request)
    {
        if (!(await access.ChannelAsync(request.Principal, request.Id<ChannelId>("channel_id"), request.Aborted)).Ok(out var channel, out var error)) return error;
        return Reply.Json(await unread.SummaryAsync(channel, request.Aborted));
    }

    async Task<Reply> SummariesAsync(ApiRequest request) => Reply.Json(await unread.SummariesAsync(request.Principal.Id, request.Aborted));

    async Task<Reply> MentionsAsync(ApiRequest request)
    {
        var roles = request.Query("roles") is null || request.QueryFlag("roles");
        var everyone = request.Query("everyone") is null || request.QueryFlag("everyone");
        return Reply.Json(await mentions.PageAsync(
            request.Principal.Id, request.QueryId<MessageId>("before") ?? new MessageId(long.MaxValue), request.QueryInt("limit", 25, 1, 100), roles, everyone,
            request.QueryId<GuildId>("guild_id"), request.Aborted));
    }

    async Task<Reply> ReceiptsAsync(ApiRequest request)
    {
        if (!(await access.ChannelAsync(request.Principal, request.Id<ChannelId>("channel_id"), request.Aborted)).Ok(out var channel, out var error)) return error;
        return channel.Guild is not null ? Kith.Protocol.ErrorCode.CannotExecuteOnChannelType : Reply.Json(await receipts.OfChannelAsync(channel, request.Aborted));
    }

    sealed record AckForm(bool? Manual = null, string? Token = null, int? MentionCount = null);

    sealed record AckReply(string? Token);

    sealed record AckBulkForm(IReadOnlyList<AckBulkEntry>? ReadStates = null);

    sealed record AckBulkEntry(ChannelId ChannelId, MessageId MessageId);
}
