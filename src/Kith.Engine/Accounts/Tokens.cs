using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Protocol;

namespace Kith.Engine.Accounts;

/// <summary>One login of a user, or the one standing token of a bot. Revoked by deletion.</summary>
public sealed record AuthSessionRecord
{
    public required AuthSessionId Id { get; init; }
    public required UserId UserId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
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

    Task AddAsync(AuthSessionRecord session, CancellationToken ct);

    /// <summary>All or nothing.</summary>
    Task AddManyAsync(IReadOnlyCollection<AuthSessionRecord> sessions, CancellationToken ct);

    /// <summary>Notes when logins were last used; those that ended meanwhile are passed over.</summary>
    Task TouchAsync(IReadOnlyDictionary<AuthSessionId, DateTimeOffset> lastUses, CancellationToken ct);

    /// <summary>Those that were there, of this user only.</summary>
    Task<IReadOnlyList<AuthSessionId>> RemoveAsync(UserId user, IReadOnlyCollection<AuthSessionId> ids, CancellationToken ct);
}

/// <summary>
/// Tokens: <c>base64url(user id).base64url(session id).base64url(hmac)</c>, signed with the instance's key. The session id is a snowflake, so the middle
/// part tells the time of login. A check costs one HMAC and two cache lookups, no query once warm.
/// </summary>
public sealed class Tokens(byte[] key, IAuthSessionStore sessions, Users users, IEventLog events)
{
    const int Capacity = 500_000;

    readonly ReadThroughCache<AuthSessionId, AuthSessionRecord> live = new(Capacity, sessions.FindAsync);

    public string Mint(UserId user, AuthSessionId session)
    {
        var signed = $"{Encode(user.ToString())}.{Encode(session.ToString())}";
        return $"{signed}.{Sign(signed)}";
    }

    /// <summary>Takes the token with and without <c>Bot </c> or <c>Bearer </c>. Unauthorized for anything wrong with it.</summary>
    public async ValueTask<Result<Principal>> AuthenticateAsync(string? token, CancellationToken ct)
    {
        if (token is null || !TryRead(StripPrefix(token), out var user, out var session)) return ErrorCode.Unauthorized;
        if (await live.GetAsync(session, ct) is not { } record || record.UserId != user) return ErrorCode.Unauthorized;
        if (await users.FindAsync(user, ct) is not { } who) return ErrorCode.Unauthorized;
        return new Principal(who, session);
    }

    /// <summary>Ends logins: their tokens are refused from now on, and their sockets are closed.</summary>
    public async Task RevokeAsync(UserId user, IReadOnlyCollection<AuthSessionId> ids, CancellationToken ct)
    {
        foreach (var id in await sessions.RemoveAsync(user, ids, ct))
        {
            live.Remove(id);
            await events.PublishAsync(new Event
            {
                Name = "", Data = default, Audience = new Audience.OfUsers(user), Effect = new SessionEffect.Revoked(user, id, Keep: null),
            }, ct);
        }
    }

    /// <summary>After a revocation elsewhere.</summary>
    public void Forget(AuthSessionId id) => live.Remove(id);

    bool TryRead(string token, out UserId user, out AuthSessionId session)
    {
        (user, session) = (default, default);
        var parts = token.Split('.');
        if (parts.Length != 3) return false;
        var expected = Encoding.ASCII.GetBytes(Sign($"{parts[0]}.{parts[1]}"));
        if (!CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(parts[2]))) return false;
        if (!TryDecode(parts[0], out var userId) || !TryDecode(parts[1], out var sessionId)) return false;
        (user, session) = (new UserId(userId), new AuthSessionId(sessionId));
        return true;
    }

    string Sign(string text)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text), mac);
        return Base64Url.EncodeToString(mac);
    }

    static string StripPrefix(string token) =>
        token.StartsWith("Bot ", StringComparison.OrdinalIgnoreCase) ? token[4..].Trim()
        : token.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? token[7..].Trim()
        : token.Trim();

    static string Encode(string text) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(text));

    static bool TryDecode(string part, out long id)
    {
        id = 0;
        Span<byte> bytes = stackalloc byte[32];
        return part.Length <= 28 && Base64Url.IsValid(part, out _) && Base64Url.TryDecodeFromChars(part, bytes, out var length)
            && Snowflake.TryParse(Encoding.ASCII.GetString(bytes[..length]), out id);
    }
}
