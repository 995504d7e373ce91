using System.Data.Common;
using Dapper;
using Kith.Domain;
using Kith.Engine.Messages;

namespace Kith.Storage.Sql.Messages;

public sealed class SqlReactionStore(SqlDatabase database) : IReactionStore
{
    public Task<bool?> AddAsync(ChannelId channel, MessageId message, string emoji, UserId user, DateTimeOffset at, int mostKinds, CancellationToken ct) =>
        database.WriteAsync<bool?>(async db =>
        {
            // The message's row is locked, so that two kinds added at once count one after the other, and none is added to a deleted message.
            if (await db.ExecuteScalarAsync<long?>($"SELECT id FROM messages WHERE channel_id = @channel AND id = @message{database.Dialect.ForUpdate}", new { channel, message }) is null) return false;
            return await InsertAsync(db, message, emoji, user, at, mostKinds);
        }, ct);

    /// <summary>As <see cref="AddAsync"/>, to a message that is kept elsewhere and was seen there: the channel's row is locked in its place.</summary>
    public Task<bool?> AddToKnownAsync(ChannelId channel, MessageId message, string emoji, UserId user, DateTimeOffset at, int mostKinds, CancellationToken ct) =>
        database.WriteAsync<bool?>(async db =>
        {
            await db.ExecuteScalarAsync<long?>($"SELECT id FROM channels WHERE id = @channel{database.Dialect.ForUpdate}", new { channel });
            return await InsertAsync(db, message, emoji, user, at, mostKinds);
        }, ct);

    async Task<bool?> InsertAsync(DbConnection db, MessageId message, string emoji, UserId user, DateTimeOffset at, int mostKinds)
    {
        var kinds = (await db.QueryAsync<string>("SELECT DISTINCT emoji FROM reactions WHERE message_id = @message", new { message })).ToHashSet(StringComparer.Ordinal);
        if (!kinds.Contains(emoji) && kinds.Count >= mostKinds) return null;
        return await db.ExecuteAsync(
            $"{database.Dialect.InsertIgnore} INTO reactions (message_id, emoji, user_id, created_at) VALUES (@message, @emoji, @user, @at)",
            new { message, emoji, user, at }) == 1;
    }

    public Task<bool> RemoveAsync(MessageId message, string emoji, UserId user, CancellationToken ct) => database.WriteAsync(
        async db => await db.ExecuteAsync("DELETE FROM reactions WHERE message_id = @message AND emoji = @emoji AND user_id = @user", new { message, emoji, user }) == 1, ct);

    public Task<bool> ClearAsync(MessageId message, string? emoji, CancellationToken ct) => database.WriteAsync(
        async db => await db.ExecuteAsync("DELETE FROM reactions WHERE message_id = @message AND (@emoji IS NULL OR emoji = @emoji)", new { message, emoji }) > 0, ct);

    public Task<IReadOnlyList<ReactionCount>> CountsAsync(IReadOnlyCollection<MessageId> messages, UserId me, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<ReactionCount>>(async db =>
        {
            var rows = await db.QueryAsync<(MessageId Message, string Emoji, long Count, long Mine)>(
                """
                SELECT message_id, emoji, COUNT(*), SUM(CASE WHEN user_id = @me THEN 1 ELSE 0 END) FROM reactions
                WHERE message_id IN @messages GROUP BY message_id, emoji ORDER BY message_id, MIN(created_at), emoji
                """, new { messages = SqlTypes.Values(messages), me });
            return [.. rows.Select(r => new ReactionCount(r.Message, r.Emoji, (int)r.Count, r.Mine > 0))];
        }, ct);

    public Task<IReadOnlyList<UserId>> UsersAsync(MessageId message, string emoji, UserId after, int limit, CancellationToken ct) => database.ReadAsync<IReadOnlyList<UserId>>(
        async db => [.. await db.QueryAsync<UserId>(
            "SELECT user_id FROM reactions WHERE message_id = @message AND emoji = @emoji AND user_id > @after ORDER BY user_id LIMIT @limit",
            new { message, emoji, after, limit })], ct);
}

public sealed class SqlPinStore(SqlDatabase database) : IPinStore
{
    public Task<bool?> AddAsync(ChannelId channel, MessageId message, DateTimeOffset at, int most, CancellationToken ct) => database.WriteAsync<bool?>(async db =>
    {
        await db.ExecuteScalarAsync<long?>($"SELECT id FROM channels WHERE id = @channel{database.Dialect.ForUpdate}", new { channel });
        if (await db.ExecuteAsync("UPDATE messages SET pinned = 1 WHERE channel_id = @channel AND id = @message AND pinned = 0", new { channel, message }) == 0) return false;
        if (await InsertAsync(db, channel, message, at, most) is not null) return true;
        await db.ExecuteAsync("UPDATE messages SET pinned = 0 WHERE channel_id = @channel AND id = @message", new { channel, message });
        return null;
    }, ct);

    /// <summary>As <see cref="AddAsync"/>, of a message that is kept elsewhere and was seen there.</summary>
    public Task<bool?> AddKnownAsync(ChannelId channel, MessageId message, DateTimeOffset at, int most, CancellationToken ct) => database.WriteAsync(async db =>
    {
        await db.ExecuteScalarAsync<long?>($"SELECT id FROM channels WHERE id = @channel{database.Dialect.ForUpdate}", new { channel });
        return await db.ExecuteScalarAsync<long?>("SELECT message_id FROM pins WHERE channel_id = @channel AND message_id = @message", new { channel, message }) is not null
            ? false : await InsertAsync(db, channel, message, at, most);
    }, ct);

    /// <summary>Null where the channel has so many already.</summary>
    async Task<bool?> InsertAsync(DbConnection db, ChannelId channel, MessageId message, DateTimeOffset at, int most)
    {
        if (await db.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM pins WHERE channel_id = @channel", new { channel }) >= most) return null;
        await db.ExecuteAsync($"{database.Dialect.InsertIgnore} INTO pins (channel_id, message_id, pinned_at) VALUES (@channel, @message, @at)", new { channel, message, at });
        await db.ExecuteAsync("UPDATE channels SET last_pin_timestamp = @at WHERE id = @channel", new { channel, at });
        return true;
    }

    public Task<bool> RemoveAsync(ChannelId channel, MessageId message, CancellationToken ct) => database.WriteAsync(async db =>
    {
        await db.ExecuteAsync("UPDATE messages SET pinned = 0 WHERE channel_id = @channel AND id = @message", new { channel, message });
        return await db.ExecuteAsync("DELETE FROM pins WHERE channel_id = @channel AND message_id = @message", new { channel, message }) == 1;
    }, ct);

    public Task<IReadOnlyList<PinRecord>> ListAsync(ChannelId channel, DateTimeOffset before, int limit, CancellationToken ct) => database.ReadAsync<IReadOnlyList<PinRecord>>(
        async db => [.. (await db.QueryAsync<(MessageId Message, DateTimeOffset At)>(
            "SELECT message_id, pinned_at FROM pins WHERE channel_id = @channel AND pinned_at < @before ORDER BY pinned_at DESC, message_id DESC LIMIT @limit",
            new { channel, before, limit })).Select(r => new PinRecord(r.Message, r.At))], ct);
}
