using System.Buffers.Binary;
using System.Collections.Concurrent;
using Kith.Cluster.Events;
using Kith.Domain;
using Kith.Engine.Delivery;

namespace Kith.Cluster.Kafka;

/// <summary>
/// The event log of a cluster. An event that is published while Kafka goes away is held in line and told once it is back, if this process lives on; its publisher learns that Kafka
/// is away. A repeated send of a message that is so held joins it instead of telling it twice.
/// </summary>
public sealed class KafkaEventLog(KafkaProducer producer, KafkaOptions options) : IEventLog
{
    /// <summary>More than the line can hold: beyond it those that are told are forgotten, and a repeat is told twice, which clients notice by the id.</summary>
    const int MostHeld = 200_000;

    readonly ConcurrentDictionary<MessageId, Task> held = new();

    public void RefuseIfAway() => producer.RefuseIfAway();

    public async ValueTask PublishAsync(Event e, CancellationToken ct)
    {
        var created = e is { Name: "MESSAGE_CREATE", Message: { } message } ? message.Id : default;
        var sent = held.TryGetValue(created, out var earlier) && !earlier.IsFaulted ? earlier : producer.SendAsync(options.EventsTopic, KeyOf(e), EventCodec.Encode(e));
        try
        {
            await producer.WaitAsync(sent, ct);
        }
        catch (UnavailableException) when (created != default && !sent.IsFaulted)
        {
            Hold(created, sent);
            throw;
        }
    }

    static byte[] KeyOf(Event e)
    {
        var key = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(key, e.Key);
        return key;
    }

    void Hold(MessageId id, Task sent)
    {
        if (held.Count >= MostHeld)
        {
            foreach (var (told, _) in held.Where(h => h.Value.IsCompleted))
                held.TryRemove(told, out _);
        }

        held[id] = sent;
    }
}
