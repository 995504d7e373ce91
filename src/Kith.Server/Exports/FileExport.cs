using Kith.Domain;
using Kith.Engine.Media;
using Kith.Engine.Messages;

namespace Kith.Server.Exports;

/// <summary>
/// Files of messages, each as it was uploaded but for what uploads lose:
/// <code>
/// files/ID/NAME        ID as in the attachments of messages
/// </code>
/// </summary>
sealed class FileExport(IAttachmentStore attachments, IBlobStore blobs)
{
    const int Page = 500;
    const int BufferLength = 64 * 1024;

    /// <summary>All that a user uploaded and sent.</summary>
    public async Task WriteAsync(UserId user, string folder, CancellationToken ct)
    {
        IReadOnlyList<AttachmentRecord> page;
        for (var after = new AttachmentId(0); (page = await attachments.OfUserAsync(user, after, Page, ct)).Count > 0; after = page[^1].Id)
        {
            foreach (var file in page.Where(f => f.State == AttachmentState.Sent))
                await WriteAsync(file, folder, ct);
        }
    }

    public async Task WriteAsync(MessageRecord message, string folder, CancellationToken ct)
    {
        foreach (var file in message.Parts.Attachments)
        {
            if (await attachments.FindAsync(file.Id, ct) is { } record) await WriteAsync(record, folder, ct);
        }
    }

    async Task WriteAsync(AttachmentRecord file, string folder, CancellationToken ct)
    {
        await using var content = file.BlobKey is { } key ? await blobs.OpenAsync(key, 0, file.Size, ct) : null;
        if (content is null) return;
        // Names were made safe when the file came, by FileNames.
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "files", file.Id.ToString())).FullName, file.Filename);
        await using var target = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        await content.CopyToAsync(target, BufferLength, ct);
    }
}
