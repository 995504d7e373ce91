using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Delivery;
using Kith.Engine.Guilds;
using Kith.Engine.People;
using Kith.Engine.Unread;
using Kith.Protocol;

namespace Kith.Engine.Channels;

/// <summary>DMs: the one channel of two users. Each side sees it from when it opens it or is first written to, until it closes it.</summary>
public sealed class PrivateChannels(IChannelStore store, PrivateChannelWire wire, ContactRules contacts, Users users, PrivateChannelChanges changes, UnreadMarks unread)
{
    /// <summary>Open DMs and groups of a user as they are sent: two queries, and one each for the users and newest messages not at hand.</summary>
    public async ValueTask<IReadOnlyList<Channel>> OfAsync(UserId user, CancellationToken ct) => await wire.OfManyAsync(await store.OfUserAsync(user, ct), user, ct);

    /// <summary>The DM with a user, made where there is none: 50033 for nobody, 50007 where they may not be written to.</summary>
    public async Task<Result<Channel>> OpenAsync(Principal me, UserId other, CancellationToken ct)
    {
        if (await users.FindAsync(other, ct) is not { } target) return ErrorCode.InvalidRecipients;
        if (await contacts.RefuseAsync(me.User, target, ct) is { } refusal) return refusal;
        using var held = await changes.EnterAsync(me.Id, other, ct);
        var opened = await store.OpenDmAsync(changes.NextId(), me.Id, other, changes.Now, ct);
        if (opened.Opened) await ShowAsync(opened.Channel, me.Id);
        return await wire.OfAsync(opened.Channel, me.Id, ct);
    }

    /// <summary>Hides a DM from who closes it. Messages stay, and a new one brings it back.</summary>
    public async Task<Result<Channel>> CloseAsync(ChannelAccess access, CancellationToken ct)
    {
        if (access.Channel.Type != ChannelType.Dm) return ErrorCode.CannotExecuteOnChannelType;
        var me = access.Principal.Id;
        var gone = await wire.OfAsync(access.Channel, me, ct);
        using var held = await EnterAsync(access.Channel, ct);
        if (await store.SetDmOpenAsync(access.Id, me, open: false, ct)) await changes.HiddenAsync(access.Channel, me, gone, CancellationToken.None);
        return gone;
    }

    /// <summary>
    /// Asked before a message is stored: 50007 where one of the two has blocked the other. Shows the DM to those who do not see it, so that they learn of the channel
    /// before the message. Without I/O once the caches are warm and the DM is open on both sides.
    /// </summary>
    public async ValueTask<Error?> AdmitMessageAsync(ChannelAccess access, CancellationToken ct)
    {
        var channel = access.Channel;
        if (channel.Type != ChannelType.Dm) return null;
        if (await users.FindAsync(channel.Recipients.First(id => id != access.Principal.Id), ct) is not { } other) return ErrorCode.CannotMessageUser;
        if (await contacts.RefuseMessageAsync(access.Principal.User, other, ct) is { } refusal) return refusal;
        if (channel.HiddenFrom.Count == 0) return null;
        using var held = await EnterAsync(channel, ct);
        foreach (var user in channel.HiddenFrom)
        {
            if (await store.SetDmOpenAsync(channel.Id, user, open: true, ct)) await ShowAsync(channel, user);
        }

        return null;
    }

    async Task ShowAsync(ChannelRecord dm, UserId user)
    {
        await changes.ShownAsync(dm, user, CancellationToken.None);
        await unread.AnnounceAsync(user, dm, CancellationToken.None);
    }

    ValueTask<KeyedLock.Held> EnterAsync(ChannelRecord dm, CancellationToken ct) => changes.EnterAsync(dm.Recipients[0], dm.Recipients[1], ct);
}
