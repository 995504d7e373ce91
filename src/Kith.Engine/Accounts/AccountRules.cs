using System.Text.RegularExpressions;
using Kith.Protocol;

namespace Kith.Engine.Accounts;

/// <summary>What names, passwords and addresses may look like, with Discord's field errors.</summary>
public static partial class AccountRules
{
    public const int MinPassword = 8;
    public const int MaxPassword = 128;
    public const int MaxEmail = 254;

    static readonly HashSet<string> Reserved = new(StringComparer.Ordinal) { "everyone", "here", "system", "kith", "discord" };

    /// <summary>As it is kept: names of people have no capitals.</summary>
    public static string Fold(string username) => username.Trim().ToLowerInvariant();

    /// <summary>For people; <paramref name="username"/> is folded already.</summary>
    public static void Username(FormErrors errors, string path, string? username)
    {
        errors.Required(path, username);
        if (string.IsNullOrEmpty(username)) return;
        if (username.Length is < 2 or > 32) errors.Length(path, username, 2, 32);
        else if (!AllowedInNames().IsMatch(username))
            errors.Add(path, "USERNAME_INVALID_CHARACTERS", "Please only use numbers, letters, underscores _ , or periods.");
        else if (username.Contains("..", StringComparison.Ordinal))
            errors.Add(path, "USERNAME_INVALID_CONTAINS", "Username cannot contain consecutive periods.");
        else if (Reserved.Contains(username))
            errors.Add(path, "USERNAME_INVALID_RESERVED", "Username is reserved.");
    }

    public static void Password(FormErrors errors, string path, string? password)
    {
        errors.Required(path, password);
        if (!string.IsNullOrEmpty(password)) errors.Length(path, password, MinPassword, MaxPassword);
    }

    /// <summary>Absent is fine. One @ with something on both sides and no blanks: whether an address works only sending shows.</summary>
    public static void Email(FormErrors errors, string path, string? email)
    {
        if (email is not null && (email.Length > MaxEmail || !AddressForm().IsMatch(email)))
            errors.Add(path, "EMAIL_TYPE_INVALID_EMAIL", "Not a well formed email address.");
    }

    /// <summary>1 to 32 characters that can be seen; null clears it.</summary>
    public static void DisplayName(FormErrors errors, string path, string? name)
    {
        errors.Length(path, name, 1, 32);
        if (name is not null && name.Any(char.IsControl))
            errors.Add(path, "STRING_TYPE_REGEX", "String value did not match validation regex.");
    }

    /// <summary>Bots may have capitals and blanks in their names, but nothing that a mention could be mistaken for.</summary>
    public static void BotName(FormErrors errors, string path, string? name)
    {
        errors.Required(path, name);
        if (string.IsNullOrEmpty(name)) return;
        errors.Length(path, name, 2, 32);
        if (name != name.Trim() || name.IndexOfAny(['@', '#', ':', '`', '\n', '\r', '\t', '\0']) >= 0 || name.Any(char.IsControl))
            errors.Add(path, "USERNAME_INVALID_CHARACTERS", "Username cannot contain @, #, : or backticks.");
        else if (Reserved.Contains(Fold(name)))
            errors.Add(path, "USERNAME_INVALID_RESERVED", "Username is reserved.");
    }

    /// <summary>Without blanks around it; nothing but blanks is no name.</summary>
    public static string? CleanName(string? name) => string.IsNullOrWhiteSpace(name) ? null : name.Trim();

    /// <summary>The refusal of a user that could not be saved.</summary>
    public static Error Taken(UserConflict conflict) => conflict switch
    {
        UserConflict.NameTaken => Error.Form("username", "USERNAME_ALREADY_TAKEN", "Username is unavailable. Try adding numbers, letters, underscores _ , or periods."),
        UserConflict.EmailTaken => Error.Form("email", "EMAIL_ALREADY_REGISTERED", "Email is already registered."),
        UserConflict.CodeInvalid => Error.Form("invite", "INVITE_CODE_INVALID", "Invite is invalid or has expired."),
        UserConflict.Gone => ErrorCode.UnknownUser,
        _ => throw new ArgumentOutOfRangeException(nameof(conflict), conflict, "Nothing was taken."),
    };

    [GeneratedRegex(@"\A[a-z0-9_.]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex AllowedInNames();

    [GeneratedRegex(@"\A[^@\s\p{C}]+@[^@\s\p{C}]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex AddressForm();
}
