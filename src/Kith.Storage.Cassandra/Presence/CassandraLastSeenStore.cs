using Kith.Domain;
using Kith.Engine.Presence;

namespace Kith.Storage.Cassandra.Presence;

/// <summary>Each sight is written as of its own time, so that of any two the later stays, whatever order they come in.</summary>
public sealed class CassandraLastSeenStore(CassandraDatabase database) : ILastSeenStore
{
    public async Task<DateTimeOffset?> FindAsync(UserId user, CancellationToken ct) =>
        (await database.ReadAsync("SELECT seen_at FROM last_seen WHERE user_id = ?", ct, user.Value)).Select(r => (DateTimeOffset?)r.GetValue<DateTimeOffset>(0)).FirstOrDefault();

    public async Task<IReadOnlyDictionary<UserId, DateTimeOffset>> FindManyAsync(IReadOnlyCollection<UserId> users, CancellationToken ct)
    {
        UserId[] all = [.. users.Distinct()];
        var seen = await CassandraDatabase.EachAsync(all, FindAsync, ct);
        return all.Zip(seen).Where(s => s.Second is not null).ToDictionary(s => s.First, s => s.Second!.Value);
    }

    public Task SaveAsync(IReadOnlyDictionary<UserId, DateTimeOffset> seen, CancellationToken ct) => CassandraDatabase.EachAsync<KeyValuePair<UserId, DateTimeOffset>>([.. seen], (s, inner) =>
        database.WriteAsync("INSERT INTO last_seen (user_id, seen_at) VALUES (?, ?) USING TIMESTAMP ?", inner, s.Key.Value, s.Value, WriteTimes.Of(s.Value)), ct);
}
