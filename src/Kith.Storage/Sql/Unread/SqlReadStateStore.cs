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
            await db.ExecuteAsync(
                $"""
                INSERT INTO read_states (user_id, channel_id, last_read_id, acked_at, version) VALUES (@user, @channel, 0, @at, 0)
                {database.Dialect.OnConflictLock("user_id, channel_id", "version")}
                """, marks.Keys.OrderBy(c => c.Value).Select(channel => new { user, channel, at }));
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

            await db.ExecuteAsync(
                $"""
                INSERT INTO read_states (user_id, channel_id, last_read_id, acked_at, version) VALUES (@user, @ChannelId, @LastRead, @AckedAt, @Version)
                {database.Dialect.OnConflictUpdate("user_id, channel_id", "last_read_id", "acked_at", "version")}
                """, moved.Select(m => new { user, m.ChannelId, m.LastRead, m.AckedAt, m.Version }));
            return moved;
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
    public Task<IReadOnlyList<ReceiptRecord>> OfChannelAsync(ChannelId channel, CancellationToken ct) => database.ReadAsync<IReadOnlyList<ReceiptRecord>>(
        async db => [.. (await db.QueryAsync<(ChannelId Channel, UserId User, MessageId Delivered, MessageId Read)>(
            "SELECT channel_id, user_id, delivered_id, read_id FROM receipts WHERE channel_id = @channel ORDER BY user_id", new { channel }))
            .Select(r => new ReceiptRecord(r.Channel, r.User, r.Delivered, r.Read))], ct);

    public Task RaiseAsync(IReadOnlyCollection<ReceiptRecord> receipts, CancellationToken ct) => database.WriteAsync(async db =>
    {
        var raise = (string column) => database.Dialect.Greatest($"receipts.{column}", $"@{column}");
        foreach (var r in receipts)
        {
            var row = new { channel_id = r.ChannelId, user_id = r.UserId, delivered_id = r.Delivered, read_id = r.Read };
            await db.ExecuteAsync($"{database.Dialect.InsertIgnore} INTO receipts (channel_id, user_id, delivered_id, read_id) VALUES (@channel_id, @user_id, 0, 0)", row);
            await db.ExecuteAsync(
                $"UPDATE receipts SET delivered_id = {raise("delivered_id")}, read_id = {raise("read_id")} WHERE channel_id = @channel_id AND user_id = @user_id", row);
        }
    }, ct);
}
