using System.Data.Common;
using Dapper;
using Kith.Domain;
using Kith.Engine.Preferences;
using Kith.Protocol;

namespace Kith.Storage.Sql.Preferences;

public sealed class SqlSettingsStore(SqlDatabase database) : ISettingsStore
{
    readonly string save = $"INSERT INTO user_settings (user_id, data) VALUES (@user, @data) {database.Dialect.OnConflictUpdate("user_id", "data")}";

    readonly string saveGuild =
        $"INSERT INTO user_guild_settings (user_id, guild_id, data) VALUES (@user, @key, @data) {database.Dialect.OnConflictUpdate("user_id, guild_id", "data")}";

    readonly string saveNote = $"INSERT INTO notes (user_id, about_id, note) VALUES (@user, @about, @note) {database.Dialect.OnConflictUpdate("user_id, about_id", "note")}";

    public Task<UserSettings?> FindAsync(UserId user, CancellationToken ct) => database.ReadAsync(async db =>
        await db.ExecuteScalarAsync<string?>("SELECT data FROM user_settings WHERE user_id = @user", new { user }) is { } json ? SqlTypes.FromJson<UserSettings>(json) : null, ct);

    public Task<UserSettings> UpdateAsync(UserId user, Func<UserSettings, UserSettings> change, CancellationToken ct) => database.WriteAsync(async db =>
    {
        await LockAsync(db, user);
        var json = await db.ExecuteScalarAsync<string?>("SELECT data FROM user_settings WHERE user_id = @user", new { user });
        var settings = change(json is null ? new UserSettings() : SqlTypes.FromJson<UserSettings>(json));
        await db.ExecuteAsync(save, new { user, data = SqlTypes.Json(settings) });
        return settings;
    }, ct);

    public Task<IReadOnlyList<UserGuildSettings>> GuildsOfAsync(UserId user, CancellationToken ct) => database.ReadAsync<IReadOnlyList<UserGuildSettings>>(
        async db => [.. (await db.QueryAsync<string>("SELECT data FROM user_guild_settings WHERE user_id = @user ORDER BY guild_id", new { user })).Select(SqlTypes.FromJson<UserGuildSettings>)], ct);

    public Task<UserGuildSettings> UpdateGuildAsync(UserId user, GuildId? guild, Func<UserGuildSettings, UserGuildSettings> change, CancellationToken ct) =>
        database.WriteAsync(async db =>
        {
            var key = guild?.Value ?? 0;
            await LockAsync(db, user);
            var json = await db.ExecuteScalarAsync<string?>("SELECT data FROM user_guild_settings WHERE user_id = @user AND guild_id = @key", new { user, key });
            var old = json is null ? new UserGuildSettings { GuildId = guild } : SqlTypes.FromJson<UserGuildSettings>(json);
            var settings = change(old) with { GuildId = guild, Version = old.Version + 1 };
            await db.ExecuteAsync(saveGuild, new { user, key, data = SqlTypes.Json(settings) });
            return settings;
        }, ct);

    public Task<IReadOnlyDictionary<UserId, string>> NotesOfAsync(UserId user, CancellationToken ct) => database.ReadAsync<IReadOnlyDictionary<UserId, string>>(
        async db => (await db.QueryAsync<(UserId About, string Note)>("SELECT about_id, note FROM notes WHERE user_id = @user", new { user })).ToDictionary(n => n.About, n => n.Note), ct);

    public Task<string?> FindNoteAsync(UserId user, UserId about, CancellationToken ct) => database.ReadAsync(
        db => db.ExecuteScalarAsync<string?>("SELECT note FROM notes WHERE user_id = @user AND about_id = @about", new { user, about }), ct);

    public Task SetNoteAsync(UserId user, UserId about, string note, CancellationToken ct) => database.WriteAsync(
        db => db.ExecuteAsync(note.Length == 0 ? "DELETE FROM notes WHERE user_id = @user AND about_id = @about" : saveNote, new { user, about, note }), ct);

    /// <summary>The user's row stands for settings that may have no row yet, which could not be locked.</summary>
    Task<long?> LockAsync(DbConnection db, UserId user) => db.ExecuteScalarAsync<long?>($"SELECT id FROM users WHERE id = @user{database.Dialect.ForUpdate}", new { user });
}
