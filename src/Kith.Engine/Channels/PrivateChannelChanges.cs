using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Guilds;
using Kith.Engine.Messages;
using Kith.Protocol;

namespace Kith.Engine.Channels;

/// <summary>What follows a committed change of a DM or group: the caches, then the events.</summary>
public sealed class PrivateChannelChanges(
    ChannelDirectory directory, PrivateChannelWire wire, ChannelTails tails, IEventLog events, SnowflakeGenerator ids, TimeProvider clock, KeyedLocks locks)
{
    readonly KeyedLock order = locks.Of("private");

    public DateTimeOffset Now => clock.GetUtcNow();

    public ChannelId NextId() => new(ids.Next());

    /// <summary>Held from before a commit until its events are published, so that both have one order.</summary>
    public ValueTask<KeyedLock.Held> EnterAsync(ChannelId group, CancellationToken ct) => order.EnterAsync(group, ct);

    /// <summary>The same for the DM of two users, which may not exist yet.</summary>
    public ValueTask<KeyedLock.Held> EnterAsync(UserId one, UserId other, CancellationToken ct) =>
        order.EnterAsync((Math.Min(one.Value, other.Value), Math.Max(one.Value, other.Value)), ct);

    /// <summary>A DM appears to one of the two.</summary>
    public async Task ShownAsync(ChannelRecord dm, UserId user, CancellationToken ct)
    {
        await directory.ChangedAsync(dm.Id, ct);
        await events.PublishAsync(PrivateChannelEvents.Create([user], await wire.OfAsync(dm, user, ct)), ct);
        var (now, _) = await directory.FindAsync(dm.Id, ct);
        if (now?.HiddenFrom.Count == 0) await events.PublishAsync(PrivateChannelEvents.Watch(now), ct);
    }

    /// <summary>A DM disappears from one of the two.</summary>
    public async Task HiddenAsync(ChannelRecord dm, UserId user, Channel gone, CancellationToken ct)
    {
        await directory.ChangedAsync(dm.Id, ct);
        await events.PublishAsync(PrivateChannelEvents.Delete(user, gone), ct);
    }

    /// <summary>
    /// One JSON for all participants, whoever they are: so its <c>recipients</c> name the receiver as well, who leaves itself out. One per participant would be a million users
    /// for a group of a thousand.
    /// </summary>
    public async Task GroupCreatedAsync(ChannelRecord group, CancellationToken ct) =>
        await events.PublishAsync(PrivateChannelEvents.Create(group.Recipients, await wire.OfAsync(group, viewer: default, ct)), ct);

    public async Task GroupUpdatedAsync(ChannelRecord group, CancellationToken ct)
    {
        await directory.ChangedAsync(group.Id, ct);
        await events.PublishAsync(PrivateChannelEvents.Update(group, await tails.FindAsync(group.Id, ct)), ct);
    }

    /// <summary>The newcomer learns of the group, the others of the newcomer.</summary>
    public async Task<ChannelRecord?> JoinedAsync(ChannelId channel, User user, CancellationToken ct)
    {
        await directory.ChangedAsync(channel, ct);
        if (await directory.FindAsync(channel, ct) is not ({ } group, _)) return null;
        await events.PublishAsync(PrivateChannelEvents.Create([user.Id], await wire.OfAsync(group, user.Id, ct)), ct);
        await events.PublishAsync(PrivateChannelEvents.RecipientAdd(group, user, [.. group.Recipients.Where(id => id != user.Id)]), ct);
        return group;
    }

    /// <summary>Who left loses the group, the others learn of it, and of the new owner where it was the owner.</summary>
    public async Task LeftAsync(GroupChange change, User user, CancellationToken ct)
    {
        await directory.ChangedAsync(change.Before.Id, ct);
        await events.PublishAsync(PrivateChannelEvents.Delete(user.Id, await wire.OfAsync(change.Before, user.Id, ct)), ct);
        if (change.After.Recipients.Count == 0) return;
        await events.PublishAsync(PrivateChannelEvents.RecipientRemove(change.After, user, change.After.Recipients), ct);
        if (change.After.OwnerId != change.Before.OwnerId)
            await events.PublishAsync(PrivateChannelEvents.Update(change.After, await tails.FindAsync(change.After.Id, ct)), ct);
    }
}
