using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Guilds;
using Kith.Engine.Unread;
using Kith.Gateway.Protocol;
using Kith.Gateway.Transport;
using Kith.Protocol;

namespace Kith.Gateway.Dispatch;

/// <param name="Members">How many there are.</param>
sealed record LoadedGuild(GuildSnapshot Guild, int Members);

/// <param name="Member">As it is now; null where the membership has ended.</param>
/// <param name="Gained">CHANNEL_CREATE of what the user did not see before.</param>
sealed record ChangedMember(MemberRecord? Member, ChannelNotices Gained);

/// <summary>What the loops need to know of guilds. All but <see cref="Peek"/>, <see cref="Invalidate"/>, <see cref="Apply"/> and <see cref="Start"/> are for the thread pool.</summary>
sealed class GuildReads(GuildDirectory guilds, MemberCounts counts, GuildWire wire, UnreadMarks unread, ISessionDirectory directory, LoopReads reads)
{
    public GuildSnapshot? Peek(GuildId id) => guilds.Peek(id);

    public void Invalidate(GuildId id) => guilds.Forget(id);

    /// <summary>What an event changes is not taken from what was cached before it came: the change may be another process's.</summary>
    public void Apply(SessionEffect effect)
    {
        switch (effect)
        {
            case SessionEffect.Joined joined:
                guilds.Forget(joined.Guild, joined.User);
                break;
            case SessionEffect.Left left:
                guilds.Forget(left.Guild, left.User);
                break;
            case SessionEffect.MemberChanged changed:
                guilds.Forget(changed.Guild, changed.User);
                break;
            case SessionEffect.GuildDeleted deleted:
                guilds.Forget(deleted.Guild);
                break;
        }
    }

    /// <summary>See <see cref="ISessionDirectory.SettleAsync"/>.</summary>
    public ValueTask SettleAsync(CancellationToken ct) => directory.SettleAsync(ct);

    public void Start<T>(GatewayLoop loop, Func<CancellationToken, Task<T>> read, Action<T> then) => reads.Start(loop, read, then);

    public async Task<LoadedGuild?> LoadAsync(GuildId id, CancellationToken ct) =>
        await guilds.FindAsync(id, ct) is { } guild ? new LoadedGuild(guild, await counts.OfAsync(id, ct)) : null;

    public async Task<ChannelNotices> CreationsAsync(IReadOnlyCollection<ChannelRecord> channels, CancellationToken ct)
    {
        var notices = new ChannelNotices();
        foreach (var channel in channels)
            notices[channel.Id] = OutboundEvent.Create("CHANNEL_CREATE", Wire.Utf8(await wire.ChannelAsync(channel, ct)));
        return notices;
    }

    /// <param name="seen">What the user's group saw, by <paramref name="order"/>.</param>
    public async Task<ChangedMember> MemberAsync(ChannelOrder order, UserId user, ulong[] seen, CancellationToken ct)
    {
        if (await guilds.MemberAsync(order.Guild.Id, user, ct) is not { } member) return new ChangedMember(null, ChannelNotices.None);
        var change = new ChannelChange(order, seen, order, order.VisibleTo(GuildSessions.KeyOf(order, user, member.Roles)));
        return new ChangedMember(member, change.Gained.Count == 0 ? ChannelNotices.None : await CreationsAsync(change.Gained, ct));
    }

    /// <summary>Sends CHANNEL_UNREAD_UPDATE with all of a guild's marks to the user's sessions on a loop.</summary>
    public void RefreshUnread(LoopSessions home, UserId user, GuildId guild) => reads.Start(home.Loop, async ct => await unread.OfGuildAsync(user, guild, ct), marks =>
    {
        if (marks.Count == 0 || home.Guilds.Find(guild) is not { } sessions) return;
        var update = OutboundEvent.Create("CHANNEL_UNREAD_UPDATE", Wire.Utf8(new ChannelUnreadUpdate(guild, marks)));
        foreach (var session in home.Users.Of(user))
        {
            if (session.GroupIn(sessions) is not null) session.Ring.Append(update);
        }
    });
}
