using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Unread;
using Kith.Protocol;

namespace Kith.Engine.Messages;

/// <summary>Reading, editing and deleting what was sent.</summary>
public sealed class MessageHistory(IMessageStore store, MessageWire wire, MentionResolver mentions, MessageDeletion deletion, IEventLog events, TimeProvider clock)
{
    public const int MaxPage = 100;

    /// <summary>Without the permission to read history a channel looks empty, as on Discord.</summary>
    public async ValueTask<IReadOnlyList<Message>> PageAsync(ChannelAccess access, PageDirection direction, MessageId anchor, int limit, CancellationToken ct) =>
        access.Has(Permissions.ReadMessageHistory)
            ? await wire.ManyAsync(await store.PageAsync(access.Id, direction, anchor, limit, ct), access.Principal.Id, ct)
            : [];

    public async ValueTask<Result<Message>> FindAsync(ChannelAccess access, MessageId id, CancellationToken ct)
    {
        if (!access.Has(Permissions.ReadMessageHistory)) return ErrorCode.MissingPermissions;
        return await store.FindAsync(access.Id, id, ct) is { } found ? await wire.OneAsync(found, access.Principal.Id, ct) : ErrorCode.UnknownMessage;
    }

    /// <summary>The author changes text, embeds, flags; who manages messages may only suppress embeds. An edit changes no unread mark.</summary>
    public async ValueTask<Result<Message>> EditAsync(ChannelAccess access, MessageId id, MessageEditForm form, CancellationToken ct)
    {
        if (await store.FindAsync(access.Id, id, ct) is not { } message) return ErrorCode.UnknownMessage;
        var errors = new FormErrors();
        MessageLimits.Check(errors, form.Content.Or(null), form.Embeds.Or(null), form.AllowedMentions);
        if (errors.Error is { } wrong) return wrong;
        if (Refuse(access, message, form) is { } refused) return refused;

        var edited = Apply(access, message, form);
        if (form.Content.HasValue)
        {
            var mentioned = await mentions.ResolveAsync(access, edited.Content, form.AllowedMentions, repliedTo: null, ct);
            edited = edited with { Parts = edited.Parts with { EditedMentions = mentioned } };
        }

        if (edited.Content.Length == 0 && edited.Parts.Embeds.Count == 0 && edited.Parts.Attachments.Count == 0) return ErrorCode.CannotSendEmptyMessage;
        if (!await store.UpdateAsync(edited, ct)) return ErrorCode.UnknownMessage;
        var result = await wire.OneAsync(edited, access.Principal.Id, ct);
        // What reactions are "mine" depends on who looks; the event leaves them out.
        await events.PublishAsync(MessageEvents.Updated(access, edited, MessageEvents.ForGuild(access, result) with { Reactions = null }), ct);
        return result;
    }

    /// <param name="reason">For the audit log, where it is another's message.</param>
    public async ValueTask<Result<Done>> DeleteAsync(ChannelAccess access, MessageId id, string? reason, CancellationToken ct)
    {
        if (await store.FindAsync(access.Id, id, ct) is not { } message) return ErrorCode.UnknownMessage;
        var own = message.AuthorId == access.Principal.Id;
        if (!own && (access.Guild is null || !access.Has(Permissions.ManageMessages))) return ErrorCode.MissingPermissions;
        await deletion.DeleteOneAsync(access, message, reason, ct);
        return Done.Instance;
    }

    static Error? Refuse(ChannelAccess access, MessageRecord message, MessageEditForm form)
    {
        if (message.Type is not (MessageType.Default or MessageType.Reply)) return ErrorCode.CannotExecuteOnSystemMessage;
        if (message.AuthorId == access.Principal.Id) return null;
        var onlyFlags = form.Flags.HasValue && !form.Content.HasValue && !form.Embeds.HasValue && !form.Components.HasValue && !form.Attachments.HasValue;
        return onlyFlags && access.Guild is not null && access.Has(Permissions.ManageMessages) ? null : ErrorCode.CannotEditOthersMessage;
    }

    MessageRecord Apply(ChannelAccess access, MessageRecord message, MessageEditForm form)
    {
        var flags = form.Flags.HasValue
            ? (message.Flags & ~MessageFlags.SuppressEmbeds) | ((MessageFlags)(form.Flags.Value ?? 0) & MessageFlags.SuppressEmbeds)
            : message.Flags;
        var changed = form.Content.HasValue || form.Embeds.HasValue || form.Components.HasValue || form.Attachments.HasValue;
        return message with
        {
            Content = form.Content.HasValue ? form.Content.Value ?? "" : message.Content,
            EditedTimestamp = changed ? clock.GetUtcNow() : message.EditedTimestamp,
            Flags = flags,
            Parts = message.Parts with
            {
                Embeds = form.Embeds.HasValue && access.Has(Permissions.EmbedLinks) ? form.Embeds.Value ?? [] : message.Parts.Embeds,
                Components = form.Components.HasValue ? form.Components.Value?.Select(c => c.Clone()).ToArray() ?? [] : message.Parts.Components,
                Attachments = form.Attachments.HasValue ? Kept(message, form.Attachments.Value) : message.Parts.Attachments,
            },
        };
    }

    static Attachment[] Kept(MessageRecord message, IReadOnlyList<AttachmentForm>? forms)
    {
        var kept = (forms ?? []).Select(f => f.Id?.ToString()).ToHashSet(StringComparer.Ordinal);
        return [.. message.Parts.Attachments.Where(a => kept.Contains(a.Id.ToString()))];
    }
}

/// <summary>Deletion of one or many messages of a channel, with what depends on them, and the one event about it.</summary>
public sealed class MessageDeletion(IMessageStore store, ChannelTails tails, INotificationCache notifications, MessageAudit audit, IEventLog events, TimeProvider clock)
{
    public const int MinBulk = 2;
    public const int MaxBulk = 100;

    /// <summary>Discord's bound on bulk deletion.</summary>
    static readonly TimeSpan OldestInBulk = TimeSpan.FromDays(14);

    public async ValueTask<Result<Done>> BulkAsync(ChannelAccess access, IReadOnlyList<MessageId> ids, string? reason, CancellationToken ct)
    {
        if (ids.Count is < MinBulk or > MaxBulk) return ErrorCode.TooFewOrManyToDelete;
        var oldest = Snowflake.AtTime(clock.GetUtcNow() - OldestInBulk);
        if (ids.Any(id => id.Value < oldest)) return ErrorCode.MessageTooOldToBulkDelete;
        var deleted = await DeleteAsync(access, ids, ct);
        if (deleted > 0) await audit.BulkDeletedAsync(access, deleted, reason, CancellationToken.None);
        return Done.Instance;
    }

    /// <param name="reason">For the audit log, where it is another's message.</param>
    public async ValueTask DeleteOneAsync(ChannelAccess access, MessageRecord message, string? reason, CancellationToken ct)
    {
        if (await DeleteAsync(access, [message.Id], ct) > 0) await audit.DeletedAsync(access, message.AuthorId, reason, CancellationToken.None);
    }

    /// <summary>Those that are there; says nothing of the others. How many there were.</summary>
    public async ValueTask<int> DeleteAsync(ChannelAccess access, IReadOnlyList<MessageId> ids, CancellationToken ct)
    {
        var deleted = await store.DeleteAsync(access.Id, [.. ids.Distinct()], ct);
        if (deleted.Count == 0) return 0;
        var mentioned = deleted.SelectMany(m => m.Mentions.Users).Distinct().ToArray();
        if (mentioned.Length > 0) await notifications.ForgetAsync(mentioned, ct);
        var tail = await tails.RereadAsync(access.Id, ct);
        await events.PublishAsync(ids.Count == 1 ? MessageEvents.Deleted(access, deleted[0], tail) : MessageEvents.DeletedMany(access, deleted, tail), ct);
        return deleted.Count;
    }

    /// <summary>What an author wrote in a channel since a moment, for a ban that deletes messages.</summary>
    public async ValueTask DeleteOfAuthorAsync(ChannelAccess access, UserId author, DateTimeOffset since, CancellationToken ct)
    {
        while (true)
        {
            var ids = await store.OfAuthorAsync(access.Id, author, new MessageId(Snowflake.AtTime(since)), MaxBulk, ct);
            if (ids.Count == 0) return;
            await DeleteAsync(access, ids, ct);
        }
    }
}
