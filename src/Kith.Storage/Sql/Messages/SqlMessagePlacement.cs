using Kith.Domain;
using Kith.Engine.Messages;

namespace Kith.Storage.Sql.Messages;

/// <summary>
/// Commits batches of messages of many processes: each holds the rows of its channels' tails, in the order of their ids, until it is over. Four trips to the database, whatever the number of
/// messages: the tails, the nonces, the rest, the commit.
/// </summary>
public sealed class SqlMessagePlacement(MySqlDatabase database) : IMessagePlacement
{
    readonly SqlMessageLedger ledger = new(database);

    public Task<IReadOnlyList<PlacedMessage>> PlaceAsync(IReadOnlyList<MessageRecord> messages, Func<MessageId, MessageId> mint, CancellationToken ct) =>
        ledger.HoldAsync(messages.Select(m => m.ChannelId), async held =>
        {
            var places = await MessagePlaces.FindAsync(held, held.Tails, messages, mint);
            await held.InsertAsync(places.Written, places.Tails);
            return places.Placed;
        }, ct);
}
