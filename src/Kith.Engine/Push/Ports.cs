using Kith.Domain;

namespace Kith.Engine.Push;

/// <summary>Over what a subscription is reached. The numbers are stored.</summary>
public enum PushKind
{
    /// <summary>RFC 8030: browsers, installed web apps, Android by UnifiedPush.</summary>
    Web = 1,
    Fcm = 2,
    Apns = 3,

    /// <summary>A POST to an address of the user's own.</summary>
    Webhook = 4,
}

/// <summary>One device or address of a user. It ends with the login that registered it.</summary>
public sealed record PushSubscription
{
    public required PushSubscriptionId Id { get; init; }
    public required UserId UserId { get; init; }
    public required AuthSessionId SessionId { get; init; }
    public required PushKind Kind { get; init; }

    /// <summary>Who delivers, usually the address' host: those of one service share its limits and its troubles.</summary>
    public required string Service { get; init; }

    /// <summary>The endpoint, or the device's token. Whoever knows it can push, but for keys.</summary>
    public required string Address { get; init; }

    /// <summary>Of Web: the device's P-256 key, uncompressed (65 bytes).</summary>
    public byte[]? PublicKey { get; init; }

    /// <summary>Of Web: the authentication secret (16 bytes); of a webhook: the key of its signatures.</summary>
    public byte[]? Secret { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

public interface IPushSubscriptionStore
{
    /// <summary>
    /// Stores it. Where its address is known already that subscription keeps its id and becomes this user's, without what was to be shown there. Of more than
    /// <paramref name="most"/> of one user the oldest go. Returns it as stored.
    /// </summary>
    Task<PushSubscription> SaveAsync(PushSubscription subscription, int most, CancellationToken ct);

    /// <summary>Those whose login still stands, oldest first.</summary>
    Task<IReadOnlyList<PushSubscription>> OfUserAsync(UserId user, CancellationToken ct);

    /// <summary>With all that was to be shown there. False where the user has none such.</summary>
    Task<bool> RemoveAsync(UserId user, PushSubscriptionId id, CancellationToken ct);

    Task<bool> RemoveAsync(UserId user, string address, CancellationToken ct);

    /// <summary>The instance's key of this name: the first that was ever offered, whoever asks.</summary>
    Task<string> KeyAsync(string name, string offered, CancellationToken ct);
}
