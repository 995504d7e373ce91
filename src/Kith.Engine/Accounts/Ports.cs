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

    /// <summary>The registration code does not exist, has expired, or is used up.</summary>
    CodeInvalid,

    /// <summary>There is no such user (any more).</summary>
    Gone,
}

/// <param name="User">As saved; null where it was not.</param>
public sealed record UserSaved(UserConflict Conflict, UserRecord? User);

/// <summary>A person or bot to be. The first person of an instance becomes its admin, whatever the record says.</summary>
/// <param name="PasswordHash">Null for accounts that are used by token only.</param>
/// <param name="Code">An admin's registration code, used once by this; null where none is needed.</param>
public sealed record NewAccount(UserRecord User, string? PasswordHash, string? Code = null);

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

/// <summary>One of the codes that stand in for an authenticator that was lost.</summary>
/// <param name="Hash">The code itself is known only when it is made.</param>
public sealed record RecoveryCode(string Hash, bool Consumed);

/// <summary>Accounts as one logs in to them. Each method is one transaction.</summary>
public interface ICredentialStore
{
    /// <summary>
    /// Of concurrent calls with one name or address exactly one succeeds; of concurrent first accounts exactly one is admin; a registration code is used as often as it may
    /// be. Nothing happens where it fails.
    /// </summary>
    Task<UserSaved> CreateAsync(NewAccount account, DateTimeOffset now, CancellationToken ct);

    /// <summary>Many in one transaction; answers in the order given. Those whose name is taken are left out, the others are made.</summary>
    Task<IReadOnlyList<UserSaved>> CreateManyAsync(IReadOnlyCollection<NewAccount> accounts, CancellationToken ct);

    /// <summary>False on an instance whose first admin is still to come.</summary>
    Task<bool> HasAdminAsync(CancellationToken ct);

    Task<CredentialsRecord?> FindAsync(UserId user, CancellationToken ct);

    /// <summary>By user name or, where it has an @, by address; null for bots and unknown ones.</summary>
    Task<CredentialsRecord?> FindByLoginAsync(string login, CancellationToken ct);

    /// <summary>False where the password is no longer the one that was checked.</summary>
    Task<bool> SetPasswordAsync(UserId user, string? oldHash, string newHash, CancellationToken ct);

    /// <summary>Turns two-factor login on, marks the user, and replaces the recovery codes. False where it is on already.</summary>
    Task<bool> EnableTotpAsync(UserId user, string secret, long usedStep, IReadOnlyList<string> codeHashes, CancellationToken ct);

    /// <summary>Turns it off; secret and recovery codes are gone. False where it is off already.</summary>
    Task<bool> DisableTotpAsync(UserId user, CancellationToken ct);

    /// <summary>True once for each time step: that step's code, or an older one, is taken no more.</summary>
    Task<bool> UseTotpStepAsync(UserId user, long step, CancellationToken ct);

    /// <summary>True once for each code.</summary>
    Task<bool> UseRecoveryCodeAsync(UserId user, string hash, CancellationToken ct);

    /// <summary>In the order they were made.</summary>
    Task<IReadOnlyList<RecoveryCode>> RecoveryCodesAsync(UserId user, CancellationToken ct);

    Task ReplaceRecoveryCodesAsync(UserId user, IReadOnlyList<string> hashes, CancellationToken ct);
}

/// <summary>A code with which people may register where that needs an invitation.</summary>
public sealed record RegistrationCode
{
    public required string Code { get; init; }
    public required UserId CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null: for good.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
    public required int UsesLeft { get; init; }
}

public interface IRegistrationCodeStore
{
    Task AddAsync(RegistrationCode code, CancellationToken ct);

    /// <summary>Newest first, used up and expired ones as well.</summary>
    Task<IReadOnlyList<RegistrationCode>> ListAsync(CancellationToken ct);

    Task<bool> RemoveAsync(string code, CancellationToken ct);
}
