using System.Data.Common;
using Dapper;
using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Engine.Guilds.Invites;

namespace Kith.Storage.Sql.Guilds;

public sealed class SqlInviteStore(SqlDatabase database) : IInviteStore
{
    const string Columns = "code, guild_id, channel_id, inviter_id, created_at, expires_at, max_age, max_uses, uses, temporary";

    const string Valid = "(expires_at IS NULL OR expires_at > @now)";

    public Task<InviteRecord?> FindAsync(string code, DateTimeOffset now, CancellationToken ct) =>
        database.ReadAsync(connection => FindAsync(connection, code, now, ""), ct);

    public Task<IReadOnlyList<InviteRecord>> OfGuildAsync(GuildId guild, DateTimeOffset now, CancellationToken ct) => ListAsync("guild_id", guild.Value, now, ct);

    public Task<IReadOnlyList<InviteRecord>> OfChannelAsync(ChannelId channel, DateTimeOffset now, CancellationToken ct) => ListAsync("channel_id", channel.Value, now, ct);

    public Task<bool> AddAsync(InviteRecord invite, int most, IReadOnlyList<AuditLogEntry> audit, CancellationToken ct) => database.WriteAsync(async connection =>
    {
        var scope = new { guild = invite.GuildId, now = invite.CreatedAt };
        await connection.ExecuteAsync("DELETE FROM invites WHERE guild_id = @guild AND expires_at <= @now", scope);
        if (await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM invites WHERE guild_id = @guild", scope) >= most) return false;
        await connection.ExecuteAsync(
            $"""
            INSERT INTO invites ({Columns})
            VALUES (@Code, @GuildId, @ChannelId, @InviterId, @CreatedAt, @ExpiresAt, @MaxAge, @MaxUses, @Uses, @Temporary)
            """, invite);
        await AuditLogRows.WriteAsync(connection, audit);
        return true;
    }, ct);

    public Task<Admission> AcceptAsync(string code, MemberRecord member, int most, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async connection =>
    {
        if (await FindAsync(connection, code, now, database.Dialect.ForUpdate) is not { } invite || invite.GuildId != member.GuildId) return Admission.InviteInvalid;
        var admission = await SqlMemberStore.AdmitAsync(connection, member, most, database.Dialect.ForUpdate);
        if (admission != Admission.Added) return admission;
        var used = new { code };
        await connection.ExecuteAsync("UPDATE invites SET uses = uses + 1 WHERE code = @code", used);
        await connection.ExecuteAsync("DELETE FROM invites WHERE code = @code AND max_uses > 0 AND uses >= max_uses", used);
        return admission;
    }, ct);

    public Task<bool> RemoveAsync(string code, IReadOnlyList<AuditLogEntry> audit, CancellationToken ct) => database.WriteAsync(async connection =>
    {
        if (await connection.ExecuteAsync("DELETE FROM invites WHERE code = @code", new { code }) == 0) return false;
        await AuditLogRows.WriteAsync(connection, audit);
        return true;
    }, ct);

    Task<IReadOnlyList<InviteRecord>> ListAsync(string column, long id, DateTimeOffset now, CancellationToken ct) => database.ReadAsync<IReadOnlyList<InviteRecord>>(
        async connection =>
        [
            .. (await connection.QueryAsync<InviteRow>($"SELECT {Columns} FROM invites WHERE {column} = @id AND {Valid} ORDER BY created_at", new { id, now }))
                .Select(row => row.ToRecord()),
        ], ct);

    static async Task<InviteRecord?> FindAsync(DbConnection connection, string code, DateTimeOffset now, string suffix) =>
        (await connection.QuerySingleOrDefaultAsync<InviteRow>($"SELECT {Columns} FROM invites WHERE code = @code AND {Valid}{suffix}", new { code, now }))?.ToRecord();

    sealed class InviteRow
    {
        public string Code { get; set; } = "";
        public GuildId GuildId { get; set; }
        public ChannelId ChannelId { get; set; }
        public UserId InviterId { get; set; }
        public DateTimeOffset CreatedAt { get; set; }
        public DateTimeOffset? ExpiresAt { get; set; }
        public int MaxAge { get; set; }
        public int MaxUses { get; set; }
        public int Uses { get; set; }
        public bool Temporary { get; set; }

        public InviteRecord ToRecord() => new()
        {
            Code = Code, GuildId = GuildId, ChannelId = ChannelId, InviterId = InviterId, CreatedAt = CreatedAt, ExpiresAt = ExpiresAt,
            MaxAge = MaxAge, MaxUses = MaxUses, Uses = Uses, Temporary = Temporary,
        };
    }
}
