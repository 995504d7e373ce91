using Dapper;
using Kith.Domain;
using Kith.Engine.Admin;

namespace Kith.Storage.Sql.Admin;

/// <summary>Over the tables of all features.</summary>
public sealed class SqlAdminStore(SqlDatabase database) : IAdminStore
{
    /// <summary>Sorts after every other character in both databases' binary order.</summary>
    const string AfterAll = "\U0010FFFF";

    public Task<InstanceSize> SizeAsync(MessageId lastDay, CancellationToken ct) => database.ReadAsync(async db => (await db.QuerySingleAsync<SizeRow>(
        $"""
        SELECT (SELECT COUNT(*) FROM users) AS users, (SELECT COUNT(*) FROM guilds) AS guilds, (SELECT COUNT(*) FROM channels) AS channels,
            (SELECT COUNT(*) FROM messages) AS messages, (SELECT COUNT(*) FROM messages WHERE id > @lastDay) AS messages_last_day,
            (SELECT COUNT(*) FROM attachments WHERE deleted_at IS NULL) AS attachments, (SELECT COALESCE(SUM(size), 0) FROM attachments WHERE deleted_at IS NULL) AS attachment_bytes,
            {database.Dialect.SizeInBytes} AS database_bytes
        """, new { lastDay })).ToSize(), ct);

    public Task<IReadOnlyList<AdminUser>> UsersAsync(string prefix, UserId before, int limit, CancellationToken ct) => database.ReadAsync<IReadOnlyList<AdminUser>>(async db =>
    {
        var from = prefix.ToLowerInvariant();
        return [.. await db.QueryAsync<AdminUser>(
            """
            SELECT u.id, u.username, u.global_name, u.avatar, u.bot, u.admin, u.disabled, l.seen_at AS last_seen_at
            FROM users u LEFT JOIN last_seen l ON l.user_id = u.id
            WHERE u.username_key >= @from AND u.username_key < @to AND u.id < @before ORDER BY u.id DESC LIMIT @limit
            """, new { from, to = from + AfterAll, before, limit })];
    }, ct);

    public Task<IReadOnlyList<AdminGuild>> GuildsAsync(int limit, CancellationToken ct) => database.ReadAsync<IReadOnlyList<AdminGuild>>(
        async db => [.. await db.QueryAsync<AdminGuild>("SELECT id, name, icon, owner_id, member_count FROM guilds ORDER BY member_count DESC, id LIMIT @limit", new { limit })], ct);

    sealed record SizeRow
    {
        public long Users { get; init; }
        public long Guilds { get; init; }
        public long Channels { get; init; }
        public long Messages { get; init; }
        public long MessagesLastDay { get; init; }
        public long Attachments { get; init; }
        public long AttachmentBytes { get; init; }
        public long DatabaseBytes { get; init; }

        public InstanceSize ToSize() => new((int)Users, (int)Guilds, (int)Channels, Messages, MessagesLastDay, Attachments, AttachmentBytes, DatabaseBytes);
    }
}
