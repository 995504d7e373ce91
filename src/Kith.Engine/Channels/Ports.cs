using Kith.Domain;
using Kith.Engine.Guilds;

namespace Kith.Engine.Channels;

/// <param name="Opened">False where the user had it open already.</param>
public sealed record DmOpened(ChannelRecord Channel, bool Opened);

/// <summary>A group before and after a change.</summary>
public sealed record GroupChange(ChannelRecord Before, ChannelRecord After);

public enum RecipientAddition
{
    Added,
    AlreadyIn,
    Full,

    /// <summary>There is no such group (any more).</summary>
    Gone,
}

/// <summary>Channels by id, and the private ones (DM and group) whole. Each change is one transaction.</summary>
public interface IChannelStore
{
    /// <summary>A channel of any kind, with overwrites or recipients.</summary>
    Task<ChannelRecord?> FindAsync(ChannelId id, CancellationToken ct);

    /// <summary>DMs that the user has open, and its groups.</summary>
    Task<IReadOnlyList<ChannelRecord>> OfUserAsync(UserId user, CancellationToken ct);

    /// <summary>Everyone with whom the user has an open DM or a group, once each.</summary>
    Task<IReadOnlyList<UserId>> PartnersOfAsync(UserId user, CancellationToken ct);

    /// <summary>The one DM of two users, created where there is none, and open for <paramref name="one"/>: concurrent calls get the same.</summary>
    Task<DmOpened> OpenDmAsync(ChannelId idIfNew, UserId one, UserId other, DateTimeOffset now, CancellationToken ct);

    /// <summary>A DM that one side closed stays, hidden from that side until the next message or opening. False where it was so already.</summary>
    Task<bool> SetDmOpenAsync(ChannelId channel, UserId user, bool open, CancellationToken ct);

    Task CreateGroupAsync(ChannelRecord group, DateTimeOffset now, CancellationToken ct);

    /// <summary>Name, icon, owner, by a change of the newest state, which must be pure and quick. Its refusal is passed on; 10003 where there is no such group.</summary>
    Task<Result<GroupChange>> UpdateGroupAsync(ChannelId channel, Func<ChannelRecord, Result<ChannelRecord>> change, CancellationToken ct);

    /// <param name="most">Participants that a group may have.</param>
    Task<RecipientAddition> AddRecipientAsync(ChannelId channel, UserId user, int most, DateTimeOffset now, CancellationToken ct);

    /// <summary>
    /// Null where the user was not in it. Where it was the owner, the group passes to who has been there longest; where it was the last, the channel itself is removed.
    /// </summary>
    Task<GroupChange?> RemoveRecipientAsync(ChannelId channel, UserId user, CancellationToken ct);
}
