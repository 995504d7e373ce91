using Kith.Domain;

namespace Kith.Engine.Accounts;

/// <summary>One login of a user, or the one standing token of a bot. Revoked by deletion.</summary>
public sealed record AuthSessionRecord
{
    public required AuthSessionId Id { get; init; }
    public required UserId UserId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>To within an hour.</summary>
    public required DateTimeOffset LastUsedAt { get; init; }

    /// <summary>The address and client that logged in, for the user's own list.</summary>
    public string? Address { get; init; }
    public string? UserAgent { get; init; }
}

public interface IAuthSessionStore
{
    Task<AuthSessionRecord?> FindAsync(AuthSessionId id, CancellationToken ct);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<AuthSessionRecord>> OfUserAsync(UserId user, CancellationToken ct);

    /// <summary>All or nothing.</summary>
    Task AddAsync(IReadOnlyCollection<AuthSessionRecord> sessions, CancellationToken ct);

    /// <summary>False, and nothing is added, where the user's password is no longer this one: a login must not outlive a change of password that came first.</summary>
    Task<bool> AddAsync(AuthSessionRecord session, string passwordHash, CancellationToken ct);

    /// <summary>Those that were there, of this user only.</summary>
    Task<IReadOnlyList<AuthSessionId>> RemoveAsync(UserId user, IReadOnlyCollection<AuthSessionId> ids, CancellationToken ct);

    /// <summary>Notes when logins were last used; those that ended meanwhile are passed over.</summary>
    Task TouchAsync(IReadOnlyDictionary<AuthSessionId, DateTimeOffset> lastUses, CancellationToken ct);
}
