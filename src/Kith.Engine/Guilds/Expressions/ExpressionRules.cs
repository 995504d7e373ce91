using Kith.Domain;

namespace Kith.Engine.Guilds.Expressions;

/// <summary>Who may make and change emojis and stickers, and what they may be called.</summary>
static class ExpressionRules
{
    public static bool MayCreate(GuildAccess member) => member.Has(Permissions.CreateGuildExpressions) || member.Has(Permissions.ManageGuildExpressions);

    public static bool MayChange(GuildAccess member, UserId maker) =>
        member.Has(Permissions.ManageGuildExpressions) || (member.Has(Permissions.CreateGuildExpressions) && maker == member.Principal.Id);

    /// <summary>What may stand between colons.</summary>
    public static void EmojiName(FormErrors errors, string? name)
    {
        errors.Required("name", name);
        if (name is not { Length: > 0 }) return;
        errors.Length("name", name, 2, 32);
        errors.Require(name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'), "name", "STRING_TYPE_REGEX", "String value did not match validation regex.");
    }

    public static void Sticker(FormErrors errors, string? name, string? description, string? tags)
    {
        errors.Length("name", name, 2, 30);
        errors.Length("description", description, 0, 100);
        errors.Length("tags", tags, 1, 200);
    }
}
