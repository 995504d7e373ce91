using Kith.Protocol;

namespace Kith.Engine.Accounts;

public sealed record TotpOffer(string Secret, string OtpauthUrl);

/// <param name="Code">Null where it is no longer known: codes are shown only when they are made.</param>
public sealed record BackupCode(string? Code, bool Consumed);

/// <summary>Turning two-factor login on and off.</summary>
public sealed class TwoFactor(ICredentialStore store, SecondFactors factors, Tokens tokens, ProfileEvents profiles, TimeProvider clock)
{
    /// <summary>A new secret; nothing is kept of it until it comes back with a code.</summary>
    public static Result<TotpOffer> Offer(Principal me)
    {
        if (me.User.Bot) return ErrorCode.BotsCannotUse;
        if (me.User.MfaEnabled) return ErrorCode.TwoFactorEnrolled;
        var secret = Totp.NewSecret();
        return new TotpOffer(secret, Totp.Url(me.User.Username, secret));
    }

    /// <summary>Turns it on and ends all other logins, which had one factor only.</summary>
    public async Task<Result<BackupCode[]>> EnableAsync(Principal me, string secret, string code, string password, string? address, CancellationToken ct)
    {
        if (!(await CredentialsAsync(me, ct)).Ok(out var credentials, out var error)) return error;
        if (credentials.TotpSecret is not null) return ErrorCode.TwoFactorEnrolled;
        if (!Totp.IsSecret(secret)) return Error.Form("secret", "MFA_SECRET_INVALID", "Not a base32 secret of 128 bits or more.");
        if (await factors.RefusePasswordAsync(credentials, password, address, ct) is { } refusal) return refusal;
        if (Totp.Match(secret, code.Trim(), clock.GetUtcNow()) is not { } step) return ErrorCode.InvalidTwoFactorCode;
        var (codes, hashes) = factors.NewRecoveryCodes(me.Id);
        if (!await store.EnableTotpAsync(me.Id, secret, step, hashes, ct)) return ErrorCode.TwoFactorEnrolled;
        await profiles.ChangedAsync(me.Id, isPublic: false, CancellationToken.None);
        await tokens.RevokeOthersAsync(me.Id, keep: me.Session, CancellationToken.None);
        return codes.Select(c => new BackupCode(c, Consumed: false)).ToArray();
    }

    /// <summary>Turns it off, for a code or the password.</summary>
    public async Task<Result<Done>> DisableAsync(Principal me, string? code, string? password, string? address, CancellationToken ct)
    {
        if (!(await CredentialsAsync(me, ct)).Ok(out var credentials, out var error)) return error;
        if (credentials.TotpSecret is null) return ErrorCode.TwoFactorNotEnrolled;
        var refusal = code is not null ? await factors.RefuseAsync(credentials, code, address, ct) : await factors.RefusePasswordAsync(credentials, password ?? "", address, ct);
        if (refusal is not null) return refusal;
        await store.DisableTotpAsync(me.Id, ct);
        await profiles.ChangedAsync(me.Id, isPublic: false, CancellationToken.None);
        return Done.Instance;
    }

    /// <summary>The recovery codes: which are used, or new ones in their place.</summary>
    public async Task<Result<BackupCode[]>> CodesAsync(Principal me, string password, bool regenerate, string? address, CancellationToken ct)
    {
        if (!(await CredentialsAsync(me, ct)).Ok(out var credentials, out var error)) return error;
        if (credentials.TotpSecret is null) return ErrorCode.TwoFactorNotEnrolled;
        if (await factors.RefusePasswordAsync(credentials, password, address, ct) is { } refusal) return refusal;
        if (!regenerate) return (await store.RecoveryCodesAsync(me.Id, ct)).Select(c => new BackupCode(Code: null, c.Consumed)).ToArray();
        var (codes, hashes) = factors.NewRecoveryCodes(me.Id);
        await store.ReplaceRecoveryCodesAsync(me.Id, hashes, ct);
        return codes.Select(c => new BackupCode(c, Consumed: false)).ToArray();
    }

    async Task<Result<CredentialsRecord>> CredentialsAsync(Principal me, CancellationToken ct)
    {
        if (me.User.Bot) return ErrorCode.BotsCannotUse;
        return await store.FindAsync(me.Id, ct) is { PasswordHash: not null } found ? found : ErrorCode.InvalidAccountType;
    }
}
