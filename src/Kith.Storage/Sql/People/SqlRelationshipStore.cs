using System.Data.Common;
using Dapper;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.People;
using Kith.Protocol;

namespace Kith.Storage.Sql.People;

public sealed class SqlRelationshipStore(SqlDatabase database) : IRelationshipStore
{
    readonly string save =
        $"""
        INSERT INTO relationships (user_id, other_id, type, nickname, since) VALUES (@UserId, @OtherId, @Type, @Nickname, @Since)
        {database.Dialect.OnConflictUpdate("user_id, other_id", "type", "nickname", "since")}
        """;

    public Task<IReadOnlyList<RelationshipRecord>> OfUserAsync(UserId user, CancellationToken ct) => database.ReadAsync<IReadOnlyList<RelationshipRecord>>(
        async db => [.. (await db.QueryAsync<Row>($"SELECT {Row.Columns} FROM relationships WHERE user_id = @user ORDER BY other_id", new { user })).Select(r => r.ToRecord())], ct);

    public Task<Result<RelationshipChange>> ChangeAsync(UserId me, UserId other, Func<RelationshipPair, Result<RelationshipPair>> change, CancellationToken ct) =>
        database.WriteAsync(async db =>
        {
            var before = await ReadAsync(db, me, other);
            if (!change(before).Ok(out var after, out var refusal)) return refusal;
            await SaveAsync(db, before.Mine, after.Mine);
            await SaveAsync(db, before.Theirs, after.Theirs);
            if (after.Mine?.Type == RelationshipType.Blocked)
                await db.ExecuteAsync("DELETE FROM follows WHERE (user_id = @me AND target_id = @other) OR (user_id = @other AND target_id = @me)", new { me, other });
            return (Result<RelationshipChange>)new RelationshipChange(before, after);
        }, ct);

    async Task<RelationshipPair> ReadAsync(DbConnection db, UserId me, UserId other)
    {
        // The two users' rows stand for what is between them, which may be no row yet; in the order of ids, so that no two wait for each other.
        await db.QueryAsync<long>($"SELECT id FROM users WHERE id IN (@me, @other) ORDER BY id{database.Dialect.ForUpdate}", new { me, other });
        var rows = (await db.QueryAsync<Row>(
            $"SELECT {Row.Columns} FROM relationships WHERE (user_id = @me AND other_id = @other) OR (user_id = @other AND other_id = @me)", new { me, other })).AsList();
        return new RelationshipPair(
            rows.Find(r => r.UserId == me)?.ToRecord(), rows.Find(r => r.UserId == other)?.ToRecord(), await CountAsync(db, me), await CountAsync(db, other));
    }

    static Task<int> CountAsync(DbConnection db, UserId user) =>
        db.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM relationships WHERE user_id = @user", new { user });

    async Task SaveAsync(DbConnection db, RelationshipRecord? before, RelationshipRecord? after)
    {
        if (before == after) return;
        if (after is not null)
            await db.ExecuteAsync(save, new { after.UserId, after.OtherId, Type = (int)after.Type, after.Nickname, after.Since });
        else
            await db.ExecuteAsync("DELETE FROM relationships WHERE user_id = @UserId AND other_id = @OtherId", new { before!.UserId, before.OtherId });
    }

    sealed class Row
    {
        public const string Columns = "user_id, other_id, type, nickname, since";

        public UserId UserId { get; set; }
        public UserId OtherId { get; set; }
        public int Type { get; set; }
        public string? Nickname { get; set; }
        public DateTimeOffset Since { get; set; }

        public RelationshipRecord ToRecord() => new(UserId, OtherId, (RelationshipType)Type, Since, Nickname);
    }
}
