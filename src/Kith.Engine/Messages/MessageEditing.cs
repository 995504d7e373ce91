using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Media;
using Kith.Protocol;

namespace Kith.Engine.Messages;

/// <summary>Editing what was sent.</summary>
public sealed class MessageEditing(IMessageStore store, MessageWire wire, MentionResolver mentions, MessageFiles files, IEventLog events, TimeProvider clock)
{
    /// <summary>The author changes text, embeds, flags; who manages messages may only suppress embeds. An edit changes no unread mark.</summary>
    public async ValueTask<Result<Message>> EditAsync(ChannelAccess access, MessageId id, MessageEditForm form, UploadedFiles uploads, CancellationToken ct)
    {
        if (await store.FindAsync(access.Id, id, ct) is not { } message) return ErrorCode.UnknownMessage;
        var errors = new FormErrors();
        MessageLimits.Check(errors, form.Content.Or(null), form.Embeds.Or(null), form.AllowedMentions);
        if (errors.Error is { } wrong) return wrong;
        if (Refuse(access, message, form) is { } refused) return refused;

        var (kept, wanted) = Attached(message, form);
        var edited = Apply(access, message, form, changesFiles: uploads.Count > 0);
        if (form.Content.HasValue)
        {
            var mentioned = await mentions.ResolveAsync(access, edited.Content, form.AllowedMentions, repliedTo: null, ct);
            edited = edited with { Parts = edited.Parts with { EditedMentions = mentioned } };
        }

        if (edited.Content.Length == 0 && edited.Parts.Embeds.Count == 0 && kept.Count + wanted.Count + uploads.Count + edited.Parts.Stickers.Count == 0) return ErrorCode.CannotSendEmptyMessage;
        if (!(await files.ClaimAsync(access, wanted, uploads, ct)).Ok(out var claimed, out var unclaimed)) return unclaimed;
        edited = edited with { Parts = edited.Parts with { Attachments = [.. kept, .. claimed.Wire] } };
        if (edited.Parts.Attachments.Count > MessageLimits.Attachments || !await store.UpdateAsync(edited, CancellationToken.None))
        {
            await files.AbandonAsync(claimed, CancellationToken.None);
            return edited.Parts.Attachments.Count > MessageLimits.Attachments ? ErrorCode.MaxAttachments : ErrorCode.UnknownMessage;
        }

        // It is done: others are told, though who asked for it has gone.
        await files.SentAsync(claimed, id, first: true, CancellationToken.None);
        await files.DeletedAsync([.. message.Parts.Attachments.Except(kept).Select(a => a.Id)], CancellationToken.None);
        var result = await wire.OneAsync(edited, access.Principal.Id, CancellationToken.None);
        // What reactions are "mine" depends on who looks; the event leaves them out.
        await events.PublishAsync(MessageEvents.Updated(access, edited, MessageEvents.ForGuild(access, result) with { Reactions = null }), CancellationToken.None);
        return result;
    }

    static Error? Refuse(ChannelAccess access, MessageRecord message, MessageEditForm form)
    {
        if (message.Type is not (MessageType.Default or MessageType.Reply)) return ErrorCode.CannotExecuteOnSystemMessage;
        if (message.AuthorId == access.Principal.Id) return null;
        var onlyFlags = form.Flags.HasValue && !form.Content.HasValue && !form.Embeds.HasValue && !form.Components.HasValue && !form.Attachments.HasValue;
        return onlyFlags && access.Guild is not null && access.Has(Permissions.ManageMessages) ? null : ErrorCode.CannotEditOthersMessage;
    }

    MessageRecord Apply(ChannelAccess access, MessageRecord message, MessageEditForm form, bool changesFiles)
    {
        var flags = form.Flags.HasValue
            ? (message.Flags & ~MessageFlags.SuppressEmbeds) | ((MessageFlags)(form.Flags.Value ?? 0) & MessageFlags.SuppressEmbeds)
            : message.Flags;
        var changed = form.Content.HasValue || form.Embeds.HasValue || form.Components.HasValue || form.Attachments.HasValue || changesFiles;
        return message with
        {
            Content = form.Content.HasValue ? form.Content.Value ?? "" : message.Content,
            EditedTimestamp = changed ? clock.GetUtcNow() : message.EditedTimestamp,
            Flags = flags,
            Parts = message.Parts with
            {
                Embeds = form.Embeds.HasValue && access.Has(Permissions.EmbedLinks) ? form.Embeds.Value ?? [] : message.Parts.Embeds,
                Components = form.Components.HasValue ? form.Components.Value?.Select(c => c.Clone()).ToArray() ?? [] : message.Parts.Components,
            },
        };
    }

    /// <summary>Files that stay, which the form names by their ids, and what else it names. Without <c>attachments</c> all stay.</summary>
    static (IReadOnlyList<Attachment> Kept, IReadOnlyList<AttachmentForm> Wanted) Attached(MessageRecord message, MessageEditForm form)
    {
        var present = message.Parts.Attachments;
        if (!form.Attachments.HasValue) return (present, []);
        var named = (form.Attachments.Value ?? []).ToLookup(f => present.FirstOrDefault(a => f.UploadedFilename is null && a.Id.ToString() == f.Id?.ToString()));
        return ([.. present.Where(named.Contains)], [.. named[null]]);
    }
}
