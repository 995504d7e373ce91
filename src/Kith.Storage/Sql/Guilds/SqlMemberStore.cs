using System.Data.Common;
using System.Globalization;
using System.Text;
using Dapper;
using Kith.Domain;
using Kith.Engine.Guilds;

namespace Kith.Storage.Sql.Guilds;

public sealed class SqlMemberStore(SqlDatabase database) : IMemberStore
{
    /// <summary>Rows of one INSERT of <see cref="AddManyAsync"/>: enough that the statement's own cost vanishes.</summary>
    const int RowsPerInsert = 500;

    /// <summary>Sorts after every other character in both databases' binary order.</summary>
    const string AfterAll = "\U0010FFFF";

    public Task<MemberRecord?> FindAsync(GuildId guild, UserId user, CancellationToken ct) =>
        database.ReadAsync(connection => FindAsync(connection, guild, user), ct);

    public Task<IReadOnlyList<MemberRecord>> FindManyAsync(GuildId guild, IReadOnlyCollection<UserId> users, CancellationToken ct) => users.Count == 0
        ? Task.FromResult<IReadOnlyList<MemberRecord>>([])
        : QueryAsync($"SELECT {MemberRow.Columns} FROM members WHERE guild_id = @guild AND user_id IN ({SqlTypes.Join(users)})", new { guild }, ct);

    public Task<IReadOnlyList<MemberRecord>> ListAsync(GuildId guild, UserId after, int limit, CancellationToken ct) =>
        QueryAsync($"SELECT {MemberRow.Columns} FROM members WHERE guild_id = @guild AND user_id > @after ORDER BY user_id LIMIT @limit", new { guild, after, limit }, ct);

    public Task<IReadOnlyList<MemberRecord>> SearchAsync(GuildId guild, string prefix, int limit, CancellationToken ct)
    {
        var from = MemberRow.KeyOf(prefix)!;
        return QueryAsync(
            $"""
            SELECT {MemberRow.Columns} FROM members WHERE guild_id = @guild AND user_id IN (
                SELECT user_id FROM members WHERE guild_id = @guild AND nick_key >= @from AND nick_key < @to
                UNION
                SELECT m.user_id FROM users u JOIN members m ON m.guild_id = @guild AND m.user_id = u.id WHERE u.username_key >= @from AND u.username_key < @to)
            ORDER BY user_id LIMIT @limit
            """, new { guild, from, to = from + AfterAll, limit }, ct);
    }

    public Task<IReadOnlyList<MemberRecord>> OfUserAsync(UserId user, CancellationToken ct) =>
        QueryAsync($"SELECT {MemberRow.Columns} FROM members WHERE user_id = @user ORDER BY guild_id", new { user }, ct);

    public Task<int> CountAsync(GuildId guild, CancellationToken ct) => database.ReadAsync(
        connection => connection.ExecuteScalarAsync<int>("SELECT member_count FROM guilds WHERE id = @guild", new { guild }), ct);

    public Task<IReadOnlyList<MemberRecord>> TemporaryOfUserAsync(UserId user, CancellationToken ct) =>
        QueryAsync($"SELECT {MemberRow.Columns} FROM members WHERE user_id = @user AND temporary = 1 AND roles = ''", new { user }, ct);

    public Task<IReadOnlyDictionary<RoleId, int>> CountByRoleAsync(GuildId guild, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyDictionary<RoleId, int>>(async connection =>
        {
            var counts = new Dictionary<RoleId, int>();
            var sets = await connection.QueryAsync<(string Roles, int Members)>(
                "SELECT roles, COUNT(*) FROM members WHERE guild_id = @guild AND roles <> '' GROUP BY roles", new { guild });
            foreach (var (roles, members) in sets)
            {
                foreach (var role in RoleSets.Of(roles))
                    counts[role] = counts.GetValueOrDefault(role) + members;
            }

            return counts;
        }, ct);

    public Task<Admission> AddAsync(MemberRecord member, int most, IReadOnlyList<AuditLogEntry> audit, CancellationToken ct) => database.WriteAsync(async connection =>
    {
        var admission = await AdmitAsync(connection, member, most, database.Dialect.ForUpdate);
        if (admission == Admission.Added) await AuditLogRows.WriteAsync(connection, audit);
        return admission;
    }, ct);

    public Task<int> AddManyAsync(IReadOnlyCollection<MemberRecord> members, CancellationToken ct) => database.WriteAsync(async connection =>
    {
        var added = 0;
        foreach (var guild in members.GroupBy(m => m.GuildId))
        {
            var before = added;
            foreach (var rows in guild.Chunk(RowsPerInsert))
                added += await InsertManyAsync(connection, rows);
            await CountUpAsync(connection, guild.Key, added - before);
        }

        return added;
    }, ct);

    public Task<MemberChange?> UpdateAsync(GuildId guild, UserId user, Func<MemberRecord, MemberChange> change, CancellationToken ct) => database.WriteAsync(async connection =>
    {
        if (await FindAsync(connection, guild, user, database.Dialect.ForUpdate) is not { } before) return null;
        var planned = change(before);
        if (planned.After == before) return planned;
        await connection.ExecuteAsync(
            """
            UPDATE members SET nick = @Nick, nick_key = @NickKey, avatar = @Avatar, roles = @Roles, communication_disabled_until = @CommunicationDisabledUntil,
                mute = @Mute, deaf = @Deaf, flags = @Flags, temporary = @Temporary
            WHERE guild_id = @GuildId AND user_id = @UserId
            """, MemberRow.From(planned.After));
        if (!planned.After.Roles.SequenceEqual(before.Roles)) await RaiseVersionAsync(connection, guild);
        await AuditLogRows.WriteAsync(connection, planned.Audit);
        return planned;
    }, ct);

    public Task<IReadOnlyList<MemberRecord>> RemoveAsync(
        GuildId guild, IReadOnlyCollection<UserId> users, IReadOnlyList<AuditLogEntry> audit, CancellationToken ct) =>
        database.WriteAsync<IReadOnlyList<MemberRecord>>(async connection =>
        {
            var members = await RemoveAsync(connection, guild, users, database.Dialect.ForUpdate);
            if (members.Count > 0) await AuditLogRows.WriteAsync(connection, audit);
            return members;
        }, ct);

    /// <summary>Takes out those who are members, with their read marks in the guild, within a transaction.</summary>
    internal static async Task<IReadOnlyList<MemberRecord>> RemoveAsync(DbConnection connection, GuildId guild, IReadOnlyCollection<UserId> users, string forUpdate)
    {
        if (users.Count == 0) return [];
        // Asked here, inside the transaction: the guild may just have been given to one of them.
        var owner = await connection.ExecuteScalarAsync<long>($"SELECT owner_id FROM guilds WHERE id = @guild{forUpdate}", new { guild });
        var which = $"guild_id = @guild AND user_id IN ({SqlTypes.Join(users)}) AND user_id <> {owner}";
        MemberRecord[] members =
        [
            .. (await connection.QueryAsync<MemberRow>($"SELECT {MemberRow.Columns} FROM members WHERE {which}{forUpdate}", new { guild })).Select(row => row.ToRecord()),
        ];
        if (members.Length == 0) return [];
        await connection.ExecuteAsync($"DELETE FROM members WHERE {which}", new { guild });
        await connection.ExecuteAsync(
            $"DELETE FROM read_states WHERE user_id IN ({SqlTypes.Join(members.Select(m => m.UserId))}) AND channel_id IN (SELECT id FROM channels WHERE guild_id = @guild)", new { guild });
        await connection.ExecuteAsync(
            "UPDATE guilds SET version = version + 1, member_count = member_count - @gone WHERE id = @guild", new { guild, gone = members.Length });
        return members;
    }

    /// <summary>The checks and the insertion of one new member, within a transaction.</summary>
    internal static async Task<Admission> AdmitAsync(DbConnection connection, MemberRecord member, int most, string forUpdate)
    {
        var admission = await CheckAsync(connection, member, most, forUpdate);
        if (admission == Admission.Added) await InsertAsync(connection, member);
        return admission;
    }

    /// <summary>Whether the member can be inserted, in this transaction.</summary>
    internal static async Task<Admission> CheckAsync(DbConnection connection, MemberRecord member, int most, string forUpdate)
    {
        var key = new { guild = member.GuildId, user = member.UserId };
        // Holds the guild, as bans do: what is asked next is still so when the member is inserted.
        if (await connection.ExecuteScalarAsync<long?>($"SELECT id FROM guilds WHERE id = @guild{forUpdate}", key) is null) return Admission.UnknownGuild;
        if (await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM bans WHERE guild_id = @guild AND user_id = @user", key) > 0) return Admission.Banned;
        if (await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM members WHERE guild_id = @guild AND user_id = @user", key) > 0) return Admission.AlreadyMember;
        return await GuildsOfAsync(connection, member.UserId) >= most ? Admission.TooManyGuilds : Admission.Added;
    }

    internal static async Task InsertAsync(DbConnection connection, MemberRecord member)
    {
        await connection.ExecuteAsync(
            $"""
            INSERT INTO members ({MemberRow.Columns}, nick_key)
            VALUES (@GuildId, @UserId, @Nick, @Avatar, @Roles, @JoinedAt, @CommunicationDisabledUntil, @Mute, @Deaf, @Flags, @Temporary, @NickKey)
            """, MemberRow.From(member));
        await CountUpAsync(connection, member.GuildId, 1);
    }

    internal static Task<int> GuildsOfAsync(DbConnection connection, UserId user) =>
        connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM members WHERE user_id = @user", new { user });

    internal static Task RaiseVersionAsync(DbConnection connection, GuildId guild) =>
        connection.ExecuteAsync("UPDATE guilds SET version = version + 1 WHERE id = @guild", new { guild });

    static Task<int> CountUpAsync(DbConnection connection, GuildId guild, int members) =>
        connection.ExecuteAsync("UPDATE guilds SET member_count = member_count + @members WHERE id = @guild", new { guild, members });

    /// <summary>Numbers go into the text, where they cost a tenth of what parameters do; only what people wrote is a parameter.</summary>
    async Task<int> InsertManyAsync(DbConnection connection, MemberRecord[] members)
    {
        var sql = new StringBuilder($"{database.Dialect.InsertIgnore} INTO members ({MemberRow.Columns}, nick_key) VALUES ");
        var parameters = new DynamicParameters();
        for (var i = 0; i < members.Length; i++)
        {
            var m = MemberRow.From(members[i]);
            string Text(string column, string? value)
            {
                if (value is null) return "NULL";
                parameters.Add($"{column}{i}", value);
                return $"@{column}{i}";
            }

            sql.Append(CultureInfo.InvariantCulture,
                $"{(i > 0 ? "," : "")}({m.GuildId},{m.UserId},{Text("n", m.Nick)},{Text("a", m.Avatar)},'{m.Roles}',{m.JoinedAt.ToUnixTimeMilliseconds()}");
            sql.Append(CultureInfo.InvariantCulture,
                $",{m.CommunicationDisabledUntil?.ToUnixTimeMilliseconds().ToString() ?? "NULL"},{(m.Mute ? 1 : 0)},{(m.Deaf ? 1 : 0)},{m.Flags},{(m.Temporary ? 1 : 0)},{Text("k", m.NickKey)})");
        }

        return await connection.ExecuteAsync(new CommandDefinition(sql.ToString(), parameters, flags: CommandFlags.NoCache));
    }

    internal static async Task<MemberRecord?> FindAsync(DbConnection connection, GuildId guild, UserId user, string suffix = "") =>
        (await connection.QuerySingleOrDefaultAsync<MemberRow>(
            $"SELECT {MemberRow.Columns} FROM members WHERE guild_id = @guild AND user_id = @user{suffix}", new { guild, user }))?.ToRecord();

    Task<IReadOnlyList<MemberRecord>> QueryAsync(string sql, object parameters, CancellationToken ct) => database.ReadAsync<IReadOnlyList<MemberRecord>>(
        async connection => [.. (await connection.QueryAsync<MemberRow>(sql, parameters)).Select(row => row.ToRecord())], ct);
}
