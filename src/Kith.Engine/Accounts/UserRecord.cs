using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Accounts;

/// <summary>A user or bot, as stored, without anything secret.</summary>
public sealed record UserRecord
{
    public required UserId Id { get; init; }

    /// <summary>Unique without regard to case; lower case for people.</summary>
    public required string Username { get; init; }
    public string? GlobalName { get; init; }
    public string? Avatar { get; init; }
    public string? Banner { get; init; }
    public int? AccentColor { get; init; }
    public string? Bio { get; init; }
    public string? Email { get; init; }
    public string Locale { get; init; } = "en-US";
    public bool Bot { get; init; }

    /// <summary>May use the instance's admin pages and commands.</summary>
    public bool Admin { get; init; }
    public bool MfaEnabled { get; init; }

    /// <summary>Switched off by an admin: its logins have ended, and it cannot log in.</summary>
    public bool Disabled { get; init; }

    public User ToWire() => new()
    {
        Id = Id, Username = Username, GlobalName = GlobalName, Avatar = Avatar, Banner = Banner, AccentColor = AccentColor, Bot = Bot,
    };

    /// <summary>As the user itself sees it.</summary>
    public SelfUser ToSelfWire() => new()
    {
        Id = Id, Username = Username, GlobalName = GlobalName, Avatar = Avatar, Banner = Banner, AccentColor = AccentColor, Bot = Bot,
        MfaEnabled = MfaEnabled, Verified = true, Locale = Locale, Email = Email, Bio = Bio, Admin = Admin,
    };
}

/// <summary>Who makes a request or holds a session, once its token has been checked.</summary>
/// <param name="Session">The login the token belongs to; a bot's token has one as well.</param>
public sealed record Principal(UserRecord User, AuthSessionId Session)
{
    public UserId Id => User.Id;
}
