using Kith.Domain;
using Kith.Engine.Messages;

namespace Kith.Storage.Sql.Messages;

/// <summary>
/// Commits batches of messages of many processes: each holds the rows of its channels' tails, in the order of their ids, until it is over. Two trips to the database: the tails, and all the
/// rest with the commit; two more where a nonce is known, and one for each 64 messages beyond the first 64.
/// </summary>
public sealed class SqlMessagePlacement(MySqlDatabase database) : IMessagePlacement
{
    public Task<IReadOnlyList<PlacedMessage>> PlaceAsync(IReadOnlyList<MessageRecord> messages, Func<MessageId, MessageId> mint, CancellationToken ct) =>
        database.TransactAsync(async db =>
        {
            var held = new HeldChannels(db, database.Dialect, await SqlChannelTails.HoldAsync(db, messages.Select(m => m.ChannelId)));
            var places = MessagePlaces.OfNew(held.Tails, messages, mint);
            if (await held.TryCommitNewAsync(places.Written, places.Tails)) return places.Placed;
            places = await MessagePlaces.FindAsync(held, held.Tails, messages, mint);
            await held.CommitAsync(places.Written, places.Tails);
            return places.Placed;
        }, ct);
}
