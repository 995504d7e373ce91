using Kith.Domain;
using Kith.Engine.Delivery;

namespace Kith.Engine.Messages;

/// <summary>The lanes of this process: one for a store with a single writer, more where writes run side by side.</summary>
public sealed class MessageLanes(IMessageStore store, MessageEffects effects, IEventLog events, SnowflakeGenerator ids, int count = 1)
{
    readonly PublishedMessages published = new();
    MessageLane[]? lanes;

    internal MessageLane Of(ChannelId channel)
    {
        var all = lanes ??= [.. Enumerable.Range(0, count).Select(_ => new MessageLane(store, effects, events, published))];
        return all[(int)((ulong)channel.Value % (ulong)all.Length)];
    }

    internal MessageId NextId() => new(ids.Next());

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
