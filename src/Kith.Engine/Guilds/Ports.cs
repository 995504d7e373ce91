using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>
/// Guilds with their roles and channels. Every change is one transaction, raises the guild's version and returns the new one; it throws
/// <see cref="Delivery.UnavailableException"/> where the store is away.
/// </summary>
public interface IGuildStore
{
    /// <summary>The guild, its roles (with @everyone) and channels (with overwrites); null where it does not exist.</summary>
    Task<GuildSnapshot?> LoadAsync(GuildId id, CancellationToken ct);

    /// <summary>The guild, its first roles and channels, and its owner as first member: all or nothing.</summary>
    Task CreateAsync(GuildSnapshot guild, MemberRecord owner, CancellationToken ct);

    Task<long> UpdateAsync(GuildRecord guild, CancellationToken ct);

    /// <summary>The guild with everything in it, messages included.</summary>
    Task DeleteAsync(GuildId id, CancellationToken ct);

    /// <summary>Inserts or replaces these roles.</summary>
    Task<long> SaveRolesAsync(GuildId guild, IReadOnlyCollection<Role> roles, CancellationToken ct);

    /// <summary>Takes the role from its members and its overwrites from the channels as well.</summary>
    Task<long> DeleteRoleAsync(GuildId guild, RoleId role, CancellationToken ct);

    /// <summary>Inserts or replaces these channels with their overwrites.</summary>
    Task<long> SaveChannelsAsync(GuildId guild, IReadOnlyCollection<ChannelRecord> channels, CancellationToken ct);

    /// <summary>The channel with its messages, read states and invites; children of a category move to the top level.</summary>
    Task<long> DeleteChannelAsync(GuildId guild, ChannelId channel, CancellationToken ct);
}

/// <summary>Memberships.</summary>
public interface IMemberStore
{
    Task<MemberRecord?> FindAsync(GuildId guild, UserId user, CancellationToken ct);

    Task<IReadOnlyList<MemberRecord>> FindManyAsync(GuildId guild, IReadOnlyCollection<UserId> users, CancellationToken ct);

    /// <summary>Ascending by user id, those after <paramref name="after"/>, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<MemberRecord>> ListAsync(GuildId guild, UserId after, int limit, CancellationToken ct);

    /// <summary>Whose nick or user name begins with this, without regard to case; at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<MemberRecord>> SearchAsync(GuildId guild, string prefix, int limit, CancellationToken ct);

    /// <summary>Every guild of a user with the membership, by guild id.</summary>
    Task<IReadOnlyList<MemberRecord>> OfUserAsync(UserId user, CancellationToken ct);

    Task<int> CountAsync(GuildId guild, CancellationToken ct);

    /// <summary>False where the user is a member already or is banned; then nothing changes.</summary>
    Task<bool> AddAsync(MemberRecord member, CancellationToken ct);

    /// <summary>Many at once, for imports and bulk accounts; those who are members already stay as they are.</summary>
    Task AddManyAsync(IReadOnlyCollection<MemberRecord> members, CancellationToken ct);

    /// <summary>Raises the guild's version. False where the membership has ended meanwhile.</summary>
    Task<bool> UpdateAsync(MemberRecord member, CancellationToken ct);

    /// <summary>With the member's read states in that guild; raises the guild's version. False where there was none.</summary>
    Task<bool> RemoveAsync(GuildId guild, UserId user, CancellationToken ct);
}
