using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Guilds;
using Kith.Engine.Media;
using Kith.Engine.People;
using Kith.Protocol;

namespace Kith.Engine.Channels;

/// <summary>Who may be in a group, and what may be changed of one.</summary>
public sealed class GroupRules(Users users, ContactRules contacts, LimitsOptions limits, OwnedImages images)
{
    /// <summary>UTF-16 units.</summary>
    const int MaxName = 100;

    /// <summary>Participants, the owner included.</summary>
    public int Most => limits.GroupRecipients;

    public ValueTask<User> WireAsync(UserId user, CancellationToken ct) => users.WireAsync(user, ct);

    /// <summary>Why these people, the caller among them, cannot be a group.</summary>
    public async ValueTask<Error?> RefuseAsync(Principal me, IReadOnlyCollection<UserId> people, CancellationToken ct)
    {
        if (me.User.Bot) return ErrorCode.BotsCannotUse;
        if (people.Count > Most) return ErrorCode.MaxRecipients;
        if ((await users.FindManyAsync(people, ct)).Count < people.Count) return ErrorCode.InvalidRecipients;
        foreach (var person in people.Where(id => id != me.Id))
        {
            if ((await InviteAsync(me, person, ct)).Error is { } refusal) return refusal;
        }

        return null;
    }

    /// <summary>The user, where the caller may bring them into a group: 50033 for bots and nobody, 50007 for who has blocked the caller or takes DMs of friends only.</summary>
    public async ValueTask<Result<UserRecord>> InviteAsync(Principal me, UserId user, CancellationToken ct)
    {
        if (await users.FindAsync(user, ct) is not { Bot: false } target) return ErrorCode.InvalidRecipients;
        return await contacts.RefuseAsync(me.User, target, ct) is { } refusal ? refusal : target;
    }

    /// <summary>The form with the icon's hash in place of the picture.</summary>
    public async ValueTask<Result<GroupForm>> KeepIconAsync(ChannelId group, GroupForm form, CancellationToken ct) =>
        (await images.KeepAsync(ImageKind.ChannelIcon, group.Value, "icon", form.Icon, ct)).Ok(out var icon, out var error) ? form with { Icon = icon } : error;

    public Task SettleIconAsync(ChannelRecord group, CancellationToken ct) => images.SettleAsync(ImageKind.ChannelIcon, group.Id.Value, group.Icon, ct);

    public static Error? Check(GroupForm form)
    {
        var errors = new FormErrors();
        if (form.Name.HasValue) errors.Length("name", form.Name.Value, 0, MaxName);
        if (form.Owner.HasValue) errors.Required("owner", form.Owner.Value);
        return errors.Error;
    }

    public static Result<ChannelRecord> Apply(ChannelRecord group, GroupForm form, UserId me)
    {
        if (!group.Recipients.Contains(me)) return ErrorCode.UnknownChannel;
        if (form.Owner.HasValue)
        {
            if (group.OwnerId != me) return ErrorCode.MissingPermissions;
            if (!group.Recipients.Contains(form.Owner.Value!.Value)) return Error.Form("owner", "GROUP_OWNER_NOT_IN_GROUP", "The new owner must be in the group.");
            group = group with { OwnerId = form.Owner.Value };
        }

        if (form.Name.HasValue) group = group with { Name = Names.Clean(form.Name.Value ?? "") is { Length: > 0 } name ? name : null };
        return form.Icon.HasValue ? group with { Icon = form.Icon.Value } : group;
    }
}
