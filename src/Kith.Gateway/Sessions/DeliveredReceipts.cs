using System.Collections.Concurrent;
using System.Threading.Channels;
using Kith.Domain;
using Kith.Engine.Channels;
using Kith.Engine.Delivery;
using Kith.Engine.Receipts;
using Kith.Gateway.Transport;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kith.Gateway.Sessions;

/// <summary>
/// Turns heartbeats into delivered receipts: of the private messages that a sequence number confirms, the newest of each channel. Loops note, one reader tells the
/// engine; a channel that a user confirms again before it is told is told once.
/// </summary>
sealed partial class DeliveredReceipts(ReceiptMarks receipts, ChannelDirectory channels, ILogger<DeliveredReceipts> log) : BackgroundService
{
    readonly ConcurrentDictionary<(UserId User, ChannelId Channel), MessageId> newest = new();

    // Bounded in fact: what is in it is a key of the table above.
    readonly Channel<(UserId User, ChannelId Channel)> waiting = Channel.CreateUnbounded<(UserId, ChannelId)>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>On a loop's thread, before the ring forgets what is confirmed.</summary>
    public void Note(UserId user, EventRing ring, int sequence)
    {
        Dictionary<ChannelId, MessageId>? confirmed = null;
        for (var at = ring.Floor + 1; at <= Math.Min(sequence, ring.Head); at++)
        {
            // Later in the ring is newer in the channel.
            if (ring[at].Subject is MessageStamp { IsPrivate: true } message && message.Author != user) (confirmed ??= [])[message.Channel] = message.Id;
        }

        foreach (var (channel, message) in confirmed ?? [])
            Note((user, channel), message);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var key in waiting.Reader.ReadAllAsync(stoppingToken))
        {
            if (!newest.TryRemove(key, out var message)) continue;
            try
            {
                var (channel, _) = await channels.FindAsync(key.Channel, stoppingToken);
                if (channel is not null) await receipts.DeliveredAsync(key.User, channel, message, stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The watermark is raised with the next message that is confirmed.
                LogFailed(e, key.Channel);
            }
        }
    }

    void Note((UserId User, ChannelId Channel) key, MessageId message)
    {
        var isNew = true;
        newest.AddOrUpdate(key, message, (_, known) =>
        {
            isNew = false;
            return known > message ? known : message;
        });
        if (isNew) waiting.Writer.TryWrite(key);
    }

    [LoggerMessage(4102, LogLevel.Error, "That messages in {Channel} were delivered could not be told")]
    partial void LogFailed(Exception e, ChannelId channel);
}
