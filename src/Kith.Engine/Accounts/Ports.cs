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

    /// <summary>Applies a change to the newest state, so that two changes of different fields both last. Nothing changes where a unique value is taken.</summary>
    Task<UserSaved> UpdateAsync(UserId id, Func<UserRecord, UserRecord> change, CancellationToken ct);
}

/// <summary>Why a user could not be saved.</summary>
public enum UserConflict
{
    None,
    NameTaken,
    EmailTaken,

    /// <summary>There is no such user (any more).</summary>
    Gone,
}

/// <param name="User">As saved; null where it was not.</param>
public sealed record UserSaved(UserConflict Conflict, UserRecord? User);

/// <summary>A person or bot to be. The first person of an instance becomes its admin, whatever the record says.</summary>
/// <param name="PasswordHash">Null for bots, and for accounts that are used by token only.</param>
public sealed record NewAccount(UserRecord User, string? PasswordHash);

/// <summary>What a person logs in with.</summary>
public sealed record CredentialsRecord
{
    public required UserId UserId { get; init; }
    public string? PasswordHash { get; init; }

    /// <summary>Base32; null while two-factor login is off.</summary>
    public string? TotpSecret { get; init; }

    /// <summary>The newest time step whose code was taken.</summary>
    public long TotpStep { get; init; }
}

/// <summary>Accounts as one logs in to them. Each method is one transaction.</summary>
public interface ICredentialStore
{
    /// <summary>Of concurrent calls with one name or address exactly one succeeds; of concurrent first accounts exactly one is admin.</summary>
    Task<UserSaved> CreateAsync(NewAccount account, CancellationToken ct);

    /// <summary>Many in one transaction; answers in the order given. Those whose name is taken are left out, the others are made.</summary>
    Task<IReadOnlyList<UserSaved>> CreateManyAsync(IReadOnlyCollection<NewAccount> accounts, CancellationToken ct);

    Task<CredentialsRecord?> FindAsync(UserId user, CancellationToken ct);

    /// <summary>By user name or, where it has an @, by address; null for bots and unknown ones.</summary>
    Task<CredentialsRecord?> FindByLoginAsync(string login, CancellationToken ct);
}
