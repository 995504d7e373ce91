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

public sealed record AccountOptions
{
    [Description("Who may make an account: Open (anyone), Invite (whoever brings a server's invite or an admin's code) or Closed. The first account is the instance's admin.")]
    public RegistrationPolicy Registration { get; init; } = RegistrationPolicy.Open;

    [Description("PBKDF2-HMAC-SHA512 rounds of a new password's hash; the default costs about 100 ms of one core.")]
    [Range(1_000, 100_000_000)]
    public int PasswordIterations { get; init; } = 210_000;

    [Description("After how long without use a person's login ends. 0: never. Bots' tokens stay until they are reset.")]
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromDays(180);
}
