using Kith.Domain;
using Kith.Engine.Messages;

namespace Kith.Engine.Unread;

/// <summary>How far a user has read a channel.</summary>
/// <param name="Version">Grows with each change of this mark.</param>
public sealed record ReadMark(ChannelId ChannelId, MessageId LastRead, DateTimeOffset AckedAt, long Version);

public interface IReadStateStore
{
    /// <summary>All of a user: one partition.</summary>
    Task<IReadOnlyList<ReadMark>> OfUserAsync(UserId user, CancellationToken ct);

    Task<ReadMark?> FindAsync(UserId user, ChannelId channel, CancellationToken ct);

    /// <summary>
    /// Moves marks forward, or wherever they are told with <paramref name="manual"/>; atomically. Returns those that changed, with their new versions.
    /// </summary>
    Task<IReadOnlyList<ReadMark>> MoveAsync(UserId user, IReadOnlyDictionary<ChannelId, MessageId> marks, bool manual, DateTimeOffset at, CancellationToken ct);
}

/// <summary>
/// The notification cache: each user's unread direct mentions. May lose anything at any time; it is rebuilt from the lists of <see cref="IMentionStore"/>.
/// A rebuild that a change overtook is not kept. Adapters: in process, Redis.
/// </summary>
public interface INotificationCache
{
    /// <summary>What is cached, else what <see cref="IMentionStore.UnreadDirectAsync"/> finds.</summary>
    ValueTask<IReadOnlyList<MessageKey>> GetAsync(UserId user, CancellationToken ct);

    /// <summary>
    /// Before a commit that adds mentions of these users: until <see cref="ReleaseAsync"/>, what is cached of them is neither used nor kept, in any process. Else
    /// another process could see the message committed, and count through it with older mentions.
    /// </summary>
    ValueTask HoldAsync(IReadOnlyList<UserId> users, CancellationToken ct);

    /// <summary>After that commit, whether it succeeded or not, and before it is announced: forgets, and ends one hold of each.</summary>
    ValueTask ReleaseAsync(IReadOnlyList<UserId> users, CancellationToken ct);

    /// <summary>After any other commit that changed these users' mentions or marks, before it is announced.</summary>
    ValueTask ForgetAsync(IReadOnlyList<UserId> users, CancellationToken ct);

    /// <summary>Drops everything.</summary>
    ValueTask ClearAsync(CancellationToken ct);
}
