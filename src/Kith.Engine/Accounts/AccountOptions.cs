using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Kith.Engine.Accounts;

/// <summary>Who may make an account.</summary>
public enum RegistrationPolicy
{
    Open,

    /// <summary>Whoever brings a guild's invite, or a code made by an admin.</summary>
    Invite,
    Closed,
}

public sealed record AccountOptions : IValidatableObject
{
    [Description("Who may make an account: Open (anyone), Invite (whoever brings a server's invite or an admin's code) or Closed. The first account is the instance's admin.")]
    public RegistrationPolicy Registration { get; init; } = RegistrationPolicy.Open;

    [Description("PBKDF2-HMAC-SHA512 rounds of a new password's hash; the default costs about 100 ms of one core.")]
    [Range(1_000, 100_000_000)]
    public int PasswordIterations { get; init; } = 210_000;

    [Description("The key that signs tokens, 32 random bytes in base64 (openssl rand -base64 32): the same on every node of a cluster, which needs it. Empty: made at the first start and kept in the data folder.")]
    [PasswordPropertyText]
    public string Key { get; init; } = "";

    [Description("After how long without use a person's login ends. 0: never. Bots' tokens stay until they are reset.")]
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromDays(180);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Key.Length > 0 && !(Convert.TryFromBase64String(Key, new byte[Key.Length], out var bytes) && bytes >= KeyBytes))
            yield return new($"it must be at least {KeyBytes} bytes in base64", [nameof(Key)]);
    }

    public const int KeyBytes = 32;
}
