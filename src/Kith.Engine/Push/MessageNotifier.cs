using Kith.Domain;
using Kith.Engine.Channels;
using Kith.Engine.Guilds;
using Kith.Engine.Messages;
using Kith.Protocol;

namespace Kith.Engine.Push;

/// <summary>
/// Decides whom a message is worth a push, and queues it for them, a page of people at a time. Repeating a message changes nothing for those who have it already.
/// </summary>
public sealed class MessageNotifier(
    ChannelDirectory channels, IMessageStore messages, PushAudience audience, Absences absences, PushQueue queue, TimeProvider clock)
{
    /// <summary>People in one write of the queue, which other writers may have to wait for.</summary>
    const int Page = 100;

    /// <summary>One query, or none in a guild, where nobody there has a device; the message itself is read only for those who have.</summary>
    /// <param name="known">The message, where it has been read already.</param>
    public async Task NotifyAsync(MessageKey key, UserId author, MessageRecord? known, CancellationToken ct)
    {
        var (channel, guild) = await channels.FindAsync(key.Channel, ct);
        if (channel is null) return;
        var candidates = guild is null
            ? await audience.OfPeopleAsync([.. channel.Recipients.Where(u => u != author)], ct)
            : await audience.OfGuildAsync(guild.Id, ct);
        if (candidates.Count == 0) return;
        // What was deleted meanwhile is nobody's news.
        if ((known ?? await messages.FindAsync(key.Channel, key.Message, ct)) is not { } message || !IsSpoken(message)) return;
        var fallback = guild is null ? NotificationRules.AllMessages : await audience.LevelAsync(guild, ct);
        var now = clock.GetUtcNow();
        Wanted[] wanted = [.. candidates.Where(c => c.User != author).Select(c => Judge(c, message, channel, guild, fallback, now)).OfType<Wanted>()];
        if (wanted.Length == 0) return;
        var blockers = await audience.BlockersAsync(author, ct);
        foreach (var page in wanted.Where(w => !blockers.Contains(w.User)).Chunk(Page))
            await NotifyAsync(key, page, ct);
    }

    /// <summary>By a person, and not to be silent.</summary>
    static bool IsSpoken(MessageRecord message) =>
        message.Type is MessageType.Default or MessageType.Reply && !message.Flags.HasFlag(MessageFlags.SuppressNotifications);

    static Wanted? Judge(PushCandidate candidate, MessageRecord message, ChannelRecord channel, GuildSnapshot? guild, int fallback, DateTimeOffset now)
    {
        var concern = guild is null ? Concern.Direct : NotificationRules.ConcernOf(message.Mentions, candidate.User, candidate.Roles);
        if (!NotificationRules.Wants(candidate.Settings, channel, fallback, concern, now)) return null;
        // Last: it costs the most.
        if (guild?.PermissionsIn(channel, candidate.User, candidate.Roles).HasFlag(Permissions.ViewChannel) == false) return null;
        return new Wanted(candidate.User, NotificationRules.Mentions(candidate.Settings, concern));
    }

    async Task NotifyAsync(MessageKey message, Wanted[] page, CancellationToken ct)
    {
        var absent = (await absences.AbsentAsync([.. page.Select(w => w.User)], ct)).ToHashSet();
        if (absent.Count == 0) return;
        await queue.MissedAsync([.. page.Where(w => w.Urgent && absent.Contains(w.User)).Select(w => w.User)], ct);
        var settings = await audience.SettingsAsync(absent, ct);
        var now = clock.GetUtcNow();
        foreach (var group in page.Where(w => absent.Contains(w.User) && !NotificationRules.IsQuiet(settings[w.User], now)).GroupBy(w => w.Urgent))
            await queue.ShowAsync(message, [.. group.Select(w => w.User)], group.Key, ct);
    }

    readonly record struct Wanted(UserId User, bool Urgent);
}
