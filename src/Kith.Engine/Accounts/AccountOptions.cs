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
    public RegistrationPolicy Registration { get; init; } = RegistrationPolicy.Open;

    /// <summary>PBKDF2-HMAC-SHA512 rounds, about 100 ms of one core.</summary>
    public int PasswordIterations { get; init; } = 210_000;
}
