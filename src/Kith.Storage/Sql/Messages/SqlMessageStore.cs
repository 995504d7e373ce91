using System.Data.Common;
using Dapper;
using Kith.Domain;
using Kith.Engine.Messages;

namespace Kith.Storage.Sql.Messages;

public sealed class SqlMessageStore(SqlDatabase database, TimeProvider clock) : IMessageStore
{
    const int DeleteStep = 1000;
    static readonly TimeSpan NonceLife = TimeSpan.FromHours(24);

    public Task<IReadOnlyList<MessageId>> InsertAsync(IReadOnlyList<MessageRecord> messages, CancellationToken ct) =>
        database.WriteAsync<IReadOnlyList<MessageId>>(async db =>
        {
            var insert = new MessageInsert(db, database.Dialect);
            var ids = new MessageId[messages.Count];
            for (var i = 0; i < ids.Length; i++)
                ids[i] = await insert.RunAsync(messages[i]);
            await SearchRows.AddOldAsync(db, database.Dialect, messages);
            return ids;
        }, ct);

    public Task<MessageRecord?> FindAsync(ChannelId channel, MessageId id, CancellationToken ct) => database.ReadAsync(
        async db => (await db.QuerySingleOrDefaultAsync<MessageRow>(
            $"SELECT {MessageRow.Columns} FROM messages WHERE channel_id = @channel AND id = @id", new { channel, id }))?.ToRecord(), ct);

    public Task<IReadOnlyList<MessageRecord>> FindManyAsync(ChannelId channel, IReadOnlyCollection<MessageId> ids, CancellationToken ct) =>
        database.ReadAsync(db => ManyAsync(db, channel, ids), ct);

    public Task<IReadOnlyList<MessageRecord>> PageAsync(ChannelId channel, PageDirection direction, MessageId anchor, int limit, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<MessageRecord>>(async db => direction switch
        {
            PageDirection.Before => [.. await OlderAsync(db, channel, anchor, limit)],
            PageDirection.After => [.. await NewerAsync(db, channel, anchor, limit)],
            // The anchor counts with the newer half, as on Discord.
            _ => [.. await NewerAsync(db, channel, new MessageId(anchor.Value - 1), limit - (limit / 2)), .. await OlderAsync(db, channel, anchor, limit / 2)],
        }, ct);

    public Task<bool> UpdateAsync(MessageRecord message, CancellationToken ct) => database.WriteAsync(
        async db =>
        {
            await SearchRows.ForgetAsync(db, database.Dialect, message.ChannelId, [message.Id]);
            var done = await db.ExecuteAsync(
                "UPDATE messages SET content = @Content, edited_at = @EditedTimestamp, flags = @flags, parts = @parts WHERE channel_id = @ChannelId AND id = @Id",
                new { message.Content, message.EditedTimestamp, flags = (int)message.Flags, parts = MessageRow.PartsOf(message), message.ChannelId, message.Id }) == 1;
            await SearchRows.AddAsync(db, database.Dialect, message.ChannelId, [message.Id]);
            return done;
        }, ct);

    public Task<IReadOnlyList<MessageRecord>> DeleteAsync(ChannelId channel, IReadOnlyCollection<MessageId> ids, CancellationToken ct) =>
        database.WriteAsync(async db =>
        {
            var there = await ManyAsync(db, channel, ids);
            if (there.Count > 0) await DeleteAsync(db, channel, there);
            return there;
        }, ct);

    public Task<IReadOnlyList<MessageId>> OfAuthorAsync(ChannelId channel, UserId author, MessageId after, int limit, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<MessageId>>(
            async db => [.. await db.QueryAsync<MessageId>(
                "SELECT id FROM messages WHERE channel_id = @channel AND id > @after AND author_id = @author ORDER BY id DESC LIMIT @limit",
                new { channel, author, after, limit })], ct);

    public async Task DeleteChannelAsync(ChannelId channel, CancellationToken ct)
    {
        // In steps, so that others' writes are not held up behind a million rows.
        while (await database.WriteAsync(async db =>
        {
            var ids = await db.QueryAsync<MessageId>("SELECT id FROM messages WHERE channel_id = @channel ORDER BY id LIMIT @DeleteStep", new { channel, DeleteStep });
            var there = await ManyAsync(db, channel, [.. ids]);
            if (there.Count > 0) await DeleteAsync(db, channel, there);
            return there.Count;
        }, ct) == DeleteStep)
        {
            ct.ThrowIfCancellationRequested();
        }
    }

    public Task<IReadOnlyDictionary<ChannelId, MessageId>> LastIdsAsync(IReadOnlyCollection<ChannelId> channels, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyDictionary<ChannelId, MessageId>>(async db =>
        {
            var rows = await db.QueryAsync<(ChannelId Channel, long? Id)>(
                $"""
                SELECT c.channel_id, (SELECT MAX(m.id) FROM messages m WHERE m.channel_id = c.channel_id)
                FROM {database.Dialect.NumberTable("@ids", "channel_id")} c
                """, new { ids = SqlTypes.Numbers(channels.Select(c => new[] { c.Value })) });
            return rows.Where(r => r.Id is not null).ToDictionary(r => r.Channel, r => new MessageId(r.Id!.Value));
        }, ct);

    public Task<IReadOnlyDictionary<ChannelId, int>> CountAsync(UserId user, IReadOnlyDictionary<ChannelId, MessageSpan> spans, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyDictionary<ChannelId, int>>(async db =>
        {
            var rows = await db.QueryAsync<(ChannelId Channel, long Count)>(
                $"""
                SELECT s.channel_id, COUNT(*) FROM {SqlSpans.Table(database.Dialect)} s
                JOIN messages m ON m.channel_id = s.channel_id AND m.id > s.after_id AND m.id <= s.through_id
                WHERE m.author_id <> @user GROUP BY s.channel_id
                """, new { user, spans = SqlSpans.Value(spans) });
            return rows.ToDictionary(r => r.Channel, r => (int)r.Count);
        }, ct);

    public Task<MessageId?> FirstAfterAsync(UserId user, ChannelId channel, MessageId mark, CancellationToken ct) => database.ReadAsync(
        db => db.ExecuteScalarAsync<MessageId?>(
            "SELECT id FROM messages WHERE channel_id = @channel AND id > @mark AND author_id <> @user ORDER BY id LIMIT 1", new { user, channel, mark }), ct);

    public Task<MessageId> NewestIdAsync(CancellationToken ct) => database.ReadAsync(
        async db => new MessageId(await db.ExecuteScalarAsync<long?>("SELECT MAX(id) FROM messages") ?? 0), ct);

    /// <summary>Forgets nonces older than a day. Called now and then; cheap when there is nothing to forget.</summary>
    public Task ForgetNoncesAsync(CancellationToken ct) => database.WriteAsync(
        db => db.ExecuteAsync("DELETE FROM sent_nonces WHERE message_id < @oldest", new { oldest = Snowflake.AtTime(clock.GetUtcNow() - NonceLife) }), ct);

    async Task DeleteAsync(DbConnection db, ChannelId channel, IReadOnlyList<MessageRecord> messages)
    {
        await SearchRows.ForgetAsync(db, database.Dialect, channel, [.. messages.Select(m => m.Id)]);
        var ids = SqlTypes.Values(messages.Select(m => m.Id));
        await db.ExecuteAsync("DELETE FROM messages WHERE channel_id = @channel AND id IN @ids", new { channel, ids });
        await MessageMarks.DeleteAsync(db, channel, ids);
        foreach (var message in messages.Where(m => m.Mentions.Users.Count > 0))
        {
            await db.ExecuteAsync(
                "DELETE FROM direct_mentions WHERE user_id IN @users AND channel_id = @channel AND message_id = @Id",
                new { users = SqlTypes.Values(message.Mentions.Users), channel, message.Id });
        }
    }

    static async Task<IReadOnlyList<MessageRecord>> ManyAsync(DbConnection db, ChannelId channel, IReadOnlyCollection<MessageId> ids) => ids.Count == 0 ? [] :
        [.. (await db.QueryAsync<MessageRow>($"SELECT {MessageRow.Columns} FROM messages WHERE channel_id = @channel AND id IN @ids", new { channel, ids = SqlTypes.Values(ids) })).Select(r => r.ToRecord())];

    static async Task<IEnumerable<MessageRecord>> OlderAsync(DbConnection db, ChannelId channel, MessageId anchor, int limit) =>
        (await db.QueryAsync<MessageRow>(
            $"SELECT {MessageRow.Columns} FROM messages WHERE channel_id = @channel AND id < @anchor ORDER BY id DESC LIMIT @limit", new { channel, anchor, limit }))
        .Select(r => r.ToRecord());

    static async Task<IEnumerable<MessageRecord>> NewerAsync(DbConnection db, ChannelId channel, MessageId anchor, int limit) =>
        (await db.QueryAsync<MessageRow>(
            $"SELECT {MessageRow.Columns} FROM messages WHERE channel_id = @channel AND id > @anchor ORDER BY id LIMIT @limit", new { channel, anchor, limit }))
        .Select(r => r.ToRecord()).Reverse();
}

/// <summary>Spans of channels as a parameter.</summary>
static class SqlSpans
{
    public static string Table(SqlDialect dialect) => dialect.NumberTable("@spans", "channel_id", "after_id", "through_id");

    public static string Value(IReadOnlyDictionary<ChannelId, MessageSpan> spans) =>
        SqlTypes.Numbers(spans.Select(s => new[] { s.Key.Value, s.Value.After.Value, s.Value.Through.Value }));
}
