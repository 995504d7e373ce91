using System.Globalization;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Messages;
using Kith.Protocol;

namespace Kith.Engine.Media;

/// <summary>A file that a client is about to upload.</summary>
/// <param name="Id">The client's own number for it, which the answer repeats.</param>
public sealed record UploadForm(string? Filename = null, long? FileSize = null, System.Text.Json.JsonElement? Id = null);

/// <summary>Where to upload it, and by which name a message names it then.</summary>
public sealed record AnnouncedUpload(AttachmentRecord File, System.Text.Json.JsonElement? ClientId, UploadTarget Target)
{
    public string UploadFilename => $"{File.Id}/{File.Filename}";
}

/// <summary>
/// Files that clients upload past the chat, and then name in a message: to the blob store where that takes them, else to addresses of our own, where an upload that broke off goes on.
/// </summary>
public sealed class DirectUploads(IAttachmentStore attachments, StoredFiles stored, IncomingFiles incoming, UploadLinks links, MediaOptions options, SnowflakeGenerator ids)
{
    public async Task<Result<IReadOnlyList<AnnouncedUpload>>> AnnounceAsync(ChannelAccess access, IReadOnlyList<UploadForm> forms, CancellationToken ct)
    {
        if (Check(forms) is { } wrong) return wrong;
        List<AnnouncedUpload> announced = [];
        foreach (var form in forms)
        {
            var id = new AttachmentId(ids.Next());
            var target = await links.TargetAsync(id, form.FileSize!.Value, ct);
            var record = new AttachmentRecord
            {
                Id = id, ChannelId = access.Id, UserId = access.Principal.Id, State = AttachmentState.Expected, Filename = FileNames.Clean(form.Filename), Size = form.FileSize.Value,
                ContentType = FileTypes.Unknown, Details = new FileDetails { UploadId = target.UploadId }, CreatedAt = Snowflake.TimestampOf(id.Value),
            };
            if (await attachments.AddAsync(record, options.QuotaBytes, ct) == AttachmentAddition.OverQuota)
            {
                await stored.RemoveAsync([.. announced.Select(a => a.File)], CancellationToken.None);
                return ErrorCode.QuotaExceeded;
            }

            announced.Add(new AnnouncedUpload(record, form.Id?.Clone(), target));
        }

        return announced;
    }

    /// <summary>How much of it is there.</summary>
    public async Task<Result<(long Offset, long Length)>> ProgressAsync(AttachmentId id, CancellationToken ct)
    {
        if (await attachments.FindAsync(id, ct) is not { } file) return ErrorCode.UnknownUpload;
        if (file.State != AttachmentState.Expected) return (file.Size, file.Size);
        var part = new FileInfo(PathOf(id));
        return (part.Exists ? part.Length : 0, file.Size);
    }

    /// <summary>
    /// Goes on with an upload at its offset, or begins anew at null; once all is there, the file is ready. What came in before a connection broke stays. Returns the new offset.
    /// </summary>
    public async Task<Result<long>> AppendAsync(AttachmentId id, long? offset, Stream content, CancellationToken ct)
    {
        if (await attachments.FindAsync(id, ct) is not { State: AttachmentState.Expected } file) return ErrorCode.UnknownUpload;
        if (!incoming.HasRoom) return ErrorCode.StorageFull;
        long length;
        try
        {
            await using var part = Open(id);
            if (offset is null) part.SetLength(0);
            if (part.Length != (offset ?? 0)) return ErrorCode.UploadOffsetMismatch;
            part.Position = part.Length;
            if (!await IncomingFiles.CopyAsync(content, part, file.Size, ct)) return ErrorCode.FileTooLarge;
            length = part.Length;
            if (length < file.Size) return length;
        }
        catch (IOException e) when (IncomingFiles.IsFull(e))
        {
            return ErrorCode.StorageFull;
        }
        catch (UploadBusyException)
        {
            return ErrorCode.UploadBusy;
        }

        // Under another name, so that it is completed once, whoever else finds it complete.
        var whole = incoming.NewPath();
        File.Move(PathOf(id), whole);
        using var upload = IncomingFiles.Describe(whole);
        return (await stored.CompleteAsync(file, upload, ct)).Ok(out _, out var error) ? length : error;
    }

    /// <param name="user">Whose it must be; null: who asks has shown its address.</param>
    public async Task<Result<Done>> CancelAsync(AttachmentId id, UserId? user, CancellationToken ct)
    {
        if (await attachments.FindAsync(id, ct) is not { State: AttachmentState.Expected or AttachmentState.Ready } file || (user ?? file.UserId) != file.UserId) return ErrorCode.UnknownUpload;
        await DiscardAsync(file, ct);
        await stored.RemoveAsync([file], ct);
        return Done.Instance;
    }

    /// <summary>What was uploaded of one that nobody expects any more.</summary>
    public async Task DiscardAsync(AttachmentRecord file, CancellationToken ct)
    {
        if (file.State != AttachmentState.Expected) return;
        if (File.Exists(PathOf(file.Id))) File.Delete(PathOf(file.Id));
        if (links.Store is { } store) await store.DiscardAsync(UploadLinks.KeyOf(file.Id), file.Details.UploadId, ct);
    }

    /// <summary>Takes over what a client has put into the blob store by itself. Null: it is ready, or nothing to take over.</summary>
    /// <param name="tags">Of its parts, where it came in parts.</param>
    public async Task<Error?> CollectAsync(AttachmentId id, UserId user, IReadOnlyList<string> tags, CancellationToken ct)
    {
        if (links.Store is not { } store || await attachments.FindAsync(id, ct) is not { State: AttachmentState.Expected } file || file.UserId != user) return null;
        var key = UploadLinks.KeyOf(id);
        if (await store.FinishAsync(key, file.Details.UploadId, tags, ct) is not { } length) return null;
        if (length > file.Size) return ErrorCode.FileTooLarge;
        await using var content = await links.Blobs.OpenAsync(key, 0, length, ct);
        if (content is null) return null;
        if (!(await incoming.ReceiveAsync(content, ct)).Ok(out var received, out var error)) return error;
        using (received)
        {
            if ((await stored.CompleteAsync(file, received, ct)).Error is { } refusal) return refusal;
        }

        await store.DiscardAsync(key, null, CancellationToken.None);
        return null;
    }

    FileStream Open(AttachmentId id)
    {
        Directory.CreateDirectory(incoming.Folder);
        try
        {
            // Not shared: a second connection for one upload is refused, not mixed in.
            return new FileStream(PathOf(id), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (!IncomingFiles.IsFull(e))
        {
            throw new UploadBusyException(e);
        }
    }

    string PathOf(AttachmentId id) => Path.Combine(incoming.Folder, $"upload-{id}{IncomingFiles.Ending}");

    Error? Check(IReadOnlyList<UploadForm> forms)
    {
        var errors = new FormErrors();
        errors.Require(forms.Count is > 0 and <= MessageLimits.Attachments, "files", "BASE_TYPE_BAD_LENGTH", $"Must be between 1 and {MessageLimits.Attachments} in length.");
        for (var i = 0; i < forms.Count; i++)
        {
            errors.Required($"files.{i}.filename", forms[i]?.Filename);
            errors.Required($"files.{i}.file_size", forms[i]?.FileSize);
            errors.Range($"files.{i}.file_size", forms[i]?.FileSize, 1, long.MaxValue);
        }

        return errors.Error is { } error ? error : forms.Any(f => f.FileSize > options.MaxFileBytes) ? (Error)ErrorCode.FileTooLarge : null;
    }

    sealed class UploadBusyException(Exception inner) : Exception("Another connection uploads this.", inner);
}

/// <summary>Addresses to upload to: the blob store's where it takes uploads by itself, else signed ones of our own.</summary>
public sealed class UploadLinks(InstanceKey key, MediaLinks media, IBlobStore blobs, TimeProvider clock)
{
    const string Purpose = "upload";

    /// <summary>As long as an upload is kept without a message.</summary>
    static readonly TimeSpan Life = MediaCleaning.OrphanAge;

    public IBlobStore Blobs => blobs;

    /// <summary>Null: uploads come to this server.</summary>
    public IDirectUploadStore? Store => blobs as IDirectUploadStore;

    /// <summary>In the blob store, before it is known what it is.</summary>
    public static string KeyOf(AttachmentId id) => $"uploads/{id}";

    public async Task<UploadTarget> TargetAsync(AttachmentId id, long size, CancellationToken ct)
    {
        if (Store is { } store) return await store.BeginAsync(KeyOf(id), size, Life, ct);
        var expires = (clock.GetUtcNow() + Life).ToUnixTimeSeconds().ToString("x", CultureInfo.InvariantCulture);
        return new UploadTarget($"{media.Base}/uploads/{id}?ex={expires}&hm={key.Sign(Purpose, $"{id}/{expires}")}", null, []);
    }

    public bool IsValid(AttachmentId id, string? expires, string? signature) =>
        expires is not null && signature is not null && key.IsSigned(Purpose, $"{id}/{expires}", signature)
        && DateTimeOffset.FromUnixTimeSeconds(long.Parse(expires, NumberStyles.HexNumber, CultureInfo.InvariantCulture)) > clock.GetUtcNow();
}
