using System.Collections.Concurrent;
using Kith.Domain;
using Kith.Engine.Delivery;
using Microsoft.Extensions.Logging;

namespace Kith.Engine.Messages;

/// <summary>
/// Delivery off a log that several processes write to. Their messages are committed in one order by channel, but may reach the log in another, or not at all where a process died in between.
/// Each says which one was committed before it: where that has not been delivered, it is read from the store and delivered first; its own event, when it comes, is a repeat.
/// </summary>
public sealed partial class OrderedDelivery(EventDelivery delivery, MissingMessages missing, ILogger<OrderedDelivery> log) : IEventConsumer
{
    /// <summary>Channels whose newest delivered message is known; 100 bytes each.</summary>
    const int Capacity = 200_000;

    /// <summary>Where it is not known what was delivered, messages of so long before one are delivered once more: gateways drop what they have. By the message's time, since it may have waited.</summary>
    static readonly TimeSpan Doubt = TimeSpan.FromSeconds(10);

    readonly ConcurrentDictionary<ChannelId, Delivered> newest = new();
    readonly ConcurrentDictionary<int, Partition> partitions = new();

    public async ValueTask HandleAsync(Event e, CancellationToken ct)
    {
        // A log within the process keeps the order of commits.
        if (e.Position is not { } position)
        {
            await delivery.HandleAsync(e, ct);
            return;
        }

        var partition = Advance(position);
        if (e is { Name: "MESSAGE_CREATE", Message: { } message }) await DeliverAsync(e, message, partition, ct);
        else await delivery.HandleAsync(e, ct);
        partitions[position.Partition] = partition with { Offset = position.Offset };
    }

    async ValueTask DeliverAsync(Event e, MessageStamp message, Partition partition, CancellationToken ct)
    {
        var isKnown = newest.TryGetValue(message.Channel, out var known) && known.Reading == partition.Reading;
        if (isKnown && message.Id <= known.Message) return;
        if (!isKnown || message.Previous is not { } previous || previous > known.Message)
        {
            var from = isKnown ? known.Message : new MessageId(Snowflake.AtTime(Snowflake.TimestampOf(message.Id.Value) - Doubt));
            await foreach (var before in missing.BetweenAsync(message.Channel, from, message.Id, ct))
            {
                await delivery.HandleAsync(before, ct);
                if (isKnown) LogFilled(before.Message!.Id, message.Channel);
            }
        }

        await delivery.HandleAsync(e, ct);
        if (newest.Count > Capacity) newest.Clear();
        newest[message.Channel] = new Delivered(message.Id, partition.Reading);
    }

    /// <summary>A partition that was with another process meanwhile is read anew: what that one delivered is not known here.</summary>
    Partition Advance(LogPosition position)
    {
        var partition = partitions.GetValueOrDefault(position.Partition, new Partition(0, long.MinValue));
        return position.Offset == partition.Offset + 1 || position.Offset == partition.Offset ? partition : partition with { Reading = partition.Reading + 1 };
    }

    readonly record struct Delivered(MessageId Message, int Reading);

    /// <param name="Reading">Grows with each time that reading began somewhere else than where it ended.</param>
    readonly record struct Partition(int Reading, long Offset);

    [LoggerMessage(1110, LogLevel.Information, "{Message} in {Channel} was not in the log before the one after it, and was read from the store")]
    partial void LogFilled(MessageId message, ChannelId channel);
}
