using Kith.Domain;
using Kith.Engine.Media;
using Kith.Engine.Media.Previews;
using Kith.Engine.Unread;

namespace Kith.Engine.Messages;

/// <summary>What must be true between a commit and its event: counts are forgotten before the channel's tail moves, so that no one counts through a tail with older counts.</summary>
public sealed class MessageEffects(ChannelTails tails, INotificationCache notifications, MessageFiles files, LinkQueue links)
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
    public void Stored(MessageRecord message)
    {
        tails.Raise(message.ChannelId, message.Id);
        links.Offer(message);
    }

    /// <summary>Before the deletion; what it answers is for <see cref="DeletedAsync"/>.</summary>
    public ValueTask<IReadOnlyList<AttachmentId>> DeletingAsync(ChannelId channel, IReadOnlyCollection<MessageId> messages, CancellationToken ct) =>
        files.DeletingAsync(channel, messages, ct);

    /// <summary>Returns the channel's newest message after the deletion.</summary>
    public async ValueTask<MessageId?> DeletedAsync(ChannelId channel, IReadOnlyList<MessageRecord> deleted, IReadOnlyList<AttachmentId> theirFiles, CancellationToken ct)
    {
        var mentioned = deleted.SelectMany(m => m.Mentions.Users).Distinct().ToArray();
        if (mentioned.Length > 0) await notifications.ForgetAsync(mentioned, ct);
        var tail = await tails.RereadAsync(channel, ct);
        await files.DeletedAsync(theirFiles, ct);
        return tail;
    }
}
