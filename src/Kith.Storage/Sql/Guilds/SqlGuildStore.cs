using System.Data.Common;
using Dapper;
using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Engine.Guilds.Expressions;
using Kith.Protocol;

namespace Kith.Storage.Sql.Guilds;

/// <summary>
/// <code>
/// guilds (id) name, owner, icon, settings as JSON, version, member_count
/// ├─ roles (guild_id, id) position, permissions, the rest as JSON
/// ├─ channels (id; by guild_id) overwrites as JSON
/// ├─ members (guild_id, user_id; by user_id) roles as a sorted list
/// ├─ emojis, stickers (guild_id, id) as JSON
/// ├─ bans (guild_id, user_id) reason
/// ├─ invites (code; by guild_id, channel_id)
/// └─ audit_log (guild_id, id; by user, action, target) changes and options as JSON
/// deleted_channels (id) whose messages are still to be removed
/// </code>
/// </summary>
public sealed class SqlGuildStore(SqlDatabase database, TimeProvider clock) : IGuildStore, IDeletedChannelStore
{
    readonly string saveRole =
        $"""
        INSERT INTO roles (guild_id, id, position, permissions, data) VALUES (@guild, @id, @position, @permissions, @data)
        {database.Dialect.OnConflictUpdate("guild_id, id", "position", "permissions", "data")}
        """;

    readonly string saveChannel =
        $"INSERT INTO channels ({ChannelRow.Columns}) VALUES ({ChannelRow.Parameters}) {database.Dialect.OnConflictUpdate("id", ChannelRow.Mutable)}";

    readonly ExpressionRows expressions = new(database.Dialect);

    readonly string takeRole = TakeRole(database.Dialect);

    public Task<GuildSnapshot?> LoadAsync(GuildId id, CancellationToken ct) => database.ReadAsync(async connection =>
    {
        // One statement per table, and each sees its own moment: the version is read first, so that a change in between leaves a snapshot that looks
        // old and is refused by ApplyAsync, never one that looks new and is not.
        var guild = await connection.QuerySingleOrDefaultAsync<GuildRow>("SELECT id, name, owner_id, icon, settings, version FROM guilds WHERE id = @id", new { id });
        if (guild is null) return null;
        var roles = await connection.QueryAsync<string>("SELECT data FROM roles WHERE guild_id = @id", new { id });
        var channels = await connection.QueryAsync<ChannelRow>($"SELECT {ChannelRow.Columns} FROM channels WHERE guild_id = @id", new { id });
        var emojis = await connection.QueryAsync<string>("SELECT data FROM emojis WHERE guild_id = @id ORDER BY id", new { id });
        var stickers = await connection.QueryAsync<string>("SELECT data FROM stickers WHERE guild_id = @id ORDER BY id", new { id });
        return new GuildSnapshot(guild.ToRecord(), roles.Select(SqlTypes.FromJson<Role>), channels.Select(c => c.ToRecord()))
        {
            Emojis = [.. emojis.Select(SqlTypes.FromJson<EmojiRecord>)], Stickers = [.. stickers.Select(SqlTypes.FromJson<StickerRecord>)],
        };
    }, ct);

    public Task<bool> CreateAsync(GuildSnapshot guild, MemberRecord owner, int most, CancellationToken ct) => database.WriteAsync(async connection =>
    {
        if (await SqlMemberStore.GuildsOfAsync(connection, owner.UserId) >= most) return false;
        await connection.ExecuteAsync(
            "INSERT INTO guilds (id, name, owner_id, icon, settings, version, member_count) VALUES (@Id, @Name, @OwnerId, @Icon, @Settings, @Version, 0)",
            GuildRow.From(guild.Guild));
        await SaveAsync(connection, guild.Id, guild.Roles.Values, guild.Channels.Values);
        await SqlMemberStore.InsertAsync(connection, owner);
        return true;
    }, ct);

    public Task<GuildChangeOutcome> ApplyAsync(GuildChange change, CancellationToken ct) => database.WriteAsync(async connection =>
    {
        var guild = change.Before.Id;
        var version = change.Before.Version;
        if (change.NewMember is { } joining)
        {
            // Asked before anything is written, so that a refusal leaves nothing to undo.
            var admission = await SqlMemberStore.CheckAsync(connection, joining, most: int.MaxValue, database.Dialect.ForUpdate);
            if (admission == Admission.Banned) return GuildChangeOutcome.Banned;
            if (admission == Admission.AlreadyMember) return GuildChangeOutcome.AlreadyMember;
        }

        if (change.Guild is { } given && given.OwnerId != change.Before.Guild.OwnerId
            && await SqlMemberStore.FindAsync(connection, guild, given.OwnerId, database.Dialect.ForUpdate) is null) return GuildChangeOutcome.HeirGone;
        if (await connection.ExecuteAsync("UPDATE guilds SET version = version + 1 WHERE id = @guild AND version = @version", new { guild, version }) == 0)
            return GuildChangeOutcome.Stale;
        if (change.Guild is { } record)
            await connection.ExecuteAsync("UPDATE guilds SET name = @Name, owner_id = @OwnerId, icon = @Icon, settings = @Settings WHERE id = @Id", GuildRow.From(record));
        await SaveAsync(connection, guild, change.Roles, change.Channels);
        if (change.DeletedRole is { } role) await DeleteRoleAsync(connection, guild, role);
        if (change.DeletedChannel is { } channel) await DeleteChannelAsync(connection, channel);
        await expressions.SaveAsync(connection, change);
        if (change.NewMember is { } member) await SqlMemberStore.InsertAsync(connection, member);
        await AuditLogRows.WriteAsync(connection, change.Audit);
        return GuildChangeOutcome.Applied;
    }, ct);

    public Task<bool> DeleteAsync(GuildId id, CancellationToken ct) => database.WriteAsync(async connection =>
    {
        var deleted = await connection.ExecuteAsync("DELETE FROM guilds WHERE id = @id", new { id });
        await connection.ExecuteAsync("INSERT INTO deleted_channels (id, deleted_at) SELECT id, @now FROM channels WHERE guild_id = @id", new { id, now = clock.GetUtcNow() });
        foreach (var table in (ReadOnlySpan<string>)["members", "roles", "channels", "invites", "bans", "audit_log", "emojis", "stickers"])
            connection.Execute($"DELETE FROM {table} WHERE guild_id = @id", new { id });
        return deleted > 0;
    }, ct);

    public Task<IReadOnlyList<ChannelId>> ListAsync(DateTimeOffset before, int limit, CancellationToken ct) => database.ReadAsync<IReadOnlyList<ChannelId>>(
        async connection => [.. await connection.QueryAsync<ChannelId>(
            "SELECT id FROM deleted_channels WHERE deleted_at < @before ORDER BY deleted_at LIMIT @limit", new { before, limit })], ct);

    public Task RemoveAsync(ChannelId channel, CancellationToken ct) => database.WriteAsync(
        connection => connection.ExecuteAsync("DELETE FROM deleted_channels WHERE id = @channel", new { channel }), ct);

    async Task SaveAsync(DbConnection connection, GuildId guild, IEnumerable<Role> roles, IEnumerable<ChannelRecord> channels)
    {
        foreach (var role in roles)
        {
            var permissions = ((ulong)role.Permissions).ToString();
            await connection.ExecuteAsync(saveRole, new { guild, id = role.Id, position = role.Position, permissions, data = SqlTypes.Json(role) });
        }

        foreach (var channel in channels)
            await connection.ExecuteAsync(saveChannel, ChannelRow.From(channel));
    }

    async Task DeleteRoleAsync(DbConnection connection, GuildId guild, RoleId role)
    {
        await connection.ExecuteAsync("DELETE FROM roles WHERE guild_id = @guild AND id = @role", new { guild, role });
        await connection.ExecuteAsync(takeRole, new { guild, needle = $",{role},", like = $"%{role}%" });
    }

    async Task DeleteChannelAsync(DbConnection connection, ChannelId channel)
    {
        await connection.ExecuteAsync("INSERT INTO deleted_channels (id, deleted_at) VALUES (@channel, @now)", new { channel, now = clock.GetUtcNow() });
        await connection.ExecuteAsync("DELETE FROM invites WHERE channel_id = @channel", new { channel });
        await connection.ExecuteAsync("DELETE FROM channels WHERE id = @channel", new { channel });
    }

    /// <summary>Takes a role out of the lists of all members: one pass over the guild's, inside the database.</summary>
    static string TakeRole(SqlDialect dialect)
    {
        var rest = $"REPLACE({dialect.Concat("','", "roles", "','")}, @needle, ',')";
        return
            $"""
            UPDATE members SET roles = CASE WHEN {rest} = ',' THEN '' ELSE SUBSTR({rest}, 2, LENGTH({rest}) - 2) END
            WHERE guild_id = @guild AND roles LIKE @like
            """;
    }

    sealed class GuildRow
    {
        public GuildId Id { get; set; }
        public string Name { get; set; } = "";
        public UserId OwnerId { get; set; }
        public string? Icon { get; set; }
        public string Settings { get; set; } = "{}";
        public long Version { get; set; }

        public static GuildRow From(GuildRecord g) => new()
        {
            Id = g.Id, Name = g.Name, OwnerId = g.OwnerId, Icon = g.Icon, Settings = SqlTypes.Json(g.Settings), Version = g.Version,
        };

        public GuildRecord ToRecord() => new()
        {
            Id = Id, Name = Name, OwnerId = OwnerId, Icon = Icon, Settings = SqlTypes.FromJson<GuildSettings>(Settings), Version = Version,
        };
    }
}
