using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>
/// Guilds with their roles and channels. Every change is one transaction; it throws <see cref="Delivery.UnavailableException"/> where the store is away.
/// </summary>
public interface IGuildStore
{
    /// <summary>The guild, its roles (with @everyone) and channels (with overwrites); null where it does not exist.</summary>
    Task<GuildSnapshot?> LoadAsync(GuildId id, CancellationToken ct);

    /// <summary>The guild, its first roles and channels, and its owner as first member: all or nothing. False where the owner is in <paramref name="most"/> guilds already.</summary>
    Task<bool> CreateAsync(GuildSnapshot guild, MemberRecord owner, int most, CancellationToken ct);

    /// <summary>
    /// Everything in the change or, where the guild is no longer at the version the change is based on (or is gone), nothing: then false. Raises the version by one.
    /// </summary>
    Task<bool> ApplyAsync(GuildChange change, CancellationToken ct);

    /// <summary>The guild with everything in it. False where it is gone already.</summary>
    Task<bool> DeleteAsync(GuildId id, CancellationToken ct);
}

/// <summary>What one request changes in a guild, planned on the state <paramref name="Before"/> and valid for that version only.</summary>
public sealed record GuildChange(GuildSnapshot Before)
{
    public GuildRecord? Guild { get; init; }

    /// <summary>Inserted, or replaced by id.</summary>
    public IReadOnlyList<Role> Roles { get; init; } = [];

    /// <summary>Taken from its members as well; overwrites are the planner's to clean, in <see cref="Channels"/>.</summary>
    public RoleId? DeletedRole { get; init; }

    /// <summary>Inserted, or replaced by id, with their overwrites.</summary>
    public IReadOnlyList<ChannelRecord> Channels { get; init; } = [];

    /// <summary>With its invites. Children of a category are the planner's to move, in <see cref="Channels"/>.</summary>
    public ChannelId? DeletedChannel { get; init; }

    public IReadOnlyList<AuditLogEntry> Audit { get; init; } = [];

    /// <summary>The guild's version once this is applied.</summary>
    public long Version => Before.Version + 1;
}

/// <summary>How an attempt to become a member ended.</summary>
public enum Admission
{
    Added,
    AlreadyMember,
    Banned,
    TooManyGuilds,
    UnknownGuild,
    InviteInvalid,
}

/// <summary>A change of one membership; <paramref name="Audit"/> is written with it.</summary>
public sealed record MemberChange(MemberRecord Before, MemberRecord After, IReadOnlyList<AuditLogEntry> Audit);

/// <summary>Memberships.</summary>
public interface IMemberStore
{
    Task<MemberRecord?> FindAsync(GuildId guild, UserId user, CancellationToken ct);

    /// <summary>Those that exist, in no order.</summary>
    Task<IReadOnlyList<MemberRecord>> FindManyAsync(GuildId guild, IReadOnlyCollection<UserId> users, CancellationToken ct);

    /// <summary>Ascending by user id, those after <paramref name="after"/>, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<MemberRecord>> ListAsync(GuildId guild, UserId after, int limit, CancellationToken ct);

    /// <summary>Whose nick or user name begins with this, without regard to case; at most <paramref name="limit"/>, ascending by user id.</summary>
    Task<IReadOnlyList<MemberRecord>> SearchAsync(GuildId guild, string prefix, int limit, CancellationToken ct);

    /// <summary>Every guild of a user with the membership, by guild id.</summary>
    Task<IReadOnlyList<MemberRecord>> OfUserAsync(UserId user, CancellationToken ct);

    /// <summary>One row read, whatever the size of the guild; 0 where there is no such guild.</summary>
    Task<int> CountAsync(GuildId guild, CancellationToken ct);

    /// <summary>Members by role, @everyone excluded; roles that nobody has may be absent.</summary>
    Task<IReadOnlyDictionary<RoleId, int>> CountByRoleAsync(GuildId guild, CancellationToken ct);

    /// <summary>Atomic against bans and other joins. <paramref name="most"/>: guilds that one user may be in.</summary>
    Task<Admission> AddAsync(MemberRecord member, int most, IReadOnlyList<AuditLogEntry> audit, CancellationToken ct);

    /// <summary>Many at once, for imports and bulk accounts, without limits; those who are members already stay as they are. Returns how many are new.</summary>
    Task<int> AddManyAsync(IReadOnlyCollection<MemberRecord> members, CancellationToken ct);

    /// <summary>
    /// Applies <paramref name="change"/> to the newest state: it must be pure and quick, for it runs inside the transaction. Raises the guild's version where
    /// the roles change. Null where the membership has ended; an unchanged record writes nothing.
    /// </summary>
    Task<MemberChange?> UpdateAsync(GuildId guild, UserId user, Func<MemberRecord, MemberChange> change, CancellationToken ct);

    /// <summary>Raises the guild's version. The membership that ended, or null where there was none.</summary>
    Task<MemberRecord?> RemoveAsync(GuildId guild, UserId user, IReadOnlyList<AuditLogEntry> audit, CancellationToken ct);
}
