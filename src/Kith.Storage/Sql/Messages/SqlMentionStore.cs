using Dapper;
using Kith.Domain;
using Kith.Engine.Messages;

namespace Kith.Storage.Sql.Messages;

public sealed class SqlMentionStore(SqlDatabase database) : IMentionStore
{
    public Task<IReadOnlyList<MessageKey>> UnreadDirectAsync(UserId user, CancellationToken ct) => database.ReadAsync<IReadOnlyList<MessageKey>>(
        async db => [.. (await db.QueryAsync<(ChannelId Channel, MessageId Message)>(
            """
            SELECT m.channel_id, m.message_id FROM direct_mentions m
            LEFT JOIN read_states r ON r.user_id = m.user_id AND r.channel_id = m.channel_id
            WHERE m.user_id = @user AND m.message_id > COALESCE(r.last_read_id, 0)
            """, new { user })).Select(r => new MessageKey(r.Channel, r.Message))], ct);

    public Task<IReadOnlyList<BroadcastMention>> BroadcastsAsync(IReadOnlyDictionary<ChannelId, MessageSpan> spans, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<BroadcastMention>>(
            async db => [.. (await db.QueryAsync<BroadcastRow>(
                $"""
                SELECT b.channel_id, b.message_id, b.author_id, b.mentions FROM {SqlSpans.Table(database.Dialect)} s
                JOIN broadcast_mentions b ON b.channel_id = s.channel_id AND b.message_id > s.after_id AND b.message_id <= s.through_id
                """, new { spans = SqlSpans.Value(spans) })).Select(r => r.ToMention())], ct);

    public Task<IReadOnlyList<MessageKey>> OfUserAsync(UserId user, MessageId before, int limit, CancellationToken ct) => database.ReadAsync<IReadOnlyList<MessageKey>>(
        async db => [.. (await db.QueryAsync<(ChannelId Channel, MessageId Message)>(
            "SELECT channel_id, message_id FROM direct_mentions WHERE user_id = @user AND message_id < @before ORDER BY message_id DESC LIMIT @limit",
            new { user, before, limit })).Select(r => new MessageKey(r.Channel, r.Message))], ct);

    public Task<IReadOnlyList<BroadcastMention>> BroadcastsBeforeAsync(IReadOnlyCollection<ChannelId> channels, MessageId before, int limit, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<BroadcastMention>>(
            async db => [.. (await db.QueryAsync<BroadcastRow>(
                $"""
                SELECT b.channel_id, b.message_id, b.author_id, b.mentions FROM {database.Dialect.NumberTable("@ids", "channel_id")} c
                JOIN broadcast_mentions b ON b.channel_id = c.channel_id AND b.message_id < @before
                ORDER BY b.message_id DESC LIMIT @limit
                """, new { ids = SqlTypes.Numbers(channels.Select(c => new[] { c.Value })), before, limit })).Select(r => r.ToMention())], ct);

    sealed record BroadcastRow
    {
        public ChannelId ChannelId { get; init; }
        public MessageId MessageId { get; init; }
        public UserId AuthorId { get; init; }
        public string Mentions { get; init; } = "";

        public BroadcastMention ToMention() => new(ChannelId, MessageId, AuthorId, MentionColumn.Read(Mentions));
    }
}
