using Kith.Domain;

namespace Kith.Engine.Accounts;

/// <summary>Users and bots, as everyone may see them. Secrets and logins are in the other ports of this folder.</summary>
public interface IUserStore
{
    Task<UserRecord?> FindAsync(UserId id, CancellationToken ct);

    /// <summary>Those that exist, in no order.</summary>
    Task<IReadOnlyList<UserRecord>> FindManyAsync(IReadOnlyCollection<UserId> ids, CancellationToken ct);

    /// <summary>By unique name, without regard to case.</summary>
    Task<UserRecord?> FindByNameAsync(string username, CancellationToken ct);

    Task UpdateAsync(UserRecord user, CancellationToken ct);
}
