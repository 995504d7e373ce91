using System.Data.Common;
using Dapper;
using Kith.Engine.Guilds;

namespace Kith.Storage.Sql.Guilds;

/// <summary>Writes audit log entries within the transaction of what they record.</summary>
static class AuditLogRows
{
    const string Insert =
        """
        INSERT INTO audit_log (guild_id, id, user_id, target_id, action_type, changes, options, reason)
        VALUES (@GuildId, @Id, @UserId, @TargetId, @ActionType, @Changes, @Options, @Reason)
        """;

    public static async Task WriteAsync(DbConnection connection, IReadOnlyList<AuditLogEntry> entries)
    {
        foreach (var e in entries)
        {
            await connection.ExecuteAsync(Insert, new
            {
                e.GuildId, e.Id, e.UserId, e.TargetId, ActionType = (int)e.ActionType,
                Changes = e.Changes is null ? null : SqlTypes.Json(e.Changes), Options = e.Options is null ? null : SqlTypes.Json(e.Options), e.Reason,
            });
        }
    }
}
