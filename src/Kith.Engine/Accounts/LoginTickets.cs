using Kith.Domain;

namespace Kith.Engine.Accounts;

/// <summary>
/// What a login with two factors holds between the password and the code: <c>base64url(user id).base64url(expiry in Unix ms).base64url(hmac)</c>. Nothing is kept for it;
/// it ends by time, and with the password it was given for.
/// </summary>
public sealed class LoginTickets(InstanceKey key, TimeProvider clock)
{
    const string Purpose = "mfa-ticket";

    static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    public string Issue(CredentialsRecord credentials)
    {
        var signed = $"{TokenParts.Encode(credentials.UserId.Value)}.{TokenParts.Encode((clock.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds())}";
        return $"{signed}.{key.Sign(Purpose, signed + credentials.PasswordHash)}";
    }

    /// <summary>Whose ticket this claims to be. It proves nothing before <see cref="IsValid"/>.</summary>
    public static UserId? ClaimedUser(string ticket) => TokenParts.TryDecode(ticket.Split('.')[0], out var id) ? new UserId(id) : null;

    public bool IsValid(string ticket, CredentialsRecord credentials)
    {
        var parts = ticket.Split('.', 4);
        return parts.Length == 3
            && TokenParts.TryDecode(parts[0], out var user) && user == credentials.UserId.Value
            && TokenParts.TryDecode(parts[1], out var expiry) && expiry > clock.GetUtcNow().ToUnixTimeMilliseconds()
            && key.IsSigned(Purpose, $"{parts[0]}.{parts[1]}{credentials.PasswordHash}", parts[2]);
    }
}
