using System.Security.Cryptography;
using Kith.Protocol;

namespace Kith.Engine.Accounts;

/// <summary>Codes with which an admin lets people register where that needs an invitation.</summary>
public sealed class RegistrationCodes(IRegistrationCodeStore store, TimeProvider clock)
{
    const int Characters = 12;
    const int MaxUses = 10_000;

    /// <summary>Seconds: a year.</summary>
    const int MaxAge = 31_536_000;

    /// <param name="maxAge">Seconds; 0: for good.</param>
    public async Task<Result<RegistrationCode>> CreateAsync(Principal me, int maxUses, int maxAge, CancellationToken ct)
    {
        if (!me.User.Admin) return ErrorCode.MissingPermissions;
        var errors = new FormErrors();
        errors.Range("max_uses", maxUses, 1, MaxUses);
        errors.Range("max_age", maxAge, 0, MaxAge);
        if (errors.Error is { } wrong) return wrong;
        var now = clock.GetUtcNow();
        var code = new RegistrationCode
        {
            Code = RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", Characters), CreatedBy = me.Id, CreatedAt = now,
            ExpiresAt = maxAge == 0 ? null : now.AddSeconds(maxAge), UsesLeft = maxUses,
        };
        await store.AddAsync(code, ct);
        return code;
    }

    public async Task<Result<RegistrationCode[]>> ListAsync(Principal me, CancellationToken ct) =>
        me.User.Admin ? (RegistrationCode[])[.. await store.ListAsync(ct)] : ErrorCode.MissingPermissions;

    public async Task<Result<Done>> RemoveAsync(Principal me, string code, CancellationToken ct)
    {
        if (!me.User.Admin) return ErrorCode.MissingPermissions;
        return await store.RemoveAsync(code, ct) ? Done.Instance : ErrorCode.InvalidInvite;
    }
}
