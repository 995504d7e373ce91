using System.Data.Common;
using Dapper;
using Kith.Domain;

namespace Kith.Storage.Sql.Messages;

/// <summary>The row of each channel that is held by whoever commits messages there, whichever process that is.</summary>
static class SqlChannelTails
{
    /// <summary>The tails of these channels, which no one else can move until this transaction is over.</summary>
    public static async Task<Dictionary<ChannelId, MessageId>> HoldAsync(DbConnection db, IEnumerable<ChannelId> of)
    {
        // In the order of their ids, so that two batches wait for one another and never both.
        ChannelId[] channels = [.. of.Distinct().OrderBy(c => c.Value)];
        var tails = await LockAsync(db, channels);
        ChannelId[] missing = [.. channels.Where(c => !tails.ContainsKey(c))];
        if (missing.Length == 0) return tails;
        // The first message since the table is there, or ever.
        foreach (var channel in missing)
        {
            await db.ExecuteAsync(
                "INSERT IGNORE INTO channel_tails (channel_id, last_id) SELECT @channel, COALESCE(MAX(id), 0) FROM messages WHERE channel_id = @channel", new { channel });
        }

        return await LockAsync(db, channels);
    }

    static async Task<Dictionary<ChannelId, MessageId>> LockAsync(DbConnection db, ChannelId[] channels)
    {
        await using var command = db.CreateCommand();
        command.CommandText = $"SELECT channel_id, last_id FROM channel_tails WHERE channel_id IN ({SqlTypes.Join(channels)}) ORDER BY channel_id FOR UPDATE";
        await using var rows = await command.ExecuteReaderAsync();
        Dictionary<ChannelId, MessageId> tails = [];
        while (await rows.ReadAsync())
            tails.Add(new ChannelId(rows.GetInt64(0)), new MessageId(rows.GetInt64(1)));
        return tails;
    }
}
