using Kith.Domain;
using Kith.Engine.Media.Pictures;
using Kith.Protocol;

namespace Kith.Engine.Media;

/// <summary>
/// Keeps files: content-addressed, so that what many send lies there once. The row comes before the blob, so that whoever looks for blobs without a row
/// never finds one in the making.
/// </summary>
public sealed class StoredFiles(IAttachmentStore attachments, IBlobStore blobs, FilePreparation preparation, MediaOptions options, SnowflakeGenerator ids, TimeProvider clock)
{
    /// <summary>Prepares the file and takes it over: what is kept is the store's afterwards, and safe.</summary>
    public async Task<Result<AttachmentRecord>> AddAsync(ChannelAccess access, string filename, IncomingFile upload, AttachmentState state, CancellationToken ct)
    {
        var prepared = await preparation.PrepareAsync(upload, filename, ct);
        using var file = prepared.File;
        var id = new AttachmentId(ids.Next());
        var record = new AttachmentRecord
        {
            Id = id, ChannelId = access.Id, UserId = access.Principal.Id, State = state, Filename = prepared.Filename, Size = file.Length,
            ContentType = prepared.ContentType, BlobKey = file.Sha256, Details = prepared.Details, CreatedAt = clock.GetUtcNow(),
        };
        return await KeepAsync(record, file, r => attachments.AddAsync(r, options.QuotaBytes, ct), ct);
    }

    /// <summary>The same with a file that was announced.</summary>
    public async Task<Result<AttachmentRecord>> CompleteAsync(AttachmentRecord expected, IncomingFile upload, CancellationToken ct)
    {
        var prepared = await preparation.PrepareAsync(upload, expected.Filename, ct);
        using var file = prepared.File;
        var record = expected with
        {
            State = AttachmentState.Ready, Filename = prepared.Filename, Size = file.Length, ContentType = prepared.ContentType, BlobKey = file.Sha256, Details = prepared.Details,
        };
        return await KeepAsync(record, file, r => attachments.CompleteAsync(r, ct), ct);
    }

    public Task RemoveAsync(IReadOnlyList<AttachmentRecord> files, CancellationToken ct) => attachments.RemoveAsync([.. files.Select(f => f.Id)], clock.GetUtcNow(), ct);

    async Task<Result<AttachmentRecord>> KeepAsync(AttachmentRecord record, IncomingFile file, Func<AttachmentRecord, Task<AttachmentAddition>> write, CancellationToken ct)
    {
        var added = await write(record);
        if (added == AttachmentAddition.BlobDoomed)
        {
            // The same content is being deleted in this moment: a key of its own, and nobody waits.
            record = record with { BlobKey = $"{file.Sha256}-{record.Id}" };
            added = await write(record);
        }

        if (added == AttachmentAddition.OverQuota) return ErrorCode.QuotaExceeded;
        if (added == AttachmentAddition.Gone) return ErrorCode.UnknownUpload;
        try
        {
            await blobs.AdoptAsync(record.BlobKey!, file.Path, record.ContentType, ct);
            return record;
        }
        catch (IOException e) when (IncomingFiles.IsFull(e))
        {
            await RemoveAsync([record], CancellationToken.None);
            return ErrorCode.StorageFull;
        }
        catch
        {
            await RemoveAsync([record], CancellationToken.None);
            throw;
        }
    }
}
