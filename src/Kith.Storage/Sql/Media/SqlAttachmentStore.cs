using System.Data.Common;
using Dapper;
using Kith.Domain;
using Kith.Engine.Media;

namespace Kith.Storage.Sql.Media;

/// <summary>
/// <code>
/// attachments (id; by channel and message, state, deletion, user) ─→ blobs (blob_key) refs, doomed
/// media_usage (user_id) bytes
/// </code>
/// </summary>
public sealed class SqlAttachmentStore(SqlDatabase database) : IAttachmentStore, IBlobIndex
{
    const string Columns = "id, channel_id, user_id, message_id, state, filename, size, content_type, blob_key, details, created_at";

    readonly BlobRows blobs = new(database.Dialect);

    public Task<AttachmentAddition> AddAsync(AttachmentRecord attachment, long quota, CancellationToken ct) => database.WriteAsync(async db =>
    {
        if (!await ChargeAsync(db, attachment.UserId, attachment.Size, quota > 0 ? quota : long.MaxValue)) return AttachmentAddition.OverQuota;
        if (attachment.BlobKey is { } key && !await blobs.ReferAsync(db, key))
        {
            await ChargeAsync(db, attachment.UserId, -attachment.Size, long.MaxValue);
            return AttachmentAddition.BlobDoomed;
        }

        await db.ExecuteAsync(
            $"INSERT INTO attachments ({Columns}) VALUES (@Id, @ChannelId, @UserId, @MessageId, @State, @Filename, @Size, @ContentType, @BlobKey, @Details, @CreatedAt)", Row.From(attachment));
        return AttachmentAddition.Added;
    }, ct);

    public Task<AttachmentRecord?> FindAsync(AttachmentId id, CancellationToken ct) => database.ReadAsync(
        async db => (await db.QuerySingleOrDefaultAsync<Row>($"SELECT {Columns} FROM attachments WHERE id = @id", new { id }))?.ToRecord(), ct);

    public Task<IReadOnlyList<AttachmentRecord>?> ClaimAsync(IReadOnlyCollection<AttachmentId> ids, UserId user, ChannelId channel, CancellationToken ct) =>
        database.WriteAsync<IReadOnlyList<AttachmentRecord>?>(async db =>
        {
            var rows = await RowsAsync(db, $"id IN @ids{database.Dialect.ForUpdate}", new { ids = SqlTypes.Values(ids) });
            if (rows.Count < ids.Count || rows.Any(r => r.UserId != user || r.ChannelId != channel || r.State != AttachmentState.Ready)) return null;
            await SetStateAsync(db, ids, AttachmentState.Ready, AttachmentState.Claimed);
            return rows;
        }, ct);

    public Task<AttachmentAddition> CompleteAsync(AttachmentRecord attachment, CancellationToken ct) => database.WriteAsync(async db =>
    {
        var rows = await RowsAsync(db, $"id = @Id AND state = @expected{database.Dialect.ForUpdate}", new { attachment.Id, expected = (int)AttachmentState.Expected });
        if (rows.Count == 0) return AttachmentAddition.Gone;
        if (!await blobs.ReferAsync(db, attachment.BlobKey!)) return AttachmentAddition.BlobDoomed;
        await ChargeAsync(db, attachment.UserId, attachment.Size - rows[0].Size, long.MaxValue);
        await db.ExecuteAsync(
            "UPDATE attachments SET state = @State, filename = @Filename, size = @Size, content_type = @ContentType, blob_key = @BlobKey, details = @Details WHERE id = @Id", Row.From(attachment));
        return AttachmentAddition.Added;
    }, ct);

    public Task ReturnAsync(IReadOnlyCollection<AttachmentId> ids, CancellationToken ct) =>
        database.WriteAsync(db => SetStateAsync(db, ids, AttachmentState.Claimed, AttachmentState.Ready), ct);

    public Task SentAsync(IReadOnlyCollection<AttachmentId> ids, MessageId message, CancellationToken ct) => database.WriteAsync(
        db => db.ExecuteAsync("UPDATE attachments SET message_id = @message, state = @sent WHERE id IN @ids", new { message, sent = (int)AttachmentState.Sent, ids = SqlTypes.Values(ids) }), ct);

    public Task<IReadOnlyList<AttachmentId>> OfMessagesAsync(ChannelId channel, IReadOnlyCollection<MessageId> messages, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<AttachmentId>>(async db => [.. await db.QueryAsync<AttachmentId>(
            "SELECT id FROM attachments WHERE channel_id = @channel AND message_id IN @messages", new { channel, messages = SqlTypes.Values(messages) })], ct);

    public Task MarkAsync(IReadOnlyCollection<AttachmentId> ids, DateTimeOffset? deletedAt, CancellationToken ct) => database.WriteAsync(
        db => db.ExecuteAsync("UPDATE attachments SET deleted_at = @deletedAt WHERE id IN @ids", new { deletedAt, ids = SqlTypes.Values(ids) }), ct);

    public Task RemoveAsync(IReadOnlyCollection<AttachmentId> ids, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async db =>
    {
        foreach (var row in await RowsAsync(db, $"id IN @ids{database.Dialect.ForUpdate}", new { ids = SqlTypes.Values(ids) }))
        {
            await db.ExecuteAsync("DELETE FROM attachments WHERE id = @Id", new { row.Id });
            await ChargeAsync(db, row.UserId, -row.Size, long.MaxValue);
            if (row.BlobKey is { } key) await BlobRows.ReleaseAsync(db, key, now);
        }
    }, ct);

    public Task<IReadOnlyList<AttachmentRecord>> UnsentAsync(DateTimeOffset before, int limit, CancellationToken ct) =>
        database.ReadAsync(db => RowsAsync(db, "state < @sent AND created_at < @before ORDER BY created_at LIMIT @limit", new { sent = (int)AttachmentState.Sent, before, limit }), ct);

    public Task<IReadOnlyList<AttachmentRecord>> MarkedAsync(DateTimeOffset before, int limit, CancellationToken ct) =>
        database.ReadAsync(db => RowsAsync(db, "deleted_at < @before ORDER BY deleted_at LIMIT @limit", new { before, limit }), ct);

    public Task<IReadOnlyList<AttachmentRecord>> OfChannelAsync(ChannelId channel, int limit, CancellationToken ct) =>
        database.ReadAsync(db => RowsAsync(db, "channel_id = @channel LIMIT @limit", new { channel, limit }), ct);

    public Task<IReadOnlyList<AttachmentRecord>> OfUserAsync(UserId user, AttachmentId after, int limit, CancellationToken ct) =>
        database.ReadAsync(db => RowsAsync(db, "user_id = @user AND id > @after ORDER BY id LIMIT @limit", new { user, after, limit }), ct);

    public Task<IReadOnlyList<string>> DoomAsync(DateTimeOffset before, int limit, CancellationToken ct) => database.WriteAsync(db => BlobRows.DoomAsync(db, before, limit), ct);

    public Task ForgetAsync(string key, CancellationToken ct) => database.WriteAsync(
        db => db.ExecuteAsync("DELETE FROM blobs WHERE blob_key = @key AND doomed = 1", new { key }), ct);

    /// <summary>False where the user would have more than the quota.</summary>
    async Task<bool> ChargeAsync(DbConnection db, UserId user, long bytes, long quota)
    {
        // Not "ignore": that would take a shared lock, and two that want to have it exclusively after that wait for each other.
        await db.ExecuteAsync($"INSERT INTO media_usage (user_id, bytes) VALUES (@user, 0) {database.Dialect.OnConflictUpdate("user_id", "user_id")}", new { user });
        return await db.ExecuteAsync("UPDATE media_usage SET bytes = bytes + @bytes WHERE user_id = @user AND bytes <= @most", new { user, bytes, most = quota - Math.Max(bytes, 0) }) == 1;
    }

    static Task<int> SetStateAsync(DbConnection db, IReadOnlyCollection<AttachmentId> ids, AttachmentState from, AttachmentState to) =>
        db.ExecuteAsync("UPDATE attachments SET state = @to WHERE id IN @ids AND state = @from", new { from = (int)from, to = (int)to, ids = SqlTypes.Values(ids) });

    static async Task<IReadOnlyList<AttachmentRecord>> RowsAsync(DbConnection db, string where, object parameters) =>
        [.. (await db.QueryAsync<Row>($"SELECT {Columns} FROM attachments WHERE {where}", parameters)).Select(r => r.ToRecord())];

    sealed record Row
    {
        public AttachmentId Id { get; init; }
        public ChannelId ChannelId { get; init; }
        public UserId UserId { get; init; }
        public MessageId? MessageId { get; init; }
        public int State { get; init; }
        public string Filename { get; init; } = "";
        public long Size { get; init; }
        public string ContentType { get; init; } = "";
        public string? BlobKey { get; init; }
        public string Details { get; init; } = "{}";
        public DateTimeOffset CreatedAt { get; init; }

        public static Row From(AttachmentRecord a) => new()
        {
            Id = a.Id, ChannelId = a.ChannelId, UserId = a.UserId, MessageId = a.MessageId, State = (int)a.State, Filename = a.Filename, Size = a.Size, ContentType = a.ContentType,
            BlobKey = a.BlobKey, Details = SqlTypes.Json(a.Details), CreatedAt = a.CreatedAt,
        };

        public AttachmentRecord ToRecord() => new()
        {
            Id = Id, ChannelId = ChannelId, UserId = UserId, MessageId = MessageId, State = (AttachmentState)State, Filename = Filename, Size = Size, ContentType = ContentType,
            BlobKey = BlobKey, Details = SqlTypes.FromJson<FileDetails>(Details), CreatedAt = CreatedAt,
        };
    }
}
