using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>What only the owner may do: give a guild away, and delete it.</summary>
public sealed class Ownership(Access access, GuildChanges changes, GuildDirectory guilds, Users users, OwnerConfirmation confirmation)
{
    /// <param name="address">From where the request came, for the count of attempts at the second factor.</param>
    public async Task<Result<Done>> DeleteAsync(Actor actor, GuildId id, string? code, string? address, CancellationToken ct)
    {
        if (!(await access.GuildAsync(actor.Principal, id, ct)).Ok(out var guild, out var error)) return error;
        if (!guild.IsOwner) return ErrorCode.MissingPermissions;
        if (await confirmation.RefuseAsync(actor.Principal, code, address, ct) is { } refusal) return refusal;
        return await changes.DeleteAsync(actor.Principal, id, ct);
    }

    /// <summary>Why the guild may not be given to that user by who asks; null where it may.</summary>
    /// <param name="address">As in <see cref="DeleteAsync"/>.</param>
    public async Task<Error?> RefuseTransferAsync(Actor actor, GuildId id, UserId to, string? code, string? address, CancellationToken ct)
    {
        if (!(await access.GuildAsync(actor.Principal, id, ct)).Ok(out var guild, out var error)) return error;
        if (!guild.IsOwner) return ErrorCode.MissingPermissions;
        if (to == actor.Id) return null;
        if (await guilds.MemberAsync(id, to, ct) is null || await users.FindAsync(to, ct) is not { } heir) return ErrorCode.UnknownMember;
        return heir.Bot ? ErrorCode.OwnershipTransferToBot : await confirmation.RefuseAsync(actor.Principal, code, address, ct);
    }
}
