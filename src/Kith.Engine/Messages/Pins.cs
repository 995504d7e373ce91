using System.Text.Json.Serialization;
using Kith.Domain;
using Kith.Engine.Channels;
using Kith.Engine.Delivery;
using Kith.Engine.Guilds;
using Kith.Protocol;

namespace Kith.Engine.Messages;

public sealed record PinnedMessage(DateTimeOffset PinnedAt, Message Message);

public sealed record PinnedMessages(IReadOnlyList<PinnedMessage> Items, bool HasMore);

/// <summary>Pinned messages of a channel.</summary>
public sealed class Pins(IPinStore store, IMessageStore messages, MessageWire wire, MessageSender sender, PinAnnouncements announcements, MessageAudit audit)
{
    public const int MaxPins = 250;
    public const int MaxPage = 50;

    /// <param name="reason">For the audit log.</param>
    public async ValueTask<Result<Done>> AddAsync(ChannelAccess access, MessageId id, DateTimeOffset now, string? reason, CancellationToken ct)
    {
        if (!MayPin(access)) return ErrorCode.MissingPermissions;
        if (await messages.FindAsync(access.Id, id, ct) is not { } message) return ErrorCode.UnknownMessage;
        if (message.Type is not (MessageType.Default or MessageType.Reply)) return ErrorCode.CannotExecuteOnSystemMessage;
        switch (await store.AddAsync(access.Id, id, now, MaxPins, ct))
        {
            case null: return ErrorCode.MaxPins;
            case false: return Done.Instance;
        }

        await announcements.ChangedAsync(access, id, now, ct);
        await audit.PinnedAsync(access, message, pinned: true, reason, ct);
        var reference = new MessageReference { ChannelId = access.Id, MessageId = id, GuildId = access.Channel.GuildId };
        await sender.SendSystemAsync(access.Channel, access.Guild, access.Principal, MessageType.ChannelPinnedMessage, "", ct, reference: reference);
        return Done.Instance;
    }

    /// <param name="reason">For the audit log.</param>
    public async ValueTask<Result<Done>> RemoveAsync(ChannelAccess access, MessageId id, string? reason, CancellationToken ct)
    {
        if (!MayPin(access)) return ErrorCode.MissingPermissions;
        var message = await messages.FindAsync(access.Id, id, ct);
        if (!await store.RemoveAsync(access.Id, id, ct)) return ErrorCode.UnknownMessage;
        var newest = await store.ListAsync(access.Id, DateTimeOffset.MaxValue, 1, ct);
        await announcements.ChangedAsync(access, id, newest.Count == 0 ? null : newest[0].PinnedAt, ct);
        if (message is not null) await audit.PinnedAsync(access, message, pinned: false, reason, ct);
        return Done.Instance;
    }

    public async ValueTask<PinnedMessages> ListAsync(ChannelAccess access, DateTimeOffset before, int limit, CancellationToken ct)
    {
        if (!access.Has(Permissions.ReadMessageHistory)) return new PinnedMessages([], HasMore: false);
        var pins = await store.ListAsync(access.Id, before, limit + 1, ct);
        var page = pins.Take(limit).ToArray();
        var records = (await messages.FindManyAsync(access.Id, [.. page.Select(p => p.MessageId)], ct)).ToDictionary(m => m.Id);
        var shown = page.Where(p => records.ContainsKey(p.MessageId)).ToArray();
        var wired = await wire.ManyAsync([.. shown.Select(p => records[p.MessageId])], access.Principal.Id, ct);
        return new PinnedMessages([.. shown.Zip(wired, (p, m) => new PinnedMessage(p.PinnedAt, m))], pins.Count > limit);
    }

    /// <summary>In a guild PIN_MESSAGES, or as before 2025 MANAGE_MESSAGES; in DMs and groups anyone.</summary>
    static bool MayPin(ChannelAccess access) => access.Has(Permissions.ReadMessageHistory)
        && (access.Guild is null || access.Has(Permissions.PinMessages) || access.Has(Permissions.ManageMessages));
}

/// <summary>Tells of a pin that was set or taken.</summary>
public sealed class PinAnnouncements(IMessageStore messages, MessageWire wire, ChannelCaches caches, IEventLog events)
{
    /// <param name="newest">The channel's newest pin now.</param>
    public async ValueTask ChangedAsync(ChannelAccess access, MessageId id, DateTimeOffset? newest, CancellationToken ct)
    {
        await caches.ChangedAsync(access.Channel, ct);
        if (await messages.FindAsync(access.Id, id, ct) is { } message)
        {
            var shown = MessageEvents.ForGuild(access, await wire.OneAsync(message, access.Principal.Id, ct)) with { Reactions = null };
            await events.PublishAsync(MessageEvents.Updated(access, message, shown), ct);
        }

        await events.PublishAsync(new Event
        {
            Name = "CHANNEL_PINS_UPDATE", Audience = MessageEvents.AudienceOf(access), Intents = access.Guild is null ? Intents.DirectMessages : Intents.Guilds,
            Data = Wire.Utf8(new PinsUpdate(access.Channel.GuildId, access.Id, newest)),
        }, ct);
    }
}

sealed record PinsUpdate([property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] GuildId? GuildId, ChannelId ChannelId, DateTimeOffset? LastPinTimestamp);

/// <summary>Drops the cached state of a channel of any kind.</summary>
public sealed class ChannelCaches(ChannelDirectory channels, GuildDirectory guilds)
{
    public async ValueTask ChangedAsync(ChannelRecord channel, CancellationToken ct)
    {
        await channels.ChangedAsync(channel.Id, ct);
        if (channel.GuildId is { } guild) await guilds.GuildChangedAsync(guild, ct);
    }
}
