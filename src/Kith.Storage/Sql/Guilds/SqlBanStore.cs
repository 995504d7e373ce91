using Dapper;
using Kith.Domain;
using Kith.Engine.Guilds;

namespace Kith.Storage.Sql.Guilds;

public sealed class SqlBanStore(SqlDatabase database) : IBanStore
{
    public Task<BanOutcome> AddAsync(GuildId guild, BanRecord ban, IReadOnlyList<AuditLogEntry> audit, CancellationToken ct) => database.WriteAsync(async connection =>
    {
        if (await connection.ExecuteScalarAsync<long>($"SELECT owner_id FROM guilds WHERE id = @guild{database.Dialect.ForUpdate}", new { guild }) == ban.UserId.Value) return default;
        // The ban first: it holds the key that a joining member asks for.
        var isNew = await connection.ExecuteAsync(
            $"{database.Dialect.InsertIgnore} INTO bans (guild_id, user_id, reason) VALUES (@guild, @UserId, @Reason)", new { guild, ban.UserId, ban.Reason }) == 1;
        var removed = await SqlMemberStore.RemoveAsync(connection, guild, [ban.UserId], database.Dialect.ForUpdate);
        if (isNew) await AuditLogRows.WriteAsync(connection, audit);
        return new BanOutcome(isNew, removed.SingleOrDefault());
    }, ct);

    public Task<bool> RemoveAsync(GuildId guild, UserId user, IReadOnlyList<AuditLogEntry> audit, CancellationToken ct) => database.WriteAsync(async connection =>
    {
        if (await connection.ExecuteAsync("DELETE FROM bans WHERE guild_id = @guild AND user_id = @user", new { guild, user }) == 0) return false;
        await AuditLogRows.WriteAsync(connection, audit);
        return true;
    }, ct);

    public Task<BanRecord?> FindAsync(GuildId guild, UserId user, CancellationToken ct) => database.ReadAsync(async connection =>
        (await connection.QuerySingleOrDefaultAsync<BanRow>("SELECT user_id, reason FROM bans WHERE guild_id = @guild AND user_id = @user", new { guild, user }))?.ToRecord(), ct);

    public Task<IReadOnlyList<BanRecord>> ListAsync(GuildId guild, UserId? before, UserId? after, int limit, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<BanRecord>>(async connection =>
        {
            var sql = before is null
                ? "SELECT user_id, reason FROM bans WHERE guild_id = @guild AND user_id > @after ORDER BY user_id LIMIT @limit"
                : "SELECT user_id, reason FROM bans WHERE guild_id = @guild AND user_id < @before ORDER BY user_id DESC LIMIT @limit";
            var rows = await connection.QueryAsync<BanRow>(sql, new { guild, before = before ?? default, after = after ?? default, limit });
            return [.. rows.Select(row => row.ToRecord()).OrderBy(ban => ban.UserId.Value)];
        }, ct);

    sealed class BanRow
    {
        public UserId UserId { get; set; }
        public string? Reason { get; set; }

        public BanRecord ToRecord() => new(UserId, Reason);
    }
}
