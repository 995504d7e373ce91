using Kith.Domain;
using Kith.Engine.Messages;
using Kith.Protocol;

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

/// <summary>Someone with a device, as far as it concerns one guild, or DMs and groups.</summary>
/// <param name="Roles">In that guild.</param>
/// <param name="Settings">For that guild, or for DMs and groups; null where nothing was ever set.</param>
public sealed record PushCandidate(UserId User, IReadOnlyList<RoleId> Roles, UserGuildSettings? Settings);

/// <summary>Whom pushes may concern: users with a device, and where mails are written those with an address.</summary>
public interface IPushAudienceStore
{
    /// <summary>Members of a guild, ascending by id, those after <paramref name="after"/>.</summary>
    Task<IReadOnlyList<PushCandidate>> MembersAsync(GuildId guild, UserId after, int limit, CancellationToken ct);

    /// <summary>Of these users, with their settings for DMs and groups.</summary>
    Task<IReadOnlyList<PushCandidate>> PeopleAsync(IReadOnlyCollection<UserId> users, CancellationToken ct);

    /// <summary>Of these users, those who ever set something.</summary>
    Task<IReadOnlyDictionary<UserId, UserSettings>> SettingsAsync(IReadOnlyCollection<UserId> users, CancellationToken ct);

    /// <summary>Who has blocked this user.</summary>
    Task<IReadOnlySet<UserId>> BlockersAsync(UserId user, CancellationToken ct);

    /// <summary>Since when users appear idle; null ends it. Where one is idle already the older time stays.</summary>
    Task SetIdleAsync(IReadOnlyDictionary<UserId, DateTimeOffset?> idle, CancellationToken ct);

    /// <summary>Of these users, those who appear idle.</summary>
    Task<IReadOnlyDictionary<UserId, DateTimeOffset>> IdleSinceAsync(IReadOnlyCollection<UserId> users, CancellationToken ct);
}

/// <summary>One thing to be sent to one device, claimed by this process.</summary>
/// <param name="Withdrawn">The notification is to be cleared rather than shown.</param>
/// <param name="Version">The notice's when it was claimed: it may change while this is on its way.</param>
/// <param name="Attempts">This one included.</param>
/// <param name="Until">When others may claim it.</param>
public sealed record PushDelivery(PushSubscription Device, MessageKey Message, bool Urgent, bool Withdrawn, long Version, int Attempts, DateTimeOffset Until);

/// <summary>What became of a delivery.</summary>
public enum PushEnd
{
    Delivered,

    /// <summary>The device is gone: so is its subscription, with all its notices.</summary>
    Gone,

    /// <summary>To be tried again.</summary>
    Later,

    /// <summary>Given up, or no longer wanted.</summary>
    Dropped,
}

/// <param name="Due">Of <see cref="PushEnd.Later"/>: when.</param>
public readonly record struct PushResult(PushDelivery Delivery, PushEnd End, DateTimeOffset? Due = null);

/// <summary>
/// The durable queue: what each device shows, or is about to show, of each channel. One notice per device and channel, replaced as more messages arrive. A notice that was
/// claimed and whose end was never told (the process died) is due again later.
/// </summary>
public interface IPushNoticeStore
{
    /// <summary>
    /// These users' devices are to show a message of a channel, in place of an older one. Where a device shows, or is to show, that message or a newer one already nothing changes.
    /// What is on its way or waits to be tried again keeps its time.
    /// </summary>
    /// <param name="forgotten">When even a notice that was shown is forgotten.</param>
    Task ShowAsync(MessageKey message, IReadOnlyCollection<UserId> users, bool urgent, DateTimeOffset now, DateTimeOffset forgotten, CancellationToken ct);

    /// <summary>The user has read a channel up to a message: devices that show an older one, or may, are to clear it; what was not yet sent is dropped.</summary>
    Task WithdrawAsync(UserId user, MessageKey upTo, DateTimeOffset now, CancellationToken ct);

    /// <summary>The same for all that was read without <see cref="WithdrawAsync"/> having been called, a bounded number at once; how many.</summary>
    Task<int> WithdrawReadAsync(DateTimeOffset now, CancellationToken ct);

    /// <summary>Services with something due.</summary>
    Task<IReadOnlyList<string>> ServicesDueAsync(DateTimeOffset now, CancellationToken ct);

    /// <summary>The longest due of one service. They are this process' until <paramref name="until"/>. What belongs to a login that has ended is dropped.</summary>
    Task<IReadOnlyList<PushDelivery>> ClaimAsync(string service, DateTimeOffset now, DateTimeOffset until, int most, CancellationToken ct);

    /// <summary>Where a notice has changed since it was claimed its new state is due at once.</summary>
    Task CompleteAsync(IReadOnlyCollection<PushResult> results, DateTimeOffset now, CancellationToken ct);

    /// <summary>Drops what is forgotten by now, and subscriptions whose login has ended, a bounded number at once.</summary>
    Task ForgetAsync(DateTimeOffset now, CancellationToken ct);

    /// <summary>Notices that wait to be sent.</summary>
    Task<int> WaitingAsync(CancellationToken ct);
}

/// <summary>How far messages have been turned into notices, for a process that starts again. Where the event log itself repeats what was not finished there is none of it.</summary>
public interface IPushBacklogStore
{
    /// <summary>Null before the first time.</summary>
    Task<MessageId?> ProgressAsync(CancellationToken ct);

    Task SaveProgressAsync(MessageId through, CancellationToken ct);

    /// <summary>Messages of all channels newer than <paramref name="after"/>, oldest first.</summary>
    Task<IReadOnlyList<MessageRecord>> MessagesAsync(MessageId after, int limit, CancellationToken ct);
}

/// <summary>How a service took a push.</summary>
public enum PushVerdict
{
    Accepted,

    /// <summary>The device is not known there any more.</summary>
    Gone,

    /// <summary>The service has trouble, or wants us to wait.</summary>
    Retry,

    /// <summary>It will not take this one, however often it is tried.</summary>
    Refused,
}

/// <param name="RetryAfter">What the service asked for.</param>
/// <param name="Detail">For people: status and what the service said.</param>
public readonly record struct PushAnswer(PushVerdict Verdict, string Detail, TimeSpan? RetryAfter = null);

/// <summary>Takes pushes to devices of one kind. Adapters: Web Push, FCM, APNs, webhooks.</summary>
public interface IPushTransport
{
    PushKind Kind { get; }

    /// <summary>Ends within the timeout of the options, or by <paramref name="ct"/>. What can go wrong over there is an answer, no exception.</summary>
    Task<PushAnswer> SendAsync(PushSubscription device, PushNote note, CancellationToken ct);
}

/// <summary>Who is to get a mail of what was missed, once per absence.</summary>
public interface IPushDigestStore
{
    /// <summary>These have missed something. Those with an address are due then, unless they are already or have had their mail.</summary>
    Task MissedAsync(IReadOnlyCollection<UserId> users, DateTimeOffset due, CancellationToken ct);

    /// <summary>These have been seen: what they miss from now on is a new absence.</summary>
    Task SeenAsync(IReadOnlyCollection<UserId> users, CancellationToken ct);

    /// <summary>The longest due, each once: a mail that was lost is better than one that comes again and again.</summary>
    Task<IReadOnlyList<UserId>> TakeDueAsync(DateTimeOffset now, int most, CancellationToken ct);

    /// <summary>Could not be written now.</summary>
    Task PutBackAsync(UserId user, DateTimeOffset due, CancellationToken ct);
}

/// <summary>Writes mails.</summary>
public interface IMailer
{
    /// <exception cref="MailException">It was not taken.</exception>
    Task SendAsync(Mail mail, CancellationToken ct);
}

/// <param name="UnsubscribeUrl">One click (RFC 8058) ends these mails.</param>
public sealed record Mail(string To, string Name, string Subject, string Text, string UnsubscribeUrl);

/// <param name="isFinal">The address will not take mails, however often it is tried.</param>
public sealed class MailException(string message, bool isFinal, Exception inner) : Exception(message, inner)
{
    public bool IsFinal => isFinal;
}
