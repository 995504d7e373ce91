using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>What a role may look like, and how the order of roles may change. Pure.</summary>
static class RoleRules
{
    const int MaxColor = 0xFFFFFF;
    const int MaxEmoji = 100;

    /// <summary>The role with the form's fields; one may give and take only permissions that one has.</summary>
    public static Result<Role> Apply(GuildAccess access, Role before, RoleForm form)
    {
        var errors = new FormErrors();
        var isEveryone = before.Id.Value == access.Id.Value;
        // @everyone has a fixed name and shows up neither in the list of members nor in mentions.
        var name = isEveryone || form.Name.Or(null) is not { } typed ? before.Name : Names.Clean(typed);
        if (!isEveryone && form.Name.Or(null) is not null) errors.Length("name", name, 1, GuildLimits.MaxRoleName);
        errors.Range("color", form.Color.Or(null), 0, MaxColor);
        errors.Range("colors.primary_color", form.Colors.Or(null)?.PrimaryColor, 0, MaxColor);
        errors.Range("colors.secondary_color", form.Colors.Or(null)?.SecondaryColor, 0, MaxColor);
        errors.Range("colors.tertiary_color", form.Colors.Or(null)?.TertiaryColor, 0, MaxColor);
        errors.Length("unicode_emoji", form.UnicodeEmoji.Or(null), 0, MaxEmoji);
        if (errors.Error is { } error) return error;

        var permissions = form.Permissions.HasValue ? form.Permissions.Value ?? access.Guild.Everyone.Permissions : before.Permissions;
        if (!access.Has(Permissions.Administrator) && ((permissions ^ before.Permissions) & ~access.Permissions) != Permissions.None) return ErrorCode.MissingPermissions;
        if (isEveryone) return before with { Permissions = permissions };
        var colors = ColorsOf(before, form);
        return before with
        {
            Name = name, Permissions = permissions, Color = colors.PrimaryColor, Colors = colors,
            Hoist = form.Hoist.HasValue ? form.Hoist.Value ?? false : before.Hoist,
            Mentionable = form.Mentionable.HasValue ? form.Mentionable.Value ?? false : before.Mentionable,
            UnicodeEmoji = form.UnicodeEmoji.HasValue ? form.UnicodeEmoji.Value is "" ? null : form.UnicodeEmoji.Value : before.UnicodeEmoji,
        };
    }

    /// <summary>
    /// The roles, lowest first, after the moves: each moved role is put at its position, in ascending order, and the others keep theirs. @everyone stays the lowest.
    /// </summary>
    public static IReadOnlyList<Role> Reorder(GuildSnapshot guild, IReadOnlyDictionary<RoleId, int> moves)
    {
        List<Role> order = [.. guild.RolesInOrder.Where(r => r.Id != guild.Everyone.Id && !moves.ContainsKey(r.Id))];
        foreach (var (id, position) in moves.OrderBy(m => m.Value).ThenByDescending(m => m.Key.Value))
            order.Insert(Math.Clamp(position - 1, 0, order.Count), guild.Roles[id]);
        return [guild.Everyone, .. order];
    }

    static RoleColors ColorsOf(Role before, RoleForm form)
    {
        if (form.Colors.HasValue)
            return form.Colors.Value is { } colors ? new RoleColors(colors.PrimaryColor ?? 0, colors.SecondaryColor, colors.TertiaryColor) : new RoleColors(0);
        return form.Color.HasValue ? new RoleColors(form.Color.Value ?? 0) : before.Colors;
    }
}
