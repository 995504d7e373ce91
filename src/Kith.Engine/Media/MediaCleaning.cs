using Kith.Domain;
using Kith.Engine.Messages;

namespace Kith.Engine.Media;

/// <summary>What a sweep did.</summary>
/// <param name="Orphans">Uploads that no message took within a day.</param>
/// <param name="Repaired">Files of messages that a crash had left unnoted.</param>
/// <param name="Deleted">Files of deleted messages that a crash had left.</param>
/// <param name="Blobs">Removed from the blob store.</param>
/// <param name="Leftovers">Of broken transfers.</param>
public sealed record SweepReport(int Orphans, int Repaired, int Deleted, int Blobs, int Leftovers);

/// <summary>Finds what is no longer needed, and what a crash left half done.</summary>
public sealed class MediaCleaning(IAttachmentStore attachments, BlobCleaning blobs, DirectUploads uploading, IMessageStore messages, IncomingFiles incoming, TimeProvider clock)
{
    /// <summary>How long an upload may wait for its message, or a transfer for its end.</summary>
    public static readonly TimeSpan OrphanAge = TimeSpan.FromDays(1);

    /// <summary>Longer than any deletion takes.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    const int Batch = 200;

    /// <summary>Of one author in one channel, within which a lost message is looked for.</summary>
    const int MaxLookedAt = 10_000;

    public async Task<SweepReport> SweepAsync(CancellationToken ct)
    {
        var (orphans, repaired) = await SettleUnsentAsync(ct);
        var (deleted, kept) = await SettleMarkedAsync(ct);
        return new SweepReport(orphans, repaired + kept, deleted, await blobs.RemoveAsync(clock.GetUtcNow() - Grace, ct), RemoveLeftovers());
    }

    async Task<(int Orphans, int Repaired)> SettleUnsentAsync(CancellationToken ct)
    {
        var (orphans, repaired) = (0, 0);
        IReadOnlyList<AttachmentRecord> batch;
        do
        {
            batch = await attachments.UnsentAsync(clock.GetUtcNow() - OrphanAge, Batch, ct);
            foreach (var file in batch)
            {
                if (file.State == AttachmentState.Claimed && await MessageOfAsync(file, ct) is { } message)
                {
                    await attachments.SentAsync([file.Id], message, ct);
                    repaired++;
                }
                else
                {
                    await uploading.DiscardAsync(file, ct);
                    await attachments.RemoveAsync([file.Id], clock.GetUtcNow(), ct);
                    orphans++;
                }
            }
        }
        while (batch.Count == Batch);
        return (orphans, repaired);
    }

    async Task<(int Deleted, int Kept)> SettleMarkedAsync(CancellationToken ct)
    {
        var (deleted, kept) = (0, 0);
        IReadOnlyList<AttachmentRecord> batch;
        do
        {
            batch = await attachments.MarkedAsync(clock.GetUtcNow() - Grace, Batch, ct);
            foreach (var file in batch)
            {
                if (file.MessageId is { } id && await messages.FindAsync(file.ChannelId, id, ct) is { } message && Has(message, file.Id))
                {
                    await attachments.MarkAsync([file.Id], null, ct);
                    kept++;
                }
                else
                {
                    await attachments.RemoveAsync([file.Id], clock.GetUtcNow(), ct);
                    deleted++;
                }
            }
        }
        while (batch.Count == Batch);
        return (deleted, kept);
    }

    int RemoveLeftovers()
    {
        if (!Directory.Exists(incoming.Folder)) return 0;
        var oldest = (clock.GetUtcNow() - OrphanAge).UtcDateTime;
        var left = Directory.EnumerateFiles(incoming.Folder).Where(path => File.GetLastWriteTimeUtc(path) < oldest).ToArray();
        foreach (var path in left)
            File.Delete(path);
        return left.Length;
    }

    async Task<MessageId?> MessageOfAsync(AttachmentRecord file, CancellationToken ct)
    {
        var since = new MessageId(Snowflake.AtTime(file.CreatedAt) - 1);
        var ids = await messages.OfAuthorAsync(file.ChannelId, file.UserId, since, MaxLookedAt, ct);
        foreach (var chunk in ids.Chunk(Batch))
        {
            if ((await messages.FindManyAsync(file.ChannelId, chunk, ct)).FirstOrDefault(m => Has(m, file.Id)) is { } message) return message.Id;
        }

        return null;
    }

    static bool Has(MessageRecord message, AttachmentId file) => message.Parts.Attachments.Any(a => a.Id == file);
}

/// <summary>Removes blobs that nothing refers to.</summary>
public sealed class BlobCleaning(IBlobIndex index, IBlobStore blobs)
{
    const int Batch = 200;

    /// <summary>Without a reference since before the moment. How many there were.</summary>
    public async Task<int> RemoveAsync(DateTimeOffset before, CancellationToken ct)
    {
        var removed = 0;
        IReadOnlyList<string> batch;
        do
        {
            batch = await index.DoomAsync(before, Batch, ct);
            foreach (var key in batch)
            {
                await blobs.DeleteAsync(key, ct);
                await index.ForgetAsync(key, ct);
            }

            removed += batch.Count;
        }
        while (batch.Count == Batch);
        return removed;
    }
}
