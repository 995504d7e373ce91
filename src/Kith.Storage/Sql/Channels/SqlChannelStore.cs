using System.Data.Common;
using Dapper;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Channels;
using Kith.Engine.Guilds;
using Kith.Protocol;
using Kith.Storage.Sql.Guilds;

namespace Kith.Storage.Sql.Channels;

/// <summary>
/// <code>
/// channels (id) of guilds and private ones alike
/// ├─ recipients (channel_id, user_id; by user_id) is_open, joined_at: participants of DMs and groups
/// └─ dms (low_id, high_id) the one DM of two users
/// </code>
/// </summary>
public sealed class SqlChannelStore(SqlDatabase database, TimeProvider clock) : IChannelStore
{
    /// <summary>A group; its row stands for its participants, so that changes of them run one after the other.</summary>
    readonly string lockGroup = $"SELECT {ChannelRow.Columns} FROM channels WHERE id = @channel AND type = {(int)ChannelType.GroupDm}{database.Dialect.ForUpdate}";

    static readonly string Qualified = string.Join(", ", ChannelRow.Columns.Split(", ").Select(column => "c." + column));

    public Task<ChannelRecord?> FindAsync(ChannelId id, CancellationToken ct) => database.ReadAsync(db => FindAsync(db, id), ct);

    public Task<IReadOnlyList<ChannelRecord>> OfUserAsync(UserId user, CancellationToken ct) => database.ReadAsync<IReadOnlyList<ChannelRecord>>(async db =>
    {
        var rows = await db.QueryAsync<ChannelRow>(
            $"SELECT {Qualified} FROM recipients r JOIN channels c ON c.id = r.channel_id WHERE r.user_id = @user AND r.is_open = 1 ORDER BY c.id", new { user });
        var recipients = (await db.QueryAsync<Recipient>(
            """
            SELECT o.channel_id, o.user_id, o.is_open FROM recipients r JOIN recipients o ON o.channel_id = r.channel_id
            WHERE r.user_id = @user AND r.is_open = 1 ORDER BY o.channel_id, o.user_id
            """, new { user })).ToLookup(r => r.ChannelId);
        return [.. rows.Select(row => ToRecord(row, recipients[row.Id]))];
    }, ct);

    public Task<IReadOnlyList<UserId>> PartnersOfAsync(UserId user, CancellationToken ct) => database.ReadAsync<IReadOnlyList<UserId>>(async db =>
        [.. await db.QueryAsync<UserId>(
            """
            SELECT DISTINCT o.user_id FROM recipients r JOIN recipients o ON o.channel_id = r.channel_id
            WHERE r.user_id = @user AND r.is_open = 1 AND o.user_id <> @user
            """, new { user })], ct);

    public Task<DmOpened> OpenDmAsync(ChannelId idIfNew, UserId one, UserId other, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async db =>
    {
        var (low, high) = one.Value < other.Value ? (one, other) : (other, one);
        if (await FindDmAsync(db, low, high) is not { } id)
        {
            var isNew = await db.ExecuteAsync(
                $"{database.Dialect.InsertIgnore} INTO dms (low_id, high_id, channel_id) VALUES (@low, @high, @idIfNew)", new { low, high, idIfNew }) == 1;
            if (isNew)
            {
                var dm = new ChannelRecord { Id = idIfNew, Type = ChannelType.Dm, Recipients = [low, high], HiddenFrom = [other] };
                await InsertAsync(db, dm, now);
                return new DmOpened(dm, Opened: true);
            }

            // Someone else was first; the statement waited for their commit.
            id = (await FindDmAsync(db, low, high))!.Value;
        }

        var opened = await SetOpenAsync(db, id, one, open: true);
        return new DmOpened((await FindAsync(db, id))!, opened);
    }, ct);

    public Task<bool> SetDmOpenAsync(ChannelId channel, UserId user, bool open, CancellationToken ct) =>
        database.WriteAsync(db => SetOpenAsync(db, channel, user, open), ct);

    public Task CreateGroupAsync(ChannelRecord group, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(db => InsertAsync(db, group, now), ct);

    public Task<Result<GroupChange>> UpdateGroupAsync(ChannelId channel, Func<ChannelRecord, Result<ChannelRecord>> change, CancellationToken ct) =>
        database.WriteAsync<Result<GroupChange>>(async db =>
        {
            if (await LockAsync(db, channel) is not { } before) return ErrorCode.UnknownChannel;
            if (!change(before).Ok(out var after, out var refusal)) return refusal;
            await SaveAsync(db, after);
            return new GroupChange(before, after);
        }, ct);

    public Task<RecipientAddition> AddRecipientAsync(ChannelId channel, UserId user, int most, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async db =>
    {
        if (await LockAsync(db, channel) is not { } group) return RecipientAddition.Gone;
        if (group.Recipients.Contains(user)) return RecipientAddition.AlreadyIn;
        if (group.Recipients.Count >= most) return RecipientAddition.Full;
        await db.ExecuteAsync("INSERT INTO recipients (channel_id, user_id, is_open, joined_at) VALUES (@channel, @user, 1, @now)", new { channel, user, now });
        return RecipientAddition.Added;
    }, ct);

    public Task<GroupChange?> RemoveRecipientAsync(ChannelId channel, UserId user, CancellationToken ct) => database.WriteAsync(async db =>
    {
        if (await LockAsync(db, channel) is not { } before || !before.Recipients.Contains(user)) return null;
        await db.ExecuteAsync("DELETE FROM recipients WHERE channel_id = @channel AND user_id = @user", new { channel, user });
        var after = before with { Recipients = [.. before.Recipients.Where(r => r != user)] };
        if (after.Recipients.Count == 0)
        {
            // Its messages and files go later, a few at a time.
            await db.ExecuteAsync("INSERT INTO deleted_channels (id, deleted_at) VALUES (@channel, @now)", new { channel, now = clock.GetUtcNow() });
            await db.ExecuteAsync("DELETE FROM channels WHERE id = @channel", new { channel });
        }
        else if (before.OwnerId == user)
        {
            var heir = await db.QueryFirstAsync<UserId>("SELECT user_id FROM recipients WHERE channel_id = @channel ORDER BY joined_at, user_id LIMIT 1", new { channel });
            after = after with { OwnerId = heir };
            await SaveAsync(db, after);
        }

        return new GroupChange(before, after);
    }, ct);

    static Task<ChannelId?> FindDmAsync(DbConnection db, UserId low, UserId high) =>
        db.ExecuteScalarAsync<ChannelId?>("SELECT channel_id FROM dms WHERE low_id = @low AND high_id = @high", new { low, high });

    static async Task<ChannelRecord?> FindAsync(DbConnection db, ChannelId id)
    {
        if (await db.QuerySingleOrDefaultAsync<ChannelRow>($"SELECT {ChannelRow.Columns} FROM channels WHERE id = @id", new { id }) is not { } row) return null;
        return row.GuildId is not null ? row.ToRecord() : ToRecord(row, await RecipientsAsync(db, id));
    }

    async Task<ChannelRecord?> LockAsync(DbConnection db, ChannelId channel) =>
        await db.QuerySingleOrDefaultAsync<ChannelRow>(lockGroup, new { channel }) is { } row ? ToRecord(row, await RecipientsAsync(db, channel)) : null;

    static Task<IEnumerable<Recipient>> RecipientsAsync(DbConnection db, ChannelId channel) =>
        db.QueryAsync<Recipient>("SELECT channel_id, user_id, is_open FROM recipients WHERE channel_id = @channel ORDER BY user_id", new { channel });

    static async Task<bool> SetOpenAsync(DbConnection db, ChannelId channel, UserId user, bool open) => await db.ExecuteAsync(
        "UPDATE recipients SET is_open = @open WHERE channel_id = @channel AND user_id = @user AND is_open <> @open", new { channel, user, open }) == 1;

    static Task<int> SaveAsync(DbConnection db, ChannelRecord group) =>
        db.ExecuteAsync("UPDATE channels SET name = @Name, icon = @Icon, owner_id = @OwnerId WHERE id = @Id", ChannelRow.From(group));

    static async Task InsertAsync(DbConnection db, ChannelRecord channel, DateTimeOffset now)
    {
        await db.ExecuteAsync($"INSERT INTO channels ({ChannelRow.Columns}) VALUES ({ChannelRow.Parameters})", ChannelRow.From(channel));
        await db.ExecuteAsync("INSERT INTO recipients (channel_id, user_id, is_open, joined_at) VALUES (@channel, @user, @isOpen, @now)",
            channel.Recipients.Select(user => new { channel = channel.Id, user, isOpen = !channel.HiddenFrom.Contains(user), now }));
    }

    static ChannelRecord ToRecord(ChannelRow row, IEnumerable<Recipient> recipients)
    {
        var all = recipients as IReadOnlyCollection<Recipient> ?? [.. recipients];
        return row.ToRecord([.. all.Select(r => r.UserId)]) with { HiddenFrom = [.. all.Where(r => !r.IsOpen).Select(r => r.UserId)] };
    }

    sealed class Recipient
    {
        public ChannelId ChannelId { get; set; }
        public UserId UserId { get; set; }
        public bool IsOpen { get; set; }
    }
}
