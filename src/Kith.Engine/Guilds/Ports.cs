using Kith.Domain;
using Kith.Engine.Guilds.Expressions;
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
    /// Everything in the change or nothing. Raises the version by one. <see cref="GuildChangeOutcome.Stale"/> where the guild is no longer at the version the
    /// change is based on, or is gone.
    /// </summary>
    Task<GuildChangeOutcome> ApplyAsync(GuildChange change, CancellationToken ct);

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

    /// <summary>With its invites; its messages are noted for removal. Children of a category are the planner's to move, in <see cref="Channels"/>.</summary>
    public ChannelId? DeletedChannel { get; init; }

    /// <summary>Inserted, or replaced by id.</summary>
    public IReadOnlyList<EmojiRecord> Emojis { get; init; } = [];
    public EmojiId? DeletedEmoji { get; init; }
    public IReadOnlyList<StickerRecord> Stickers { get; init; } = [];
    public StickerId? DeletedSticker { get; init; }

    /// <summary>Admitted with the change: a bot together with its role. Where it is banned or a member already, nothing is changed.</summary>
    public MemberRecord? NewMember { get; init; }

    public IReadOnlyList<AuditLogEntry> Audit { get; init; } = [];

    /// <summary>The guild's version once this is applied.</summary>
    public long Version => Before.Version + 1;
}

public enum GuildChangeOutcome
{
    Applied,
    Stale,
    Banned,
    AlreadyMember,

    /// <summary>The new owner is no member (any more).</summary>
    HeirGone,
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

    /// <summary>
    /// All at once, with their read marks in the guild; raises its version. The memberships that ended; where there was none, the audit log gets nothing either.
    /// The owner's never ends so.
    /// </summary>
    Task<IReadOnlyList<MemberRecord>> RemoveAsync(GuildId guild, IReadOnlyCollection<UserId> users, IReadOnlyList<AuditLogEntry> audit, CancellationToken ct);

    /// <summary>The user's memberships that end with its last session: by a temporary invite, and without a role.</summary>
    Task<IReadOnlyList<MemberRecord>> TemporaryOfUserAsync(UserId user, CancellationToken ct);
}

/// <summary>Who may not come back.</summary>
public sealed record BanRecord(UserId UserId, string? Reason);

/// <summary>Whether a ban is new, and the membership that it ended.</summary>
public readonly record struct BanOutcome(bool IsNew, MemberRecord? Removed);

public interface IBanStore
{
    /// <summary>
    /// Writes the ban and ends the membership, in one step: whoever joins at the same time is in before and out after, or not in at all. The owner is not banned.
    /// </summary>
    Task<BanOutcome> AddAsync(GuildId guild, BanRecord ban, IReadOnlyList<AuditLogEntry> audit, CancellationToken ct);

    /// <summary>False where there was none.</summary>
    Task<bool> RemoveAsync(GuildId guild, UserId user, IReadOnlyList<AuditLogEntry> audit, CancellationToken ct);

    Task<BanRecord?> FindAsync(GuildId guild, UserId user, CancellationToken ct);

    /// <summary>Ascending by user id: those after <paramref name="after"/>; or, where <paramref name="before"/> is given, the last ones before it.</summary>
    Task<IReadOnlyList<BanRecord>> ListAsync(GuildId guild, UserId? before, UserId? after, int limit, CancellationToken ct);
}

/// <summary>Which entries of an audit log; what is null does not filter.</summary>
public sealed record AuditLogQuery
{
    public UserId? User { get; init; }
    public AuditTargetId? Target { get; init; }
    public AuditLogAction? Action { get; init; }
    public AuditLogEntryId? Before { get; init; }

    /// <summary>Given: oldest first, as Discord does.</summary>
    public AuditLogEntryId? After { get; init; }
    public required int Limit { get; init; }
}

/// <summary>Audit logs. Most entries are written by the other stores, in the transaction of what they record.</summary>
public interface IAuditLogStore
{
    Task AddAsync(IReadOnlyList<AuditLogEntry> entries, CancellationToken ct);

    Task<IReadOnlyList<AuditLogEntry>> ListAsync(GuildId guild, AuditLogQuery query, CancellationToken ct);
}

/// <summary>The work list of channels that are gone and whose messages are not yet.</summary>
public interface IDeletedChannelStore
{
    /// <summary>Those deleted before a moment, so that sends under way at the deletion are over.</summary>
    Task<IReadOnlyList<ChannelId>> ListAsync(DateTimeOffset before, int limit, CancellationToken ct);

    Task RemoveAsync(ChannelId channel, CancellationToken ct);
}
