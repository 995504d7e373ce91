using Kith.Domain;
using Kith.Engine.Channels;
using Kith.Engine.Delivery;
using Kith.Engine.Guilds;
using Kith.Engine.Messages;
using Kith.Engine.Receipts;
using Kith.Protocol;

namespace Kith.Engine.Unread;

/// <summary>Unread marks: moving them, and telling what is unread. Nothing is written per recipient of a message.</summary>
public sealed class UnreadMarks(IReadStateStore states, UnreadCounter counter, VisibleChannels visible, INotificationCache notifications, ReceiptMarks receipts, IEventLog events, TimeProvider clock)
{
    /// <summary>Acks in one bulk request.</summary>
    public const int MaxBulk = 100;

    /// <summary>
    /// Moves the mark of one channel: forward, or wherever told with <paramref name="manual"/>. An ack beyond the newest message stops at it, so that it cannot swallow messages to come.
    /// One write, and at most two queries where something is left unread.
    /// </summary>
    public Task AckAsync(ChannelAccess access, MessageId message, bool manual, CancellationToken ct) =>
        AckManyAsync(access.Principal.Id, [(Seen(access), message)], manual, ct);

    public async Task AckManyAsync(UserId user, IReadOnlyList<(VisibleChannel Channel, MessageId Message)> acks, bool manual, CancellationToken ct)
    {
        var channels = acks.Select(a => a.Channel).DistinctBy(c => c.Channel.Id).ToArray();
        var newest = (await counter.CountAsync(user, channels, new Dictionary<ChannelId, ReadMark>(), ct)).ToDictionary(c => c.Id, c => c.Span.Through);
        var wanted = new Dictionary<ChannelId, MessageId>();
        foreach (var (channel, message) in acks)
        {
            var tail = newest[channel.Channel.Id];
            wanted[channel.Channel.Id] = message > tail ? tail : message;
        }

        var moved = await states.MoveAsync(user, wanted, manual, clock.GetUtcNow(), ct);
        if (moved.Count == 0) return;
        await notifications.ForgetAsync([user], ct);
        var marks = moved.ToDictionary(m => m.ChannelId);
        foreach (var count in await counter.CountAsync(user, [.. channels.Where(c => marks.ContainsKey(c.Channel.Id))], marks, ct))
        {
            await PublishAckAsync(user, marks[count.Id], count, manual, ct);
            if (count.Channel.Channel.IsPrivate && !manual) await receipts.ReadAsync(user, count.Channel.Channel, marks[count.Id].LastRead, ct);
        }
    }

    /// <summary>Everything of a guild is read.</summary>
    public async Task AckGuildAsync(UserId user, GuildId guild, CancellationToken ct)
    {
        var channels = await visible.OfGuildAsync(user, guild, ct);
        await AckManyAsync(user, [.. channels.Select(c => (c, new MessageId(long.MaxValue)))], manual: false, ct);
    }

    /// <summary>Puts a new participant's mark at the newest message: what was said before is history, not news.</summary>
    public async Task StartAtTailAsync(UserId user, ChannelRecord channel, CancellationToken ct)
    {
        var counts = await counter.CountAsync(user, [new VisibleChannel(channel, default, [])], new Dictionary<ChannelId, ReadMark>(), ct);
        await states.MoveAsync(user, counts.ToDictionary(c => c.Id, c => c.Span.Through), manual: false, clock.GetUtcNow(), ct);
        await AnnounceAsync(user, channel, ct);
    }

    /// <summary>Tells a user's sessions of its mark in a DM or group that appears to them: they cannot know it from before, and messages that came meanwhile count.</summary>
    public async Task AnnounceAsync(UserId user, ChannelRecord channel, CancellationToken ct)
    {
        var marks = await CountAllAsync(user, [new VisibleChannel(channel, default, [])], ct);
        await events.PublishAsync(new Event
        {
            Name = "CHANNEL_UNREAD_UPDATE",
            Audience = new Audience.OfUsers(user, channel.OrderKey),
            Data = Wire.Utf8(new ChannelUnreadUpdate(null, [.. marks.Select(c => ChannelUnread.Of(c.Count, c.Mark))])),
        }, ct);
    }

    /// <summary>What READY tells of unread marks, and the newest message of every channel it was counted through.</summary>
    public async ValueTask<ReadState> ReadStateAsync(UserId user, CancellationToken ct)
    {
        var marks = (await states.OfUserAsync(user, ct)).ToDictionary(m => m.ChannelId);
        var counts = await counter.CountAsync(user, await visible.OfAsync(user, ct), marks, ct);
        List<ReadStateEntry> entries = new(counts.Count);
        Dictionary<ChannelId, MessageId> tails = new(counts.Count);
        foreach (var count in counts)
        {
            if (count.Span.Through.Value != 0) tails[count.Id] = count.Span.Through;
            var mark = marks.GetValueOrDefault(count.Id);
            if (mark is null && count.Span.IsEmpty) continue;
            entries.Add(new ReadStateEntry
            {
                Id = count.Id, LastMessageId = count.Span.After, MentionCount = count.Mentions, Version = mark?.Version ?? 0,
                LastPinTimestamp = count.Channel.Channel.LastPinTimestamp,
            });
        }

        return new ReadState(entries, tails);
    }

    /// <summary>A user's marks in one guild, after its roles or permissions there changed: for CHANNEL_UNREAD_UPDATE.</summary>
    public async ValueTask<IReadOnlyList<ChannelUnread>> OfGuildAsync(UserId user, GuildId guild, CancellationToken ct) =>
        [.. (await CountAllAsync(user, await visible.OfGuildAsync(user, guild, ct), ct)).Select(c => ChannelUnread.Of(c.Count, c.Mark))];

    /// <summary>Every channel with something unread by others.</summary>
    public async ValueTask<IReadOnlyList<UnreadSummary>> SummariesAsync(UserId user, CancellationToken ct)
    {
        var counts = await CountAllAsync(user, await visible.OfAsync(user, ct), ct);
        return [.. (await SummarizeAsync(user, [.. counts.Where(c => !c.Count.Span.IsEmpty)], ct)).Where(s => s.UnreadCount > 0)];
    }

    public async ValueTask<UnreadSummary> SummaryAsync(ChannelAccess access, CancellationToken ct)
    {
        var counts = await CountAllAsync(access.Principal.Id, [Seen(access)], ct);
        return (await SummarizeAsync(access.Principal.Id, counts, ct))[0];
    }

    async ValueTask<IReadOnlyList<(ChannelCount Count, ReadMark? Mark)>> CountAllAsync(UserId user, IReadOnlyList<VisibleChannel> channels, CancellationToken ct)
    {
        var marks = (await states.OfUserAsync(user, ct)).ToDictionary(m => m.ChannelId);
        var counts = await counter.CountAsync(user, channels, marks, ct);
        return [.. counts.Select(c => (c, marks.GetValueOrDefault(c.Id)))];
    }

    async ValueTask<IReadOnlyList<UnreadSummary>> SummarizeAsync(UserId user, IReadOnlyList<(ChannelCount Count, ReadMark? Mark)> counts, CancellationToken ct)
    {
        var unread = await counter.MessagesAsync(user, [.. counts.Select(c => c.Count)], ct);
        List<UnreadSummary> summaries = new(counts.Count);
        foreach (var (count, mark) in counts)
        {
            summaries.Add(new UnreadSummary
            {
                ChannelId = count.Id,
                LastReadMessageId = count.Span.After.Value == 0 ? null : count.Span.After,
                LastReadAt = mark?.AckedAt,
                FirstUnreadMessageId = unread.TryGetValue(count.Id, out var n) && n > 0 ? await counter.FirstAsync(user, count, ct) : null,
                UnreadCount = unread.GetValueOrDefault(count.Id),
                MentionCount = count.Mentions,
            });
        }

        return summaries;
    }

    ValueTask PublishAckAsync(UserId user, ReadMark mark, ChannelCount count, bool manual, CancellationToken ct) =>
        events.PublishAsync(new Event
        {
            Name = "MESSAGE_ACK",
            Audience = new Audience.OfUsers(user, count.Channel.Channel.OrderKey),
            Data = Wire.Utf8(new MessageAck
            {
                ChannelId = mark.ChannelId, MessageId = mark.LastRead, MentionCount = count.Mentions, Manual = manual, Version = mark.Version,
                LastMessageId = count.Span.Through.Value == 0 ? null : count.Span.Through,
            }),
        }, ct);

    static VisibleChannel Seen(ChannelAccess access) => access.Member is { } member
        ? new VisibleChannel(access.Channel, member.ReadFloor, member.Roles)
        : new VisibleChannel(access.Channel, default, []);
}

/// <summary>READY's part of unread marks.</summary>
/// <param name="Tails">Newest message of each channel that has one; READY and GUILD_CREATE must show just these, since the counts go through them.</param>
public sealed record ReadState(IReadOnlyList<ReadStateEntry> Entries, IReadOnlyDictionary<ChannelId, MessageId> Tails);

/// <summary>CHANNEL_UNREAD_UPDATE, to the user's own sessions.</summary>
/// <param name="GuildId">Null for DMs and groups.</param>
public sealed record ChannelUnreadUpdate(GuildId? GuildId, IReadOnlyList<ChannelUnread> ChannelUnreadUpdates);

/// <summary>One channel in CHANNEL_UNREAD_UPDATE.</summary>
/// <param name="Version">The mark's; a client that has a newer one from an ack ignores this.</param>
public sealed record ChannelUnread(ChannelId Id, MessageId? LastMessageId, MessageId LastReadId, int MentionCount, long Version)
{
    public static ChannelUnread Of(ChannelCount count, ReadMark? mark) =>
        new(count.Id, count.Span.Through.Value == 0 ? null : count.Span.Through, count.Span.After, count.Mentions, mark?.Version ?? 0);
}

/// <summary>The answer of <c>GET /channels/{id}/unread</c>.</summary>
public sealed record UnreadSummary
{
    public required ChannelId ChannelId { get; init; }
    public required MessageId? LastReadMessageId { get; init; }
    public required DateTimeOffset? LastReadAt { get; init; }
    public required MessageId? FirstUnreadMessageId { get; init; }

    /// <summary>Messages of others.</summary>
    public required int UnreadCount { get; init; }
    public required int MentionCount { get; init; }
}
