using Kith.Domain;
using Kith.Engine.Unread;

namespace Kith.Engine.Messages;

/// <summary>What must be true between a commit and its event: counts are forgotten before the channel's tail moves, so that no one counts through a tail with older counts.</summary>
public sealed class MessageEffects(ChannelTails tails, INotificationCache notifications)
{
    /// <summary>Around the commit of a batch: what it mentions counts from neither cache nor store until its end.</summary>
    public async Task<T> StoreAsync<T>(IReadOnlyList<MessageRecord> batch, Func<Task<T>> commit)
    {
        UserId[] mentioned = [.. batch.SelectMany(m => m.Mentions.Users).Distinct()];
        if (mentioned.Length == 0) return await commit();
        await notifications.HoldAsync(mentioned, CancellationToken.None);
        try
        {
            return await commit();
        }
        finally
        {
            await notifications.ReleaseAsync(mentioned, CancellationToken.None);
        }
    }

    /// <summary>After that.</summary>
    public void Stored(MessageRecord message) => tails.Raise(message.ChannelId, message.Id);
}
