using Kith.Domain;
using Kith.Engine.Messages;

namespace Kith.Storage.Sql.Messages;

/// <summary>Which messages of a batch are to be written, where, and what the sender of each is told.</summary>
public sealed record MessagePlaces(IReadOnlyList<PlacedMessage> Placed, IReadOnlyList<MessageRecord> Written, IReadOnlyDictionary<ChannelId, MessageId> Tails)
{
    /// <param name="held">The channels of the messages.</param>
    /// <param name="tails">Their newest messages.</param>
    /// <param name="messages">In the order in which they are to be.</param>
    /// <param name="mint">Gives an id above the one it is given; null where messages keep theirs.</param>
    public static async Task<MessagePlaces> FindAsync(
        HeldChannels held, IReadOnlyDictionary<ChannelId, MessageId> tails, IReadOnlyList<MessageRecord> messages, Func<MessageId, MessageId>? mint)
    {
        var records = WithIds(messages, tails, mint);
        return Of(records, tails, await held.ClaimAsync(records));
    }

    /// <summary>As above, where no nonce is known.</summary>
    public static MessagePlaces OfNew(IReadOnlyDictionary<ChannelId, MessageId> tails, IReadOnlyList<MessageRecord> messages, Func<MessageId, MessageId> mint)
    {
        var records = WithIds(messages, tails, mint);
        return Of(records, tails, [.. records.Select(m => m.Id)]);
    }

    static MessagePlaces Of(List<MessageRecord> records, IReadOnlyDictionary<ChannelId, MessageId> tails, IReadOnlyList<MessageId> known)
    {
        var after = tails.ToDictionary();
        var placed = new PlacedMessage[records.Count];
        List<MessageRecord> written = [];
        for (var i = 0; i < placed.Length; i++)
        {
            var message = records[i];
            placed[i] = new PlacedMessage(known[i], after[message.ChannelId], known[i] == message.Id);
            if (!placed[i].IsNew) continue;
            written.Add(message);
            if (message.Id > after[message.ChannelId]) after[message.ChannelId] = message.Id;
        }

        return new MessagePlaces(placed, written, after);
    }

    static List<MessageRecord> WithIds(IReadOnlyList<MessageRecord> messages, IReadOnlyDictionary<ChannelId, MessageId> tails, Func<MessageId, MessageId>? mint)
    {
        var last = tails.ToDictionary();
        List<MessageRecord> records = [];
        foreach (var message in messages)
        {
            var tail = last[message.ChannelId];
            var record = mint is not null && message.Id <= tail ? message with { Id = mint(tail) } : message;
            if (record.Id > tail) last[message.ChannelId] = record.Id;
            records.Add(record);
        }

        return records;
    }
}
