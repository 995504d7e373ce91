using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Guilds;
using Kith.Engine.Messages;
using Kith.Engine.People;
using Kith.Engine.Unread;
using Kith.Protocol;

namespace Kith.Engine.Channels;

/// <summary>A PATCH of a group: what is absent stays.</summary>
public sealed record GroupForm
{
    public Optional<string?> Name { get; init; }
    public Optional<string?> Icon { get; init; }

    /// <summary>The new owner; only the owner may say.</summary>
    public Optional<UserId?> Owner { get; init; }
}

/// <summary>Group conversations: any participant may rename it and bring others, only the owner removes them.</summary>
public sealed class Groups(IChannelStore store, GroupRules rules, PrivateChannelChanges changes, PrivateChannelWire wire, MessageSender messages, UnreadMarks unread)
{
    /// <summary>A new group of the caller and others.</summary>
    public async Task<Result<Channel>> CreateAsync(Principal me, IReadOnlyCollection<UserId> others, CancellationToken ct)
    {
        var people = others.Append(me.Id).Distinct().OrderBy(id => id.Value).ToArray();
        if (await rules.RefuseAsync(me, people, ct) is { } refusal) return refusal;
        var group = new ChannelRecord { Id = changes.NextId(), Type = ChannelType.GroupDm, OwnerId = me.Id, Recipients = people };
        await store.CreateGroupAsync(group, changes.Now, ct);
        await changes.GroupCreatedAsync(group, CancellationToken.None);
        return await wire.OfAsync(group, me.Id, ct);
    }

    public async Task<Result<Channel>> UpdateAsync(ChannelAccess access, GroupForm form, CancellationToken ct)
    {
        if (access.Channel.Type != ChannelType.GroupDm) return ErrorCode.CannotExecuteOnDm;
        if (GroupRules.Check(form) is { } wrong) return wrong;
        if (!(await rules.KeepIconAsync(access.Id, form, ct)).Ok(out var kept, out var unkept)) return unkept;
        using var held = await changes.EnterAsync(access.Id, ct);
        var result = await store.UpdateGroupAsync(access.Id, group => GroupRules.Apply(group, kept, access.Principal.Id), ct);
        if (form.Icon.HasValue) await rules.SettleIconAsync(result.Ok(out var settled, out _) ? settled.After : access.Channel, CancellationToken.None);
        if (!result.Ok(out var change, out var refusal)) return refusal;
        if (change.After != change.Before) await AnnounceAsync(access.Principal, change, CancellationToken.None);
        return await wire.OfAsync(change.After, access.Principal.Id, ct);
    }

    /// <summary>Brings someone in; nothing happens where they are in already.</summary>
    public async Task<Result<Done>> AddAsync(ChannelAccess access, UserId user, CancellationToken ct)
    {
        if (access.Channel.Type != ChannelType.GroupDm) return ErrorCode.CannotExecuteOnChannelType;
        if (access.Channel.Recipients.Contains(user)) return Done.Instance;
        if (!(await rules.InviteAsync(access.Principal, user, ct)).Ok(out var target, out var refusal)) return refusal;
        using var held = await changes.EnterAsync(access.Id, ct);
        switch (await store.AddRecipientAsync(access.Id, user, rules.Most, changes.Now, ct))
        {
            case RecipientAddition.Full:
                return ErrorCode.MaxRecipients;
            case RecipientAddition.Gone:
                return ErrorCode.UnknownChannel;
            case RecipientAddition.AlreadyIn:
                return Done.Instance;
        }

        await unread.StartAtTailAsync(user, access.Channel, CancellationToken.None);
        if (await changes.JoinedAsync(access.Id, target.ToWire(), CancellationToken.None) is { } group)
            await messages.SendSystemAsync(group, null, access.Principal, MessageType.RecipientAdd, "", CancellationToken.None, named: [user]);
        return Done.Instance;
    }

    /// <summary>Removes someone, which only the owner may, or oneself. The owner who leaves is followed by who has been there longest.</summary>
    public async Task<Result<Done>> RemoveAsync(ChannelAccess access, UserId user, CancellationToken ct)
    {
        if (access.Channel.Type != ChannelType.GroupDm) return ErrorCode.CannotExecuteOnChannelType;
        if (user != access.Principal.Id && access.Channel.OwnerId != access.Principal.Id) return ErrorCode.MissingPermissions;
        using var held = await changes.EnterAsync(access.Id, ct);
        if (await store.RemoveRecipientAsync(access.Id, user, ct) is not { } change) return ErrorCode.UnknownUser;
        await changes.LeftAsync(change, await rules.WireAsync(user, CancellationToken.None), CancellationToken.None);
        if (change.After.Recipients.Count > 0)
            await messages.SendSystemAsync(change.After, null, access.Principal, MessageType.RecipientRemove, "", CancellationToken.None, named: [user]);
        return Done.Instance;
    }

    async Task AnnounceAsync(Principal me, GroupChange change, CancellationToken ct)
    {
        await changes.GroupUpdatedAsync(change.After, ct);
        if (change.After.Name != change.Before.Name)
            await messages.SendSystemAsync(change.After, null, me, MessageType.ChannelNameChange, change.After.Name ?? "", ct);
        if (change.After.Icon != change.Before.Icon)
            await messages.SendSystemAsync(change.After, null, me, MessageType.ChannelIconChange, "", ct);
    }
}
