using System.Data.Common;
using Kith.Domain;
using Kith.Engine.Messages;

namespace Kith.Storage.Sql.Messages;

/// <summary>
/// Commits batches of messages of many processes: each holds the rows of its channels' tails, in the order of their ids, until it is over. Where this process was the last to write to all of a
/// batch's channels that takes one trip to the database: the tails are moved from where they were left, which fails where somebody else has moved them, and all the rest follows with the commit.
/// Otherwise two: the tails are read and held first. Two more where that failed or a nonce is known, and one for each 64 messages beyond the first 64.
/// </summary>
public sealed class SqlMessagePlacement(MySqlDatabase database) : IMessagePlacement
{
    readonly RecentTails recent = new();

    public Task<IReadOnlyList<PlacedMessage>> PlaceAsync(IReadOnlyList<MessageRecord> messages, Func<MessageId, MessageId> mint, CancellationToken ct) =>
        database.TransactAsync(async db => await TryAtOnceAsync(db, messages, mint) ?? await HoldingAsync(db, messages, mint), ct);

    /// <summary>Null where that was not to be done, and nothing was.</summary>
    async Task<IReadOnlyList<PlacedMessage>?> TryAtOnceAsync(DbConnection db, IReadOnlyList<MessageRecord> messages, Func<MessageId, MessageId> mint)
    {
        if (messages.Count > HeldChannels.AtOnce || recent.Find(messages.Select(m => m.ChannelId)) is not { } left) return null;
        var places = MessagePlaces.OfNew(left, messages, mint);
        if (!await new HeldChannels(db, database.Dialect, left).TryCommitFromAsync(places.Written, places.Tails)) return null;
        recent.Moved(places.Tails);
        return places.Placed;
    }

    async Task<IReadOnlyList<PlacedMessage>> HoldingAsync(DbConnection db, IReadOnlyList<MessageRecord> messages, Func<MessageId, MessageId> mint)
    {
        var held = new HeldChannels(db, database.Dialect, await SqlChannelTails.HoldAsync(db, messages.Select(m => m.ChannelId)));
        recent.Found(held.Tails);
        var places = MessagePlaces.OfNew(held.Tails, messages, mint);
        if (!await held.TryCommitNewAsync(places.Written, places.Tails))
        {
            places = await MessagePlaces.FindAsync(held, held.Tails, messages, mint);
            await held.CommitAsync(places.Written, places.Tails);
        }

        recent.Moved(places.Tails);
        return places.Placed;
    }
}
