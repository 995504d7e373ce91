using System.Data.Common;
using Dapper;
using Kith.Domain;
using Kith.Engine.Receipts;
using Kith.Engine.Unread;

namespace Kith.Storage.Sql.Unread;

public sealed class SqlReadStateStore(SqlDatabase database) : IReadStateStore
{
    public Task<IReadOnlyList<ReadMark>> OfUserAsync(UserId user, CancellationToken ct) => database.ReadAsync<IReadOnlyList<ReadMark>>(
        async db => [.. (await db.QueryAsync<MarkRow>("SELECT channel_id, last_read_id, acked_at, version FROM read_states WHERE user_id = @user", new { user })).Select(r => r.ToMark())], ct);

    public Task<ReadMark?> FindAsync(UserId user, ChannelId channel, CancellationToken ct) => database.ReadAsync(
        async db => (await db.QuerySingleOrDefaultAsync<MarkRow>(
            "SELECT channel_id, last_read_id, acked_at, version FROM read_states WHERE user_id = @user AND channel_id = @channel", new { user, channel }))?.ToMark(), ct);

    public Task<IReadOnlyList<ReadMark>> MoveAsync(
        UserId user, IReadOnlyDictionary<ChannelId, MessageId> marks, bool manual, DateTimeOffset at, CancellationToken ct) =>
        database.WriteAsync<IReadOnlyList<ReadMark>>(async db =>
        {
            // A row that does not exist cannot be locked: of two first marks the lesser might be written last.
            await WriteAsync(db, marks.Keys.OrderBy(c => c.Value).Select(c => new ReadMark(c, default, at, 0)), d => d.OnConflictLock("user_id, channel_id", "version"));
            var channels = SqlTypes.Values(marks.Keys);
            var before = (await db.QueryAsync<MarkRow>(
                $"SELECT channel_id, last_read_id, acked_at, version FROM read_states WHERE user_id = @user AND channel_id IN @channels{database.Dialect.ForUpdate}",
                new { user, channels })).ToDictionary(r => r.ChannelId);
            List<ReadMark> moved = [];
            foreach (var (channel, mark) in marks)
            {
                var old = before[channel];
                if (old.Version > 0 && (manual ? mark == old.LastReadId : mark <= old.LastReadId)) continue;
                moved.Add(new ReadMark(channel, mark, at, old.Version + 1));
            }

            await WriteAsync(db, moved, d => d.OnConflictUpdate("user_id, channel_id", "last_read_id", "acked_at", "version"));
            return moved;

            async Task WriteAsync(DbConnection connection, IEnumerable<ReadMark> rows, Func<SqlDialect, string> end)
            {
                await using var batch = new SqlBatch(connection);
                batch.Insert(
                    "INSERT INTO read_states (user_id, channel_id, last_read_id, acked_at, version)",
                    rows.Select(m => $"({user}, {m.ChannelId}, {m.LastRead}, {m.AckedAt.ToUnixTimeMilliseconds()}, {m.Version})"), end(database.Dialect));
                await batch.RunAsync();
            }
        }, ct);

    sealed record MarkRow
    {
        public ChannelId ChannelId { get; init; }
        public MessageId LastReadId { get; init; }
        public DateTimeOffset AckedAt { get; init; }
        public long Version { get; init; }

        public ReadMark ToMark() => new(ChannelId, LastReadId, AckedAt, Version);
    }
}

public sealed class SqlReceiptStore(SqlDatabase database) : IReceiptStore
{
    /// <summary>Rows of one statement.</summary>
    const int AtOnce = 500;

    public Task<IReadOnlyList<ReceiptRecord>> OfChannelAsync(ChannelId channel, CancellationToken ct) => database.ReadAsync<IReadOnlyList<ReceiptRecord>>(
        async db => [.. (await db.QueryAsync<(ChannelId Channel, UserId User, MessageId Delivered, MessageId Read)>(
            "SELECT channel_id, user_id, delivered_id, read_id FROM receipts WHERE channel_id = @channel ORDER BY user_id", new { channel }))
            .Select(r => new ReceiptRecord(r.Channel, r.User, r.Delivered, r.Read))], ct);

    public Task RaiseAsync(IReadOnlyCollection<ReceiptRecord> receipts, CancellationToken ct) => database.WriteAsync(async db =>
    {
        // By their keys, so that of two processes that raise the same ones the second waits.
        foreach (var some in receipts.OrderBy(r => r.ChannelId.Value).ThenBy(r => r.UserId.Value).Chunk(AtOnce))
        {
            await using var batch = new SqlBatch(db);
            batch.Insert(
                "INSERT INTO receipts (channel_id, user_id, delivered_id, read_id)", some.Select(r => $"({r.ChannelId}, {r.UserId}, {r.Delivered}, {r.Read})"),
                database.Dialect.OnConflictRaise("channel_id, user_id", "delivered_id", "read_id"));
            await batch.RunAsync();
        }
    }, ct);
}
