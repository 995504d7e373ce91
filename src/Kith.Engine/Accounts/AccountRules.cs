using System.Text.RegularExpressions;

namespace Kith.Engine.Accounts;

/// <summary>What names, passwords and addresses may look like, with Discord's field errors.</summary>
public static partial class AccountRules
{
    public const int MinPassword = 8;
    public const int MaxPassword = 128;

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
        if (email is not null && (email.Length > 254 || !AddressForm().IsMatch(email)))
            errors.Add(path, "EMAIL_TYPE_INVALID_EMAIL", "Not a well formed email address.");
    }

    /// <summary>1 to 32 characters that can be seen; null clears it.</summary>
    public static void DisplayName(FormErrors errors, string path, string? name)
    {
        errors.Length(path, name, 1, 32);
        if (name is not null && (string.IsNullOrWhiteSpace(name) || name.Any(char.IsControl)))
            errors.Add(path, "STRING_TYPE_REGEX", "String value did not match validation regex.");
    }

    public static void Taken(FormErrors errors, UserConflict conflict)
    {
        if (conflict == UserConflict.EmailTaken) errors.Add("email", "EMAIL_ALREADY_REGISTERED", "Email is already registered.");
        else errors.Add("username", "USERNAME_ALREADY_TAKEN", "Username is unavailable. Try adding numbers, letters, underscores _ , or periods.");
    }

    [GeneratedRegex(@"\A[a-z0-9_.]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex AllowedInNames();

    [GeneratedRegex(@"\A[^@\s\p{C}]+@[^@\s\p{C}]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex AddressForm();
}
