using Kith.Domain;
using Kith.Engine.Guilds;

namespace Kith.Engine.Channels;

/// <summary>Channels by id, and the private ones (DM and group) whole.</summary>
public interface IChannelStore
{
    /// <summary>A channel of any kind, with overwrites or recipients.</summary>
    Task<ChannelRecord?> FindAsync(ChannelId id, CancellationToken ct);

    /// <summary>DMs that the user has open, and its groups.</summary>
    Task<IReadOnlyList<ChannelRecord>> OfUserAsync(UserId user, CancellationToken ct);

    /// <summary>The one DM of two users, created where there is none: concurrent calls get the same.</summary>
    Task<ChannelRecord> OpenDmAsync(ChannelId idIfNew, UserId one, UserId other, CancellationToken ct);

    Task CreateGroupAsync(ChannelRecord group, CancellationToken ct);

    /// <summary>Name, icon, owner, last pin: not the recipients.</summary>
    Task UpdateAsync(ChannelRecord channel, CancellationToken ct);

    /// <summary>False where it is full (<paramref name="most"/>) or the user is in already.</summary>
    Task<bool> AddRecipientAsync(ChannelId channel, UserId user, int most, CancellationToken ct);

    Task<bool> RemoveRecipientAsync(ChannelId channel, UserId user, CancellationToken ct);

    /// <summary>A DM that one side closed stays, hidden from that side until the next message or opening.</summary>
    Task SetDmOpenAsync(ChannelId channel, UserId user, bool open, CancellationToken ct);
}
