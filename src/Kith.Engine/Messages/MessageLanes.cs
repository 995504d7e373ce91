using Kith.Domain;
using Kith.Engine.Delivery;

namespace Kith.Engine.Messages;

/// <summary>The lanes of this process: one for a store with a single writer, more where writes run side by side.</summary>
/// <param name="placement">Where other processes write as well; null where this is the only one.</param>
public sealed class MessageLanes(IMessageStore store, MessageEffects effects, IEventLog events, SnowflakeGenerator ids, int count = 1, IMessagePlacement? placement = null)
{
    readonly PublishedMessages published = new();
    readonly MessageLane?[] lanes = new MessageLane?[count];

    /// <summary>One lane for a channel, whoever asks first: two would each have an order of their own.</summary>
    internal MessageLane Of(ChannelId channel)
    {
        ref var lane = ref lanes[IndexOf(channel, count)];
        return Volatile.Read(ref lane) ?? Interlocked.CompareExchange(ref lane, new MessageLane(CommitAsync, effects, events, published), null) ?? lane!;
    }

    internal MessageId NextId() => new(ids.Next());

    /// <summary>The low bits of an id are mostly 0, since they count within a millisecond: all of it decides.</summary>
    internal static int IndexOf(ChannelId channel, int count) => (int)(((ulong)channel.Value * 0x9E37_79B9_7F4A_7C15 >> 32) % (ulong)count);

    async Task<IReadOnlyList<MessageId>> CommitAsync(List<PendingMessage> batch)
    {
        MessageRecord[] records = [.. batch.Select(p => p.Record)];
        // Carried out whatever becomes of the requests: a sender who hangs up may retry with its nonce.
        if (placement is null) return await store.InsertAsync(records, CancellationToken.None);
        var placed = await placement.PlaceAsync(records, Above, CancellationToken.None);
        for (var i = 0; i < batch.Count; i++)
            batch[i].Place(placed[i]);
        return [.. placed.Select(p => p.Id)];
    }

    /// <summary>An id of this process above one that another has given out, should that one's clock be ahead.</summary>
    MessageId Above(MessageId id)
    {
        // To the end of its millisecond: the worker's part of an id counts for more than the increment.
        ids.StartAfter(id.Value | ((1L << Snowflake.TimestampShift) - 1));
        return NextId();
    }

    /// <summary>Nothing is stored that could not be told.</summary>
    internal void RefuseIfAway() => events.RefuseIfAway();

    /// <summary>Publishes unless this process has.</summary>
    internal async ValueTask PublishOnceAsync(MessageId id, Event e, CancellationToken ct)
    {
        if (published.Contains(id)) return;
        await events.PublishAsync(e, ct);
        published.Add(id);
    }
}
