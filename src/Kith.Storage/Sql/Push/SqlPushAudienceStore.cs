using Dapper;
using Kith.Domain;
using Kith.Engine.Push;
using Kith.Protocol;
using Kith.Storage.Sql.Guilds;

namespace Kith.Storage.Sql.Push;

/// <summary>
/// <code>
/// push_idle (user_id)
/// └── since
/// </code>
/// </summary>
/// <param name="withMail">Whoever has an address counts as well.</param>
public sealed class SqlPushAudienceStore(SqlDatabase database, bool withMail = false) : IPushAudienceStore
{
    string Reachable(string user) =>
        $"(EXISTS (SELECT 1 FROM push_subscriptions s WHERE s.user_id = {user}){(withMail ? $" OR EXISTS (SELECT 1 FROM users e WHERE e.id = {user} AND e.email IS NOT NULL AND e.bot = 0)" : "")})";

    public Task<IReadOnlyList<PushCandidate>> MembersAsync(GuildId guild, UserId after, int limit, CancellationToken ct) => QueryAsync(
        $"""
        SELECT m.user_id, m.roles, g.data FROM members m
        LEFT JOIN user_guild_settings g ON g.user_id = m.user_id AND g.guild_id = m.guild_id
        WHERE m.guild_id = @guild AND m.user_id > @after AND {Reachable("m.user_id")}
        ORDER BY m.user_id LIMIT @limit
        """, new { guild, after, limit }, ct);

    public Task<IReadOnlyList<PushCandidate>> PeopleAsync(IReadOnlyCollection<UserId> users, CancellationToken ct) => users.Count == 0
        ? Task.FromResult<IReadOnlyList<PushCandidate>>([])
        : QueryAsync(
            $"""
            SELECT u.id AS user_id, '' AS roles, g.data FROM users u
            LEFT JOIN user_guild_settings g ON g.user_id = u.id AND g.guild_id = 0
            WHERE u.id IN ({SqlTypes.Join(users)}) AND {Reachable("u.id")}
            """, new { }, ct);

    public Task<IReadOnlyDictionary<UserId, UserSettings>> SettingsAsync(IReadOnlyCollection<UserId> users, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyDictionary<UserId, UserSettings>>(async db => users.Count == 0 ? new Dictionary<UserId, UserSettings>()
            : (await db.QueryAsync<(UserId User, string Data)>($"SELECT user_id, data FROM user_settings WHERE user_id IN ({SqlTypes.Join(users)})"))
                .ToDictionary(row => row.User, row => SqlTypes.FromJson<UserSettings>(row.Data)), ct);

    public Task<IReadOnlySet<UserId>> BlockersAsync(UserId user, CancellationToken ct) => database.ReadAsync<IReadOnlySet<UserId>>(
        async db => (await db.QueryAsync<UserId>("SELECT user_id FROM relationships WHERE other_id = @user AND type = @type", new { user, type = (int)RelationshipType.Blocked })).ToHashSet(), ct);

    public Task SetIdleAsync(IReadOnlyDictionary<UserId, DateTimeOffset?> idle, CancellationToken ct) => database.WriteAsync(async db =>
    {
        await db.ExecuteAsync($"{database.Dialect.InsertIgnore} INTO push_idle (user_id, since) VALUES (@Key, @Value)", idle.Where(i => i.Value is not null).Select(i => new { i.Key, i.Value }));
        await db.ExecuteAsync("DELETE FROM push_idle WHERE user_id = @Key", idle.Where(i => i.Value is null).Select(i => new { i.Key }));
    }, ct);

    public Task<IReadOnlyDictionary<UserId, DateTimeOffset>> IdleSinceAsync(IReadOnlyCollection<UserId> users, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyDictionary<UserId, DateTimeOffset>>(async db => users.Count == 0 ? new Dictionary<UserId, DateTimeOffset>()
            : (await db.QueryAsync<(UserId User, DateTimeOffset Since)>($"SELECT user_id, since FROM push_idle WHERE user_id IN ({SqlTypes.Join(users)})"))
                .ToDictionary(row => row.User, row => row.Since), ct);

    Task<IReadOnlyList<PushCandidate>> QueryAsync(string sql, object parameters, CancellationToken ct) => database.ReadAsync<IReadOnlyList<PushCandidate>>(
        async db => [.. (await db.QueryAsync<(UserId User, string Roles, string? Data)>(sql, parameters))
            .Select(row => new PushCandidate(row.User, RoleSets.Of(row.Roles), row.Data is null ? null : SqlTypes.FromJson<UserGuildSettings>(row.Data)))], ct);
}
