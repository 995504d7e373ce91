using System.Collections.Concurrent;
using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Protocol;

namespace Kith.Engine.Accounts;

/// <summary>
/// Tokens: <c>base64url(user id).base64url(session id).base64url(hmac)</c>, signed with the instance's key. The session id is a snowflake, so the middle
/// part tells the time of login. A check costs one HMAC and two cache lookups, no query once warm.
/// </summary>
public sealed class Tokens(InstanceKey key, IAuthSessionStore sessions, Users users, IEventLog events, AccountOptions options, CacheChanges caches, TimeProvider clock)
{
    const string Purpose = "token";
    const int Capacity = 500_000;

    /// <summary>A session's last use is written at most this often: a million live ones make 280 writes a second.</summary>
    static readonly TimeSpan UseResolution = TimeSpan.FromHours(1);

    readonly SharedCache<AuthSessionId, AuthSessionRecord> live =
        caches.Cache("logins", Capacity, (AuthSessionId id, CancellationToken ct) => sessions.FindAsync(id, ct), change => new AuthSessionId(change.Key));

    readonly ConcurrentDictionary<AuthSessionId, DateTimeOffset> unwrittenUses = new();

    public string Mint(UserId user, AuthSessionId session)
    {
        var signed = $"{TokenParts.Encode(user.Value)}.{TokenParts.Encode(session.Value)}";
        return $"{signed}.{key.Sign(Purpose, signed)}";
    }

    /// <summary>Takes the token with and without <c>Bot </c> or <c>Bearer </c>. Unauthorized for anything wrong with it.</summary>
    public async ValueTask<Result<Principal>> AuthenticateAsync(string? token, CancellationToken ct)
    {
        if (token is null || !TryRead(StripPrefix(token), out var user, out var session)) return ErrorCode.Unauthorized;
        if (await live.Entries.GetAsync(session, ct) is not { } record || record.UserId != user) return ErrorCode.Unauthorized;
        if (await users.FindAsync(user, ct) is not { Disabled: false } who) return ErrorCode.Unauthorized;
        if (!Use(record, who.Bot)) return ErrorCode.Unauthorized;
        return new Principal(who, session);
    }

    /// <summary>When a login was last used, as far as this process knows.</summary>
    public DateTimeOffset LastUseOf(AuthSessionRecord session) => unwrittenUses.TryGetValue(session.Id, out var use) && use > session.LastUsedAt ? use : session.LastUsedAt;

    /// <summary>Writes what is unwritten; called by a timer and at the end.</summary>
    public async Task FlushUsesAsync(CancellationToken ct)
    {
        var uses = unwrittenUses.ToArray();
        if (uses.Length == 0) return;
        await sessions.TouchAsync(uses.ToDictionary(), ct);
        foreach (var use in uses)
        {
            // Read anew with its new time, before the note of it goes.
            live.Entries.Remove(use.Key);
            unwrittenUses.TryRemove(use);
        }
    }

    /// <summary>Ends logins: their tokens are refused from now on, and their sockets are closed.</summary>
    public async Task RevokeAsync(UserId user, IReadOnlyCollection<AuthSessionId> ids, CancellationToken ct)
    {
        if (ids.Count == 0) return;
        foreach (var id in await sessions.RemoveAsync(user, ids, ct))
        {
            // It has ended: whoever asked may leave, it ends everywhere all the same.
            await live.ChangedAsync(id.Value, CancellationToken.None);
            unwrittenUses.TryRemove(id, out _);
            await events.PublishAsync(new Event
            {
                Name = "", Data = default, Audience = new Audience.OfUsers(user), Effect = new SessionEffect.Revoked(user, id, Keep: null),
            }, CancellationToken.None);
        }
    }

    /// <summary>Ends all logins of a user but one (null: all).</summary>
    public async Task RevokeOthersAsync(UserId user, AuthSessionId? keep, CancellationToken ct)
    {
        var all = await sessions.OfUserAsync(user, ct);
        await RevokeAsync(user, [.. all.Select(s => s.Id).Where(id => id != keep)], ct);
    }

    /// <summary>False where the login has not been used for so long that it has expired. The tokens of bots do not.</summary>
    bool Use(AuthSessionRecord session, bool isBot)
    {
        var now = clock.GetUtcNow();
        var idle = now - LastUseOf(session);
        if (!isBot && options.SessionLifetime > TimeSpan.Zero && idle > options.SessionLifetime) return false;
        if (idle > UseResolution) unwrittenUses[session.Id] = now;
        return true;
    }

    bool TryRead(string token, out UserId user, out AuthSessionId session)
    {
        (user, session) = (default, default);
        var parts = token.Split('.', 4);
        if (parts.Length != 3 || !key.IsSigned(Purpose, $"{parts[0]}.{parts[1]}", parts[2])) return false;
        if (!TokenParts.TryDecode(parts[0], out var userId) || !TokenParts.TryDecode(parts[1], out var sessionId)) return false;
        (user, session) = (new UserId(userId), new AuthSessionId(sessionId));
        return true;
    }

    static string StripPrefix(string token) =>
        token.StartsWith("Bot ", StringComparison.OrdinalIgnoreCase) ? token[4..].Trim()
        : token.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? token[7..].Trim()
        : token.Trim();
}
