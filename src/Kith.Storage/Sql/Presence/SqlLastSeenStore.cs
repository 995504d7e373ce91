using Dapper;
using Kith.Domain;
using Kith.Engine.Presence;

namespace Kith.Storage.Sql.Presence;

/// <summary>
/// <code>
/// last_seen (user_id)
/// └── seen_at
/// </code>
/// </summary>
public sealed class SqlLastSeenStore(SqlDatabase database) : ILastSeenStore
{
    /// <summary>Rows of one statement.</summary>
    const int AtOnce = 500;

    public Task<DateTimeOffset?> FindAsync(UserId user, CancellationToken ct) => database.ReadAsync(
        async connection => await connection.ExecuteScalarAsync<long?>("SELECT seen_at FROM last_seen WHERE user_id = @user", new { user }) is { } at
            ? DateTimeOffset.FromUnixTimeMilliseconds(at) : (DateTimeOffset?)null, ct);

    public Task<IReadOnlyDictionary<UserId, DateTimeOffset>> FindManyAsync(IReadOnlyCollection<UserId> users, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyDictionary<UserId, DateTimeOffset>>(async connection => users.Count == 0 ? new Dictionary<UserId, DateTimeOffset>()
            : (await connection.QueryAsync<(UserId User, DateTimeOffset At)>($"SELECT user_id, seen_at FROM last_seen WHERE user_id IN ({SqlTypes.Join(users)})"))
                .ToDictionary(row => row.User, row => row.At), ct);

    public Task SaveAsync(IReadOnlyDictionary<UserId, DateTimeOffset> seen, CancellationToken ct) => database.WriteAsync(async connection =>
    {
        foreach (var some in seen.OrderBy(s => s.Key.Value).Chunk(AtOnce))
        {
            await using var batch = new SqlBatch(connection);
            batch.Insert(
                "INSERT INTO last_seen (user_id, seen_at)", some.Select(s => $"({s.Key}, {s.Value.ToUnixTimeMilliseconds()})"), database.Dialect.OnConflictRaise("user_id", "seen_at"));
            await batch.RunAsync();
        }
    }, ct);
}
