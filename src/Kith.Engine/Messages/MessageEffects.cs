using Kith.Engine.Unread;

namespace Kith.Engine.Messages;

/// <summary>What must be true between a commit and its event: counts are forgotten before the channel's tail moves, so that no one counts through a tail with older counts.</summary>
public sealed class MessageEffects(ChannelTails tails, INotificationCache notifications)
{
    public async ValueTask StoredAsync(MessageRecord message, CancellationToken ct)
    {
        if (message.Mentions.Users.Count > 0) await notifications.ForgetAsync(message.Mentions.Users, ct);
        tails.Raise(message.ChannelId, message.Id);
    }
}
