using System.Data.Common;
using Dapper;
using Kith.Domain;
using Kith.Engine.Import;
using Kith.Engine.Messages;
using Kith.Storage.Sql.Import;
using MySql.Data.MySqlClient;

namespace Kith.Storage.Sql.Messages;

/// <summary>
/// What stays relational of messages that are kept elsewhere: the tail of each channel, by whose row writers take turns; nonces; broadcasts, reactions and pins.
/// <code>
/// channel_tails (channel_id)             last_id: the newest ever committed
/// channel_newest (channel_id)            tail_id, newest_id: where that one was deleted, the newest left
/// sent_nonces (nonce, channel_id, author_id)   message_id
/// broadcast_mentions (channel_id, message_id), reactions (message_id, …), pins (channel_id, message_id)
/// </code>
/// </summary>
public sealed class SqlMessageLedger(MySqlDatabase database)
{
    /// <summary>
    /// Holds these channels against every other writer until the work is done, and commits what it entered. The work may be run again, where the server undid it.
    /// </summary>
    public Task<T> HoldAsync<T>(IEnumerable<ChannelId> channels, Func<HeldChannels, Task<T>> work, CancellationToken ct) => database.WriteAsync(
        async db => await work(new HeldChannels(db, database.Dialect, await SqlChannelTails.HoldAsync(db, channels))), ct);

    /// <summary>The newest message left in each channel that has one.</summary>
    public Task<IReadOnlyDictionary<ChannelId, MessageId>> NewestAsync(IReadOnlyCollection<ChannelId> channels, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyDictionary<ChannelId, MessageId>>(async db => channels.Count == 0 ? new Dictionary<ChannelId, MessageId>()
            : (await db.QueryAsync<(ChannelId Channel, MessageId Newest)>(
                $"""
                SELECT t.channel_id, COALESCE(n.newest_id, t.last_id) AS newest FROM channel_tails t
                LEFT JOIN channel_newest n ON n.channel_id = t.channel_id AND n.tail_id = t.last_id
                WHERE t.channel_id IN ({SqlTypes.Join(channels)}) HAVING newest > 0
                """)).ToDictionary(r => r.Channel, r => r.Newest), ct);

    /// <summary>The newest id ever committed; reads every channel's row.</summary>
    public Task<MessageId> NewestIdAsync(CancellationToken ct) => database.ReadAsync(
        async db => new MessageId(await db.ExecuteScalarAsync<long?>("SELECT MAX(last_id) FROM channel_tails") ?? 0), ct);

    /// <summary>Forgets what belonged to messages that are being deleted.</summary>
    public Task ForgetAsync(ChannelId channel, IReadOnlyCollection<MessageId> messages, CancellationToken ct) => database.WriteAsync(
        db => MessageMarks.DeleteAsync(db, channel, SqlTypes.Values(messages)), ct);

    /// <summary>Messages that the database has of its own, from before they were kept elsewhere.</summary>
    public Task<bool> HasMessagesAsync(CancellationToken ct) => database.ReadAsync(
        async db => await db.ExecuteScalarAsync<long?>("SELECT id FROM messages LIMIT 1") is not null, ct);
}

/// <summary>Channels in which nobody else commits for as long as this is held.</summary>
public sealed class HeldChannels
{
    /// <summary>Messages of one statement: with all that one may hold they stay well below what servers take (max_allowed_packet, 16 MB).</summary>
    internal const int AtOnce = 64;

    const int ColumnCannotBeNull = 1048;

    readonly DbConnection db;
    readonly SqlDialect dialect;
    readonly IReadOnlyDictionary<ChannelId, MessageId> tails;

    internal HeldChannels(DbConnection db, SqlDialect dialect, IReadOnlyDictionary<ChannelId, MessageId> tails) => (this.db, this.dialect, this.tails) = (db, dialect, tails);

    /// <summary>The newest ever committed in each; zero for none.</summary>
    public IReadOnlyDictionary<ChannelId, MessageId> Tails => tails;

    /// <summary>Enters the nonces of these messages; for each, the id under which its nonce is known: another's where it was used before.</summary>
    public async Task<IReadOnlyList<MessageId>> ClaimAsync(IReadOnlyList<MessageRecord> messages)
    {
        MessageRecord[] named = [.. messages.Where(m => m.Nonce is not null)];
        if (named.Length == 0 || await InsertNoncesAsync(named) == named.Length) return [.. messages.Select(m => m.Id)];
        var ids = new MessageId[messages.Count];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = messages[i].Nonce is null ? messages[i].Id : await FirstAsync(messages[i]);
        return ids;
    }

    /// <summary>True where this message is kept here.</summary>
    internal async Task<bool> HasAsync(MessageRecord message) =>
        await db.ExecuteScalarAsync<long?>("SELECT id FROM messages WHERE channel_id = @ChannelId AND id = @Id", new { message.ChannelId, message.Id }) is not null;

    /// <summary>Enters messages that are kept here, with all that belongs to them, and commits. False where one of their nonces is known: then nothing was done.</summary>
    public async Task<bool> TryCommitNewAsync(IReadOnlyList<MessageRecord> messages, IReadOnlyDictionary<ChannelId, MessageId> newTails)
    {
        try
        {
            await CommitAsync(messages, newTails, nonces: true);
            return true;
        }
        catch (DbException e) when (dialect.IsDuplicateKey(e))
        {
            // The first statement; it was undone, and the others were not begun.
            return false;
        }
    }

    /// <summary>
    /// As above, for channels that are not held yet but were left at these tails: false as well where somebody else has moved one of them. No more than <see cref="AtOnce"/> messages.
    /// </summary>
    internal async Task<bool> TryCommitFromAsync(IReadOnlyList<MessageRecord> messages, IReadOnlyDictionary<ChannelId, MessageId> newTails)
    {
        await using var batch = new SqlBatch(db);
        MoveFrom(batch, newTails);
        AddNonces(batch, "INSERT", messages);
        Add(batch, messages);
        try
        {
            await batch.CommitAsync();
            return true;
        }
        catch (DbException e) when (dialect.IsDuplicateKey(e) || e is MySqlException { Number: ColumnCannotBeNull })
        {
            await PreparedStatement.On(db, "ROLLBACK", 0).ExecuteAsync();
            return false;
        }
    }

    /// <summary>As above, where nonces have been claimed.</summary>
    public Task CommitAsync(IReadOnlyList<MessageRecord> messages, IReadOnlyDictionary<ChannelId, MessageId> newTails) => CommitAsync(messages, newTails, nonces: false);

    /// <summary>Enters the broadcasts among messages, and the newest of each channel.</summary>
    public async Task AddAsync(IReadOnlyList<MessageRecord> messages, IReadOnlyDictionary<ChannelId, MessageId> newTails)
    {
        await using var batch = new SqlBatch(db);
        AddBroadcasts(batch, messages);
        Move(batch, newTails);
        await batch.RunAsync();
    }

    /// <summary>Enters what an import wrote into one of the channels, and how far it came.</summary>
    public async Task FinishImportAsync(ImportBatch batch)
    {
        await ImportRows.FinishAsync(db, dialect, batch);
        await ImportedIdRows.SettleAsync(db, batch);
    }

    /// <summary>Where the newest was deleted: what is left, zero for nothing.</summary>
    public Task LeaveAsync(ChannelId channel, MessageId newest) => db.ExecuteAsync(
        $"""
        INSERT INTO channel_newest (channel_id, tail_id, newest_id) VALUES (@channel, @tail, @newest)
        {dialect.OnConflictUpdate("channel_id", "tail_id", "newest_id")}
        """, new { channel, tail = tails[channel], newest });

    async Task CommitAsync(IReadOnlyList<MessageRecord> messages, IReadOnlyDictionary<ChannelId, MessageId> newTails, bool nonces)
    {
        MessageRecord[][] chunks = messages.Count == 0 ? [[]] : [.. messages.Chunk(AtOnce)];
        foreach (var some in chunks)
        {
            await using var batch = new SqlBatch(db);
            if (nonces && some == chunks[0]) AddNonces(batch, "INSERT", messages);
            Add(batch, some);
            if (some != chunks[^1])
            {
                await batch.RunAsync();
                continue;
            }

            Move(batch, newTails);
            await batch.CommitAsync();
        }
    }

    void Add(SqlBatch batch, IReadOnlyList<MessageRecord> messages)
    {
        MessageRows.Add(batch, messages);
        var mentions = messages.SelectMany(m => m.Mentions.Users.Where(u => u != m.AuthorId).Select(u => $"({u}, {m.ChannelId}, {m.Id})"));
        batch.Insert($"{dialect.InsertIgnore} INTO direct_mentions (user_id, channel_id, message_id)", mentions);
        AddBroadcasts(batch, messages);
    }

    void AddBroadcasts(SqlBatch batch, IReadOnlyList<MessageRecord> messages)
    {
        var broadcasts = messages.Where(m => m.Mentions.IsBroadcast).Select(m => $"({m.ChannelId}, {m.Id}, {m.AuthorId}, {batch.Text(MentionColumn.Write(m.Mentions))})");
        batch.Insert($"{dialect.InsertIgnore} INTO broadcast_mentions (channel_id, message_id, author_id, mentions)", broadcasts);
    }

    void Move(SqlBatch batch, IReadOnlyDictionary<ChannelId, MessageId> newTails)
    {
        var moved = newTails.Where(t => t.Value != tails[t.Key]).Select(t => $"({t.Key}, {t.Value})");
        batch.Insert("INSERT INTO channel_tails (channel_id, last_id)", moved, dialect.OnConflictUpdate("channel_id", "last_id"));
    }

    /// <summary>In the order of their ids, as they are held. One that is elsewhere becomes NULL, which the column refuses.</summary>
    void MoveFrom(SqlBatch batch, IReadOnlyDictionary<ChannelId, MessageId> newTails)
    {
        var left = string.Join(' ', tails.Select(t => $"WHEN {t.Key} THEN {t.Value}"));
        batch.Insert(
            "INSERT INTO channel_tails (channel_id, last_id)",
            newTails.OrderBy(t => t.Key.Value).Select(t => $"({t.Key}, {t.Value})"),
            $"ON DUPLICATE KEY UPDATE last_id = IF(last_id = CASE channel_id {left} END, VALUES(last_id), NULL)");
    }

    static void AddNonces(SqlBatch batch, string insert, IEnumerable<MessageRecord> messages) => batch.Insert(
        $"{insert} INTO sent_nonces (channel_id, author_id, nonce, message_id)",
        messages.Where(m => m.Nonce is not null).Select(m => $"({m.ChannelId}, {m.AuthorId}, {batch.Text(m.Nonce)}, {m.Id})"));

    async Task<int> InsertNoncesAsync(IReadOnlyList<MessageRecord> named)
    {
        await using var batch = new SqlBatch(db);
        AddNonces(batch, dialect.InsertIgnore, named);
        return await batch.RunAsync();
    }

    Task<MessageId> FirstAsync(MessageRecord message) => db.ExecuteScalarAsync<MessageId>(
        "SELECT message_id FROM sent_nonces WHERE channel_id = @ChannelId AND author_id = @AuthorId AND nonce = @Nonce", new { message.ChannelId, message.AuthorId, message.Nonce });
}

/// <summary>What other tables know of messages.</summary>
static class MessageMarks
{
    public static async Task DeleteAsync(DbConnection db, ChannelId channel, long[] ids)
    {
        await db.ExecuteAsync("DELETE FROM broadcast_mentions WHERE channel_id = @channel AND message_id IN @ids", new { channel, ids });
        await db.ExecuteAsync("DELETE FROM reactions WHERE message_id IN @ids", new { ids });
        await db.ExecuteAsync("DELETE FROM pins WHERE channel_id = @channel AND message_id IN @ids", new { channel, ids });
    }
}
