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
            var tails = await SqlChannelTails.HoldAsync(db, messages.Select(m => m.ChannelId));
            var insert = new MessageInsert(db, database.Dialect);
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

            await SqlChannelTails.SaveAsync(db, tails);
            return placed;
        }, ct);
}
