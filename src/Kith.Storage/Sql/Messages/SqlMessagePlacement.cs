using System.Data.Common;
using Dapper;
using Kith.Domain;
using Kith.Engine.Messages;

namespace Kith.Storage.Sql.Messages;

/// <summary>
/// Commits batches of messages of many processes: each holds the rows of its channels' tails, in the order of their ids, until it is over. One statement reads them, one writes them,
/// whatever the number of messages.
/// </summary>
public sealed class SqlMessagePlacement(MySqlDatabase database) : IMessagePlacement
{
    public Task<IReadOnlyList<PlacedMessage>> PlaceAsync(IReadOnlyList<MessageRecord> messages, Func<MessageId, MessageId> mint, CancellationToken ct) =>
        database.WriteAsync<IReadOnlyList<PlacedMessage>>(async db =>
        {
            var tails = await HoldAsync(db, [.. messages.Select(m => m.ChannelId).Distinct().OrderBy(c => c.Value)]);
            var insert = MessageInsert.On(db, database.Dialect);
            var placed = new PlacedMessage[messages.Count];
            for (var i = 0; i < placed.Length; i++)
            {
                var message = messages[i];
                var tail = tails[message.ChannelId];
                if (message.Id <= tail) message = message with { Id = mint(tail) };
                var id = await insert.RunAsync(message);
                placed[i] = new PlacedMessage(id, tail, id == message.Id);
                if (placed[i].IsNew) tails[message.ChannelId] = id;
            }

            await db.ExecuteAsync(
                $"INSERT INTO channel_tails (channel_id, last_id) VALUES {string.Join(", ", tails.Select(t => $"({t.Key}, {t.Value})"))} ON DUPLICATE KEY UPDATE last_id = VALUES(last_id)");
            return placed;
        }, ct);

    /// <summary>The tails of these channels, which no one else can move until this transaction is over.</summary>
    static async Task<Dictionary<ChannelId, MessageId>> HoldAsync(DbConnection db, ChannelId[] channels)
    {
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

    static async Task<Dictionary<ChannelId, MessageId>> LockAsync(DbConnection db, ChannelId[] channels) =>
        (await db.QueryAsync<(ChannelId Channel, MessageId Last)>(
            "SELECT channel_id, last_id FROM channel_tails WHERE channel_id IN @channels ORDER BY channel_id FOR UPDATE", new { channels = SqlTypes.Values(channels) }))
        .ToDictionary(r => r.Channel, r => r.Last);
}
