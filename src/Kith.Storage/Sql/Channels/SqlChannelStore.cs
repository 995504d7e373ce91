using System.Data.Common;
using Dapper;
using Kith.Domain;
using Kith.Engine.Channels;
using Kith.Engine.Guilds;
using Kith.Protocol;
using Kith.Storage.Sql.Guilds;

namespace Kith.Storage.Sql.Channels;

public sealed class SqlChannelStore(SqlDatabase database) : IChannelStore
{
    public Task<ChannelRecord?> FindAsync(ChannelId id, CancellationToken ct) => database.ReadAsync(db => FindAsync(db, id), ct);

    public Task<IReadOnlyList<ChannelRecord>> OfUserAsync(UserId user, CancellationToken ct) => database.ReadAsync<IReadOnlyList<ChannelRecord>>(async db =>
    {
        var rows = await db.QueryAsync<ChannelRow>(
            $"""
            SELECT {Qualified} FROM recipients r JOIN channels c ON c.id = r.channel_id
            WHERE r.user_id = @user AND r.is_open = 1 ORDER BY c.id
            """, new { user });
        var recipients = (await db.QueryAsync<RecipientRow>(
            """
            SELECT o.channel_id, o.user_id FROM recipients r JOIN recipients o ON o.channel_id = r.channel_id
            WHERE r.user_id = @user AND r.is_open = 1 ORDER BY o.channel_id, o.user_id
            """, new { user })).ToLookup(r => r.ChannelId, r => r.UserId);
        return [.. rows.Select(row => row.ToRecord([.. recipients[row.Id]]))];
    }, ct);

    public Task<ChannelRecord> OpenDmAsync(ChannelId idIfNew, UserId one, UserId other, CancellationToken ct) => database.WriteAsync(async db =>
    {
        var (low, high) = one.Value < other.Value ? (one, other) : (other, one);
        var claimed = await db.ExecuteAsync(
            $"{database.Dialect.InsertIgnore} INTO dms (low_id, high_id, channel_id) VALUES (@low, @high, @idIfNew)", new { low, high, idIfNew }) == 1;
        if (claimed)
        {
            var dm = new ChannelRecord { Id = idIfNew, Type = ChannelType.Dm, Recipients = [low, high] };
            await InsertAsync(db, dm, open: user => user == one);
            return dm;
        }

        var id = await db.QuerySingleAsync<ChannelId>(
            $"SELECT channel_id FROM dms WHERE low_id = @low AND high_id = @high{database.Dialect.ForUpdate}", new { low, high });
        await db.ExecuteAsync("UPDATE recipients SET is_open = 1 WHERE channel_id = @id AND user_id = @one", new { id, one });
        return (await FindAsync(db, id))!;
    }, ct);

    public Task CreateGroupAsync(ChannelRecord group, CancellationToken ct) => database.WriteAsync(db => InsertAsync(db, group, open: _ => true), ct);

    public Task UpdateAsync(ChannelRecord channel, CancellationToken ct) => database.WriteAsync(
        db => db.ExecuteAsync(
            "UPDATE channels SET name = @Name, icon = @Icon, owner_id = @OwnerId, last_pin_timestamp = @LastPinTimestamp WHERE id = @Id", ChannelRow.From(channel)), ct);

    public Task<bool> AddRecipientAsync(ChannelId channel, UserId user, int most, CancellationToken ct) => database.WriteAsync(async db =>
    {
        // The channel's row stands for its list: two who add at once count one after the other.
        await db.ExecuteScalarAsync<long?>($"SELECT id FROM channels WHERE id = @channel{database.Dialect.ForUpdate}", new { channel });
        if (await db.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM recipients WHERE channel_id = @channel", new { channel }) >= most) return false;
        return await db.ExecuteAsync(
            $"{database.Dialect.InsertIgnore} INTO recipients (channel_id, user_id, is_open) VALUES (@channel, @user, 1)", new { channel, user }) == 1;
    }, ct);

    public Task<bool> RemoveRecipientAsync(ChannelId channel, UserId user, CancellationToken ct) => database.WriteAsync(
        async db => await db.ExecuteAsync("DELETE FROM recipients WHERE channel_id = @channel AND user_id = @user", new { channel, user }) == 1, ct);

    public Task SetDmOpenAsync(ChannelId channel, UserId user, bool open, CancellationToken ct) => database.WriteAsync(
        db => db.ExecuteAsync("UPDATE recipients SET is_open = @open WHERE channel_id = @channel AND user_id = @user", new { channel, user, open }), ct);

    static readonly string Qualified = string.Join(", ", ChannelRow.Columns.Split(", ").Select(column => "c." + column));

    static async Task<ChannelRecord?> FindAsync(DbConnection db, ChannelId id)
    {
        if (await db.QuerySingleOrDefaultAsync<ChannelRow>($"SELECT {ChannelRow.Columns} FROM channels WHERE id = @id", new { id }) is not { } row) return null;
        if (row.GuildId is not null) return row.ToRecord();
        var recipients = await db.QueryAsync<UserId>("SELECT user_id FROM recipients WHERE channel_id = @id ORDER BY user_id", new { id });
        return row.ToRecord([.. recipients]);
    }

    static async Task InsertAsync(DbConnection db, ChannelRecord channel, Func<UserId, bool> open)
    {
        await db.ExecuteAsync($"INSERT INTO channels ({ChannelRow.Columns}) VALUES ({ChannelRow.Parameters})", ChannelRow.From(channel));
        await db.ExecuteAsync("INSERT INTO recipients (channel_id, user_id, is_open) VALUES (@channel, @user, @isOpen)",
            channel.Recipients.Select(user => new { channel = channel.Id, user, isOpen = open(user) }));
    }

    sealed record RecipientRow
    {
        public ChannelId ChannelId { get; init; }
        public UserId UserId { get; init; }
    }
}
