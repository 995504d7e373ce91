using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>
/// Who may set which overwrites. One may allow and deny only what one has in the guild or in the channel's category, unless an overwrite of the channel itself
/// gives one MANAGE_ROLES; that bit is for administrators only. What stays as it is needs no permission.
/// </summary>
static class OverwriteRules
{
    /// <summary>The list that replaces a channel's overwrites.</summary>
    public static Result<PermissionOverwrite[]> Replace(
        GuildAccess access, ChannelRecord channel, ChannelId? parent, IReadOnlyList<OverwriteForm> given, bool isNew)
    {
        var errors = new FormErrors();
        errors.Require(given.Count <= GuildLimits.OverwritesPerRequest, "permission_overwrites", "BASE_TYPE_MAX_LENGTH",
            $"Must be {GuildLimits.OverwritesPerRequest} or fewer in length.");
        var overwrites = new Dictionary<OverwriteId, PermissionOverwrite>();
        for (var i = 0; i < given.Count && errors.Error is null; i++)
        {
            if (given[i]?.Id is not { } id) errors.Required($"permission_overwrites.{i}.id", null);
            else if (Read(access.Guild, id, given[i]) is { } overwrite) overwrites[id] = overwrite;
            else errors.Add($"permission_overwrites.{i}", "INVALID_OVERWRITE", "No such role.");
        }

        if (errors.Error is { } error) return error;
        var touched = Touched(channel.Overwrites, overwrites);
        if (touched == Permissions.None && overwrites.Count == channel.Overwrites.Count) return (PermissionOverwrite[])[.. overwrites.Values];
        if (!isNew && !HasManageRoles(access, channel)) return ErrorCode.MissingPermissions;
        return MayTouch(access, isNew ? null : channel, parent, touched) ? (PermissionOverwrite[])[.. overwrites.Values] : ErrorCode.MissingPermissions;
    }

    /// <summary>Why a channel may not take over the overwrites of the category it is put into; null where it may.</summary>
    public static ErrorCode? RefusalToCopy(GuildAccess access, ChannelRecord channel, ChannelId parent, IReadOnlyList<PermissionOverwrite> wanted)
    {
        var touched = Touched(channel.Overwrites, wanted.ToDictionary(o => o.Id));
        if (touched == Permissions.None) return null;
        return HasManageRoles(access, channel) && MayTouch(access, channel, parent, touched) ? null : ErrorCode.MissingPermissions;
    }

    /// <summary>One overwrite of an existing channel, set or (null) removed.</summary>
    public static ErrorCode? RefusalToSet(GuildAccess access, ChannelRecord channel, PermissionOverwrite? before, PermissionOverwrite? after)
    {
        if (!HasManageRoles(access, channel)) return ErrorCode.MissingPermissions;
        var touched = Bits(before?.Allow) ^ Bits(after?.Allow) | Bits(before?.Deny) ^ Bits(after?.Deny);
        return MayTouch(access, channel, channel.ParentId, touched) ? null : ErrorCode.MissingPermissions;
    }

    /// <summary>Null where it is about a role that the guild does not have.</summary>
    public static PermissionOverwrite? Read(GuildSnapshot guild, OverwriteId id, OverwriteForm form)
    {
        var isRole = guild.Roles.ContainsKey(new RoleId(id.Value));
        var type = form.Type ?? (isRole ? OverwriteType.Role : OverwriteType.Member);
        if (type == OverwriteType.Role && !isRole || !Enum.IsDefined(type)) return null;
        var deny = form.Deny ?? Permissions.None;
        return new PermissionOverwrite(id, type, (form.Allow ?? Permissions.None) & ~deny, deny);
    }

    /// <summary>Every bit in which the two lists differ.</summary>
    static Permissions Touched(IReadOnlyList<PermissionOverwrite> before, Dictionary<OverwriteId, PermissionOverwrite> after)
    {
        var touched = Permissions.None;
        var old = before.ToDictionary(o => o.Id);
        foreach (var id in old.Keys.Union(after.Keys))
        {
            var (was, now) = (old.GetValueOrDefault(id), after.GetValueOrDefault(id));
            touched |= was.Allow ^ now.Allow | was.Deny ^ now.Deny;
        }

        return touched;
    }

    static Permissions Bits(Permissions? bits) => bits ?? Permissions.None;

    static bool MayTouch(GuildAccess access, ChannelRecord? channel, ChannelId? parent, Permissions touched)
    {
        if (access.Has(Permissions.Administrator)) return true;
        if (touched.HasFlag(Permissions.ManageRoles)) return false;
        if (channel is not null && IsGivenManageRoles(access, channel)) return true;
        var held = access.Permissions;
        if (parent is { } id && access.Guild.Channels.TryGetValue(id, out var category))
            held |= access.Guild.PermissionsIn(category, access.Principal.Id, access.Member.Roles);
        return (touched & ~held) == Permissions.None;
    }

    static bool HasManageRoles(GuildAccess access, ChannelRecord channel) =>
        access.Guild.PermissionsIn(channel, access.Principal.Id, access.Member.Roles).HasFlag(Permissions.ManageRoles);

    static bool IsGivenManageRoles(GuildAccess access, ChannelRecord channel) => channel.Overwrites.Any(o => o.Allow.HasFlag(Permissions.ManageRoles)
        && (o.Type == OverwriteType.Member ? o.Id.Value == access.Principal.Id.Value
            : o.Id.Value == access.Id.Value || access.Member.Roles.Contains(new RoleId(o.Id.Value))));
}
