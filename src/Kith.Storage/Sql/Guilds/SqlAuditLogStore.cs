using Dapper;
using Kith.Domain;
using Kith.Engine.Guilds;

namespace Kith.Storage.Sql.Guilds;

public sealed class SqlAuditLogStore(SqlDatabase database) : IAuditLogStore
{
    public Task AddAsync(IReadOnlyList<AuditLogEntry> entries, CancellationToken ct) => database.WriteAsync(connection => AuditLogRows.WriteAsync(connection, entries), ct);

    public Task<IReadOnlyList<AuditLogEntry>> ListAsync(GuildId guild, AuditLogQuery query, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<AuditLogEntry>>(async connection =>
        {
            var filters = string.Concat(
                query.User is null ? "" : " AND user_id = @user",
                query.Target is null ? "" : " AND target_id = @target",
                query.Action is null ? "" : " AND action_type = @action",
                query.Before is null ? "" : " AND id < @before",
                query.After is null ? "" : " AND id > @after");
            var rows = await connection.QueryAsync<AuditLogRow>(
                $"""
                SELECT guild_id, id, user_id, target_id, action_type, changes, options, reason FROM audit_log
                WHERE guild_id = @guild{filters} ORDER BY id {(query.After is null ? "DESC" : "ASC")} LIMIT @limit
                """,
                new
                {
                    guild, user = query.User ?? default, target = query.Target ?? default, action = (int)(query.Action ?? default),
                    before = query.Before ?? default, after = query.After ?? default, limit = query.Limit,
                });
            return [.. rows.Select(row => row.ToEntry())];
        }, ct);

    sealed class AuditLogRow
    {
        public GuildId GuildId { get; set; }
        public AuditLogEntryId Id { get; set; }
        public UserId? UserId { get; set; }
        public AuditTargetId? TargetId { get; set; }
        public int ActionType { get; set; }
        public string? Changes { get; set; }
        public string? Options { get; set; }
        public string? Reason { get; set; }

        public AuditLogEntry ToEntry() => new()
        {
            GuildId = GuildId, Id = Id, UserId = UserId, TargetId = TargetId, ActionType = (AuditLogAction)ActionType, Reason = Reason,
            Changes = Changes is null ? null : SqlTypes.FromJson<AuditLogChange[]>(Changes),
            Options = Options is null ? null : SqlTypes.FromJson<Dictionary<string, string>>(Options),
        };
    }
}
