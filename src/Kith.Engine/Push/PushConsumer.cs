using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Messages;
using Kith.Protocol;

namespace Kith.Engine.Push;

/// <summary>
/// The notify role: what each event means for pushes. Returns once it is in the durable queue, so a log that repeats what was not finished may call it directly; a log in
/// memory goes through <see cref="PushFeed"/>. Repeats change nothing.
/// </summary>
public sealed class PushConsumer(MessageNotifier notifier, PushAudience audience, Absences absences, PushQueue queue) : IEventConsumer
{
    public async ValueTask HandleAsync(Event e, CancellationToken ct)
    {
        audience.Changed(e);
        switch (e)
        {
            case { Name: "MESSAGE_CREATE", Message: { } stamp }:
                await notifier.NotifyAsync(new MessageKey(stamp.Channel, stamp.Id), stamp.Author, known: null, ct);
                break;
            case { Name: "MESSAGE_ACK", Audience: Audience.OfUsers { Users: [var user] } }:
                await WithdrawAsync(user, e.Data, ct);
                break;
            case { Name: "PRESENCE_UPDATE", Audience: Audience.OfWatchers watchers }:
                absences.PresenceChanged(watchers.User, JsonFields.Text(e.Data, "status"));
                break;
        }
    }

    /// <summary>Also where a mark was moved backwards: up to it all is read.</summary>
    async Task WithdrawAsync(UserId user, ReadOnlyMemory<byte> ack, CancellationToken ct)
    {
        if (JsonFields.Id<ChannelId>(ack, "channel_id") is { } channel && JsonFields.Id<MessageId>(ack, "message_id") is { } message)
            await queue.WithdrawAsync(user, new MessageKey(channel, message), ct);
    }
}
