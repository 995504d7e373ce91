using Kith.Engine.Accounts;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>Asks owners with two-factor login for a code before a guild is given away or deleted.</summary>
public sealed class OwnerConfirmation(ICredentialStore credentials, SecondFactors factors)
{
    /// <param name="address">From where the request came, for the count of attempts.</param>
    public async Task<Error?> RefuseAsync(Principal owner, string? code, string? address, CancellationToken ct)
    {
        if (!owner.User.MfaEnabled || await credentials.FindAsync(owner.Id, ct) is not { TotpSecret: not null } known) return null;
        return string.IsNullOrWhiteSpace(code) ? ErrorCode.TwoFactorRequired : await factors.RefuseAsync(known, code, address, ct);
    }
}
