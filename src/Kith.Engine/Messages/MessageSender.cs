using System.Diagnostics;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Delivery;
using Kith.Engine.Guilds;
using Kith.Engine.Media;
using Kith.Protocol;

namespace Kith.Engine.Messages;

/// <summary>
/// Sending. A send costs one durable write in a shared commit and, with warm caches, no query; a reply one query for the message it answers. Nothing grows with the number of recipients.
/// </summary>
public sealed class MessageSender(IMessageStore store, MessageWire wire, MentionResolver mentions, MessageLanes lanes, MessageAdmission admission, MessageFiles files)
{
    public ValueTask<Result<ReadOnlyMemory<byte>>> SendAsync(ChannelAccess access, MessageCreateForm form, CancellationToken ct) => SendAsync(access, form, UploadedFiles.None, ct);

    /// <summary>What a send answers and announces: one JSON for both.</summary>
    /// <param name="uploads">What came with the message; what is not taken over remains the caller's.</param>
    public async ValueTask<Result<ReadOnlyMemory<byte>>> SendAsync(ChannelAccess access, MessageCreateForm form, UploadedFiles uploads, CancellationToken ct)
    {
        if (!access.Channel.IsText) return ErrorCode.CannotSendInVoice;
        var errors = new FormErrors();
        MessageLimits.Check(errors, form.Content, form.Embeds, form.AllowedMentions);
        var nonce = MessageLimits.NonceKey(errors, form.Nonce);
        if (errors.Error is { } wrong) return wrong;
        if (Refuse(access, form, uploads) is { } refused) return refused;

        MessageRecord? replied = null;
        if (form.MessageReference?.MessageId is { } target)
        {
            if (form.MessageReference.ChannelId is { } elsewhere && elsewhere != access.Id)
                return Error.Form("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message");
            if (!access.Has(Permissions.ReadMessageHistory)) return ErrorCode.MissingPermissions;
            replied = await store.FindAsync(access.Id, target, ct);
            if (replied is null && form.MessageReference.FailIfNotExists != false)
                return Error.Form("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message");
        }

        if (await admission.RefuseAsync(access, ct) is { } unwanted) return unwanted;
        var mentioned = await mentions.ResolveAsync(access, form.Content ?? "", form.AllowedMentions, replied?.AuthorId, ct);
        if (!(await files.StickersAsync(access, form.StickerIds, ct)).Ok(out var stickers, out var unstuck)) return unstuck;
        var isVoice = ((MessageFlags)(form.Flags ?? 0)).HasFlag(MessageFlags.IsVoiceMessage);
        var claim = isVoice ? await files.ClaimVoiceAsync(access, form, uploads, ct) : await files.ClaimAsync(access, form.Attachments, uploads, ct);
        if (!claim.Ok(out var claimed, out var unclaimed)) return unclaimed;
        var record = ToRecord(access, form, replied, mentioned) with { Nonce = nonce };
        record = record with { Parts = record.Parts with { Attachments = claimed.Wire, Stickers = stickers } };
        var template = await wire.NewAsync(record, replied, ct) with { Nonce = form.Nonce?.Clone() };
        return await SendAsync(access, record, template, claimed, ct);
    }

    /// <summary>A message of the server's own about a channel: someone joined, a message was pinned, a group was renamed.</summary>
    public async ValueTask SendSystemAsync(ChannelRecord channel, GuildSnapshot? guild, Principal about, MessageType type, string content, CancellationToken ct, IReadOnlyList<UserId>? named = null, MessageReference? reference = null)
    {
        var access = new ChannelAccess(about, channel, guild, null, Permissions.None);
        var record = new MessageRecord
        {
            Id = default, ChannelId = channel.Id, AuthorId = about.Id, Type = type, Content = content, Timestamp = default,
            Mentions = named is null ? MentionSet.None : new MentionSet(named, [], Everyone: false), Parts = new MessageParts { Reference = reference },
        };
        await SendAsync(access, record, await wire.NewAsync(record, null, ct), ClaimedFiles.None, ct);
    }

    async ValueTask<Result<ReadOnlyMemory<byte>>> SendAsync(ChannelAccess access, MessageRecord record, Message template, ClaimedFiles claimed, CancellationToken ct)
    {
        lanes.RefuseIfAway();
        using var step = Tracing.Begin("send");
        var began = Stopwatch.GetTimestamp();
        // Under the lane's lock: ids, commits and events of a channel share one order.
        var pending = lanes.Of(access.Id).Enqueue(() => new PendingMessage(lanes.NextId(), id =>
        {
            var final = record with { Id = id, Timestamp = Snowflake.TimestampOf(id.Value) };
            return (final, MessageEvents.Created(access, final, MessageEvents.ForGuild(access, template with { Id = id, Timestamp = final.Timestamp })));
        }));
        if (pending is null)
        {
            await files.AbandonAsync(claimed, CancellationToken.None);
            return ErrorCode.ResourceOverloaded;
        }

        // Where this throws, the message may be stored or not: the sweep finds out what its files are for.
        var stored = await pending.Stored;
        MessageMeters.Sent(began);
        step?.SetTag("kith.message", stored.ToString());
        await files.SentAsync(claimed, stored, first: stored == pending.Record.Id, CancellationToken.None);
        if (stored == pending.Record.Id) return pending.Event.Data;

        // The nonce was used before: answer with the first message, publishing it where a crash may have prevented that.
        if (await store.FindAsync(access.Id, stored, ct) is not { } first) return ErrorCode.UnknownMessage;
        var again = MessageEvents.ForGuild(access, await wire.OneAsync(first, access.Principal.Id, ct) with { Nonce = template.Nonce });
        var repeat = MessageEvents.Created(access, first, again);
        await lanes.PublishOnceAsync(first.Id, repeat, ct);
        return repeat.Data;
    }

    static Error? Refuse(ChannelAccess access, MessageCreateForm form, UploadedFiles uploads)
    {
        if (!access.Has(Permissions.SendMessages)) return ErrorCode.MissingPermissions;
        if (form.Tts == true && !access.Has(Permissions.SendTtsMessages)) return ErrorCode.MissingPermissions;
        return string.IsNullOrWhiteSpace(form.Content) && form.Embeds is not { Count: > 0 } && form.Attachments is not { Count: > 0 } && form.StickerIds is not { Count: > 0 } && uploads.Count == 0 ? ErrorCode.CannotSendEmptyMessage : null;
    }

    static MessageRecord ToRecord(ChannelAccess access, MessageCreateForm form, MessageRecord? replied, MentionSet mentioned) => new()
    {
        Id = default,
        ChannelId = access.Id,
        AuthorId = access.Principal.Id,
        Type = form.MessageReference?.MessageId is null || replied is null ? MessageType.Default : MessageType.Reply,
        Content = form.Content ?? "",
        // Its id's, which the lane mints.
        Timestamp = default,
        Flags = (MessageFlags)(form.Flags ?? 0) & (MessageFlags.SuppressEmbeds | MessageFlags.SuppressNotifications | MessageFlags.IsVoiceMessage),
        Mentions = mentioned,
        Parts = new MessageParts
        {
            Tts = form.Tts == true,
            // Without the permission a sender's embeds are dropped, as Discord does, and the text stays.
            Embeds = access.Has(Permissions.EmbedLinks) ? form.Embeds ?? [] : [],
            Components = form.Components?.Select(c => c.Clone()).ToArray() ?? [],
            Reference = replied is null ? null : new MessageReference { ChannelId = access.Id, MessageId = replied.Id, GuildId = access.Channel.GuildId },
        },
    };
}
