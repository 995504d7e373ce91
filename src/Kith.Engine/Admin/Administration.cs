using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Guilds;
using Kith.Protocol;

namespace Kith.Engine.Admin;

/// <summary>What admins of the instance may do with accounts and guilds that are not their own.</summary>
public sealed class Administration(IAdminStore store, IUserStore users, Users directory, Tokens tokens, GuildChanges guilds)
{
    public async Task<Result<AdminUser[]>> UsersAsync(Principal me, string prefix, UserId? before, int limit, CancellationToken ct) =>
        me.User.Admin ? (AdminUser[])[.. await store.UsersAsync(prefix, before ?? new UserId(long.MaxValue), limit, ct)] : ErrorCode.MissingPermissions;

    public async Task<Result<AdminGuild[]>> GuildsAsync(Principal me, int limit, CancellationToken ct) =>
        me.User.Admin ? (AdminGuild[])[.. await store.GuildsAsync(limit, ct)] : ErrorCode.MissingPermissions;

    /// <summary>A disabled account's logins end at once, and it cannot log in. What it has written stays.</summary>
    public async Task<Result<Done>> SetDisabledAsync(Principal me, UserId user, bool disabled, CancellationToken ct)
    {
        // Nobody can be left without a way back in.
        if (!me.User.Admin || user == me.Id) return ErrorCode.MissingPermissions;
        if ((await users.UpdateAsync(user, u => u with { Disabled = disabled }, ct)).User is null) return ErrorCode.UnknownUser;
        await directory.ChangedAsync(user, CancellationToken.None);
        if (disabled) await tokens.RevokeOthersAsync(user, keep: null, CancellationToken.None);
        return Done.Instance;
    }

    public async Task<Result<Done>> DeleteGuildAsync(Principal me, GuildId guild, CancellationToken ct) =>
        me.User.Admin ? await guilds.DeleteAnyAsync(guild, ct) : ErrorCode.MissingPermissions;
}
