using Dapper;
using Kith.Domain;
using Kith.Engine.Export;
using Kith.Engine.Messages;

namespace Kith.Storage.Sql.Messages;

public sealed class SqlMessageArchive(SqlDatabase database) : IMessageArchive
{
    public Task<IReadOnlyList<MessageRecord>> OfAuthorAsync(UserId author, MessageId after, int limit, CancellationToken ct) => database.ReadAsync<IReadOnlyList<MessageRecord>>(
        async db => [.. (await db.QueryAsync<MessageRow>(
            $"SELECT {MessageRow.Columns} FROM messages WHERE author_id = @author AND id > @after ORDER BY id LIMIT @limit", new { author, after, limit })).Select(r => r.ToRecord())], ct);
}
