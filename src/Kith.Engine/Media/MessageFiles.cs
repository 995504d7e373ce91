using System.Globalization;
using System.Text.Json;
using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Guilds.Expressions;
using Kith.Engine.Messages;
using Kith.Protocol;
using Microsoft.Extensions.Logging;

namespace Kith.Engine.Media;

/// <summary>Files claimed for one message.</summary>
/// <param name="Stored">Came with the message, and go with it where it is refused.</param>
/// <param name="Claimed">Were uploaded before, and may be sent again.</param>
/// <param name="Wire">All as the message shows them, without addresses.</param>
public sealed record ClaimedFiles(IReadOnlyList<AttachmentRecord> Stored, IReadOnlyList<AttachmentRecord> Claimed, IReadOnlyList<Attachment> Wire)
{
    public static readonly ClaimedFiles None = new([], [], []);

    public IReadOnlyList<AttachmentId> Ids => [.. Stored.Concat(Claimed).Select(f => f.Id)];
}

/// <summary>What becomes of files when messages are sent, edited and deleted.</summary>
public sealed partial class MessageFiles(IAttachmentStore attachments, StoredFiles stored, DirectUploads uploading, StickerDirectory stickers, TimeProvider clock, ILogger<MessageFiles> log)
{
    const int DeleteStep = 500;

    /// <summary>Those that the form names and those that came along, kept and bound to this send. After it exactly one of <see cref="SentAsync"/> and <see cref="AbandonAsync"/> follows;
    /// where neither does, because the process ended, the sweep decides.</summary>
    public async ValueTask<Result<ClaimedFiles>> ClaimAsync(ChannelAccess access, IReadOnlyList<AttachmentForm>? forms, UploadedFiles uploads, CancellationToken ct)
    {
        if (forms is not { Count: > 0 } && uploads.Count == 0) return ClaimedFiles.None;
        if (!access.Has(Permissions.AttachFiles)) return ErrorCode.MissingPermissions;
        if (!AttachmentForms.Read(forms ?? [], uploads).Ok(out var wanted, out var wrong)) return wrong;
        IReadOnlyList<AttachmentRecord> claimed = [];
        AttachmentId[] announced = [.. wanted.Where(w => w.Upload is null).Select(w => w.Id)];
        if (announced.Length > 0)
        {
            foreach (var file in wanted.Where(w => w.Upload is null))
            {
                if (await uploading.CollectAsync(file.Id, access.Principal.Id, file.Form?.UploadedParts ?? [], ct) is { } refused) return refused;
            }

            if (await attachments.ClaimAsync(announced, access.Principal.Id, access.Id, ct) is not { } found)
                return Error.Form("attachments", "ATTACHMENT_UPLOAD_UNKNOWN", "There is no such finished upload of yours in this channel.");
            claimed = found;
        }

        List<AttachmentRecord> kept = [];
        List<Attachment> wire = [];
        foreach (var file in wanted)
        {
            var record = claimed.FirstOrDefault(c => c.Id == file.Id);
            if (file.Upload is { } upload)
            {
                var result = await stored.AddAsync(access, file.Filename ?? upload.Filename, upload.File, AttachmentState.Claimed, ct);
                if (!result.Ok(out record, out var refusal))
                {
                    await AbandonAsync(new ClaimedFiles(kept, claimed, []), CancellationToken.None);
                    return refusal;
                }

                kept.Add(record);
            }

            wire.Add(AttachmentForms.ToWire(record!, file.Form));
        }

        return new ClaimedFiles(kept, claimed, wire);
    }

    public ValueTask<Result<IReadOnlyList<StickerItem>>> StickersAsync(ChannelAccess access, IReadOnlyList<StickerId>? wanted, CancellationToken ct) => stickers.UseAsync(access, wanted, ct);

    /// <summary>A voice message is one sound and nothing else, with its length and waveform: the sender's, or else what was found in the file.</summary>
    public async ValueTask<Result<ClaimedFiles>> ClaimVoiceAsync(ChannelAccess access, MessageCreateForm form, UploadedFiles uploads, CancellationToken ct)
    {
        if (!access.Has(Permissions.SendVoiceMessages)) return ErrorCode.MissingPermissions;
        if (form is { Content.Length: > 0 } or { Embeds.Count: > 0 } or { StickerIds.Count: > 0 }) return ErrorCode.VoiceMessageWithContent;
        if (!(await ClaimAsync(access, form.Attachments, uploads, ct)).Ok(out var files, out var error)) return error;
        var refused = files.Wire is not [{ ContentType: { } type }] || !FileTypes.IsAudio(type) ? ErrorCode.VoiceMessageNeedsOneAudio : (ErrorCode?)null;
        var voice = refused is null ? AttachmentForms.Spoken(files.Stored.Concat(files.Claimed).First(), files.Wire[0], form.Attachments is [var own, ..] ? own : null) : null;
        if (voice is { DurationSecs: not null, Waveform: not null }) return files with { Wire = [voice] };
        await AbandonAsync(files, CancellationToken.None);
        return refused ?? ErrorCode.VoiceMessageNeedsMetadata;
    }

    /// <param name="first">False: a repeated send, whose message has its files already.</param>
    public async ValueTask SentAsync(ClaimedFiles files, MessageId message, bool first, CancellationToken ct)
    {
        if (files.Wire.Count == 0) return;
        try
        {
            if (first) await attachments.SentAsync(files.Ids, message, ct);
            else await attachments.RemoveAsync(files.Ids, clock.GetUtcNow(), ct);
        }
        catch (UnavailableException e)
        {
            // The message is sent, whatever is noted of its files; the sweep finds out.
            LogUnnoted(e, message);
        }
    }

    public async ValueTask AbandonAsync(ClaimedFiles files, CancellationToken ct)
    {
        if (files.Stored.Count > 0) await stored.RemoveAsync(files.Stored, ct);
        if (files.Claimed.Count > 0) await attachments.ReturnAsync([.. files.Claimed.Select(f => f.Id)], ct);
    }

    /// <summary>Before messages are deleted: marks their files, so that a crash between the two is found by the sweep. The files, for <see cref="DeletedAsync"/>.</summary>
    public async ValueTask<IReadOnlyList<AttachmentId>> DeletingAsync(ChannelId channel, IReadOnlyCollection<MessageId> messages, CancellationToken ct)
    {
        var files = await attachments.OfMessagesAsync(channel, messages, ct);
        if (files.Count > 0) await attachments.MarkAsync(files, clock.GetUtcNow(), ct);
        return files;
    }

    public async ValueTask DeletedAsync(IReadOnlyCollection<AttachmentId> files, CancellationToken ct)
    {
        if (files.Count > 0) await attachments.RemoveAsync(files, clock.GetUtcNow(), ct);
    }

    /// <summary>After the messages of a channel that is gone.</summary>
    public async Task DeleteChannelAsync(ChannelId channel, CancellationToken ct)
    {
        while (await attachments.OfChannelAsync(channel, DeleteStep, ct) is { Count: > 0 } files)
            await stored.RemoveAsync(files, ct);
    }

    [LoggerMessage(1700, LogLevel.Warning, "The files of message {Message} could not be noted as sent; the next sweep does it")]
    partial void LogUnnoted(Exception e, MessageId message);
}

/// <summary>A file that a message is to have.</summary>
/// <param name="Upload">Null: <paramref name="Id"/> names one uploaded before.</param>
/// <param name="Filename">As the form has it, in place of the upload's.</param>
sealed record WantedFile(UploadedFile? Upload, AttachmentId Id, string? Filename, AttachmentForm? Form);

/// <summary>The <c>attachments</c> of a send, matched with the files that came along.</summary>
static class AttachmentForms
{
    const int MaxText = 1024;
    const int MaxWaveform = 400;

    /// <summary>In the order of the form, then files that it does not name.</summary>
    public static Result<IReadOnlyList<WantedFile>> Read(IReadOnlyList<AttachmentForm> forms, UploadedFiles uploads)
    {
        var errors = new FormErrors();
        var left = uploads.InOrder.ToDictionary(u => u.Number);
        List<WantedFile> wanted = [];
        for (var i = 0; i < forms.Count; i++)
        {
            var (form, path) = (forms[i], $"attachments.{i}");
            Check(errors, path, form);
            var name = form.Filename is { Length: > 0 } given ? FileNames.Clean(given) : null;
            if (form.UploadedFilename is { } uploaded)
            {
                if (TryReadUploaded(uploaded, out var id)) wanted.Add(new WantedFile(null, id, name, form));
                else errors.Add($"{path}.uploaded_filename", "ATTACHMENT_UPLOAD_UNKNOWN", "This is no name of an upload.");
            }
            else if (NumberOf(form.Id) is { } number && left.Remove(number, out var upload))
            {
                wanted.Add(new WantedFile(upload, default, name, form));
            }
            else
            {
                errors.Add($"{path}.id", "ATTACHMENT_NOT_FOUND", "No file of this number came with the message.");
            }
        }

        wanted.AddRange(left.Values.Select(upload => new WantedFile(upload, default, null, null)));
        if (errors.Error is { } error) return error;
        if (wanted.Where(w => w.Upload is null).GroupBy(w => w.Id).Any(g => g.Count() > 1)) return Error.Form("attachments", "ATTACHMENT_UPLOAD_UNKNOWN", "An upload is named twice.");
        return wanted.Count > MessageLimits.Attachments ? ErrorCode.MaxAttachments : wanted;
    }

    public static Attachment ToWire(AttachmentRecord file, AttachmentForm? form)
    {
        var details = file.Details;
        return new Attachment
        {
            Id = file.Id, Filename = file.Filename, Size = file.Size, Url = "", ProxyUrl = "", ContentType = file.ContentType,
            Title = form?.Title is { Length: > 0 } title ? title : null, Description = form?.Description is { Length: > 0 } text ? text : null,
            Width = details.Width, Height = details.Height, Placeholder = details.Placeholder, PlaceholderVersion = details.Placeholder is null ? null : 1,
            DurationSecs = details.DurationSecs,
        };
    }

    /// <summary>As a voice message shows it.</summary>
    public static Attachment Spoken(AttachmentRecord file, Attachment wire, AttachmentForm? form) =>
        wire with { DurationSecs = form?.DurationSecs ?? file.Details.DurationSecs, Waveform = form?.Waveform ?? file.Details.Waveform };

    /// <summary><c>id/name</c>, as the announcement of a direct upload answered it.</summary>
    static bool TryReadUploaded(string text, out AttachmentId id)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var ok = Snowflake.TryParse(slash < 0 ? text : text[..slash], out var number);
        id = new AttachmentId(number);
        return ok;
    }

    /// <summary>A number, or text that is one.</summary>
    static long? NumberOf(JsonElement? id) => id switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var value) => value,
        { ValueKind: JsonValueKind.String } text when long.TryParse(text.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) => value,
        _ => null,
    };

    static void Check(FormErrors errors, string path, AttachmentForm form)
    {
        errors.Length($"{path}.filename", form.Filename, 0, MaxText);
        errors.Length($"{path}.title", form.Title, 0, MaxText);
        errors.Length($"{path}.description", form.Description, 0, MaxText);
        errors.Length($"{path}.waveform", form.Waveform, 0, MaxWaveform);
        if (form.Waveform is { } waveform && !Convert.TryFromBase64String(waveform, new byte[MaxWaveform], out _)) errors.Add($"{path}.waveform", "BASE_TYPE_BAD_TYPE", "Must be base64.");
        if (form.DurationSecs is { } seconds && seconds is not (>= 0 and <= int.MaxValue)) errors.Add($"{path}.duration_secs", "NUMBER_TYPE_RANGE", "Must be a length in seconds.");
    }
}
