using System.Security.Cryptography;
using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Accounts;

/// <summary>Checks what proves that someone is who they say: codes of an authenticator, each taken once, recovery codes, and passwords asked again.</summary>
public sealed class SecondFactors(ICredentialStore store, Passwords passwords, LoginAttempts attempts, InstanceKey key, TimeProvider clock)
{
    const string Purpose = "recovery-code";
    const int RecoveryCodes = 10;

    /// <summary>50 bits; two groups of five characters.</summary>
    const int RecoveryCodeCharacters = 10;

    /// <summary>Null where the code is right; it is used up then.</summary>
    public async Task<Error?> RefuseAsync(CredentialsRecord credentials, string code, string? address, CancellationToken ct)
    {
        var account = $"mfa {credentials.UserId}";
        if (await attempts.TakeAsync(account, address, ct) is { } wait) return new Error(ErrorCode.RateLimited, RetryAfter: wait);
        if (credentials.TotpSecret is { } secret && await UseAsync(credentials.UserId, secret, code.Trim(), ct))
        {
            await attempts.SucceededAsync(account, ct);
            return null;
        }

        await attempts.FailedAsync(address, ct);
        return ErrorCode.InvalidTwoFactorCode;
    }

    /// <summary>Null where the password is the account's; otherwise a field error, or how long to wait.</summary>
    public async Task<Error?> RefusePasswordAsync(CredentialsRecord credentials, string password, string? address, CancellationToken ct)
    {
        var account = credentials.UserId.ToString();
        if (await attempts.TakeAsync(account, address, ct) is { } wait) return new Error(ErrorCode.RateLimited, RetryAfter: wait);
        if (password.Length <= AccountRules.MaxPassword && await passwords.MatchesAsync(credentials.PasswordHash, password, ct))
        {
            await attempts.SucceededAsync(account, ct);
            return null;
        }

        await attempts.FailedAsync(address, ct);
        return Error.Form("password", "PASSWORD_DOES_NOT_MATCH", "Password does not match.");
    }

    /// <summary>New recovery codes, and what is kept of them.</summary>
    public (IReadOnlyList<string> Codes, IReadOnlyList<string> Hashes) NewRecoveryCodes(UserId user)
    {
        var codes = Enumerable.Range(0, RecoveryCodes).Select(_ => NewRecoveryCode()).ToArray();
        return (codes, [.. codes.Select(code => HashOf(user, code))]);
    }

    async Task<bool> UseAsync(UserId user, string secret, string code, CancellationToken ct)
    {
        if (Totp.Match(secret, code, clock.GetUtcNow()) is { } step) return await store.UseTotpStepAsync(user, step, ct);
        return code.Length > Totp.Digits && await store.UseRecoveryCodeAsync(user, HashOf(user, code), ct);
    }

    /// <summary>With the instance's key, so that a copied database alone does not let one try all codes.</summary>
    string HashOf(UserId user, string code) => key.Sign(Purpose, $"{user}.{code.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant()}");

    static string NewRecoveryCode()
    {
        var text = RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", RecoveryCodeCharacters);
        return $"{text[..5]}-{text[5..]}".ToLowerInvariant();
    }
}
