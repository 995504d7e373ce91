using System.Data.Common;
using Kith.Domain;
using Kith.Engine.Delivery;
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

    public async Task<IReadOnlyList<PlacedMessage>> PlaceAsync(IReadOnlyList<MessageRecord> messages, Func<MessageId, MessageId> mint, CancellationToken ct)
    {
        MessagePlaces? begun = null;
        try
        {
            return await database.TransactAsync(
                async db =>
                {
                    if (messages.Count <= HeldChannels.AtOnce && recent.Find(messages.Select(m => m.ChannelId)) is { } left)
                    {
                        begun = MessagePlaces.OfNew(left, messages, mint);
                        if (await new HeldChannels(db, database.Dialect, left).TryCommitFromAsync(begun.Written, begun.Tails))
                        {
                            recent.Moved(begun.Tails);
                            return begun.Placed;
                        }
                    }

                    begun = null;
                    return await HoldingAsync(db, messages, mint, null);
                }, ct);
        }
        catch (UnavailableException e) when (begun is not null && MySqlConnections.IsLost(e.InnerException))
        {
            // Lost is the connection, which the server may have ended while it was idle, or its answer. Once the tails are held that is known, and what comes there late finds them moved.
            return await database.TransactAsync(db => HoldingAsync(db, messages, mint, begun), ct);
        }
    }

    /// <param name="begun">What may have been committed before; all of it or nothing.</param>
    async Task<IReadOnlyList<PlacedMessage>> HoldingAsync(DbConnection db, IReadOnlyList<MessageRecord> messages, Func<MessageId, MessageId> mint, MessagePlaces? begun)
    {
        var held = new HeldChannels(db, database.Dialect, await SqlChannelTails.HoldAsync(db, messages.Select(m => m.ChannelId)));
        recent.Found(held.Tails);
        if (begun is not null && await held.HasAsync(begun.Written[0]))
        {
            // Lets go of the tails.
            await PreparedStatement.On(db, "ROLLBACK", 0).ExecuteAsync();
            return begun.Placed;
        }

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
