using Kith.Domain;

namespace Kith.Engine.Guilds.Invites;

/// <summary>An invite to a guild's channel, as stored.</summary>
public sealed record InviteRecord
{
    public required string Code { get; init; }
    public required GuildId GuildId { get; init; }
    public required ChannelId ChannelId { get; init; }
    public required UserId InviterId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null: for good.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Seconds; 0: for good.</summary>
    public int MaxAge { get; init; }

    /// <summary>0: without limit.</summary>
    public int MaxUses { get; init; }
    public int Uses { get; init; }

    /// <summary>Members who came by it and have no role leave when they disconnect.</summary>
    public bool Temporary { get; init; }

    public bool IsValid(DateTimeOffset now) => !(ExpiresAt <= now) && (MaxUses == 0 || Uses < MaxUses);
}

/// <summary>Invites by code. Those that have expired or are used up count as absent.</summary>
public interface IInviteStore
{
    Task<InviteRecord?> FindAsync(string code, DateTimeOffset now, CancellationToken ct);

    Task<IReadOnlyList<InviteRecord>> OfGuildAsync(GuildId guild, DateTimeOffset now, CancellationToken ct);

    Task<IReadOnlyList<InviteRecord>> OfChannelAsync(ChannelId channel, DateTimeOffset now, CancellationToken ct);

    /// <summary>
    /// False where the guild has <paramref name="most"/> already; expired ones are removed first and do not count.
    /// </summary>
    Task<bool> AddAsync(InviteRecord invite, int most, IReadOnlyList<AuditLogEntry> audit, CancellationToken ct);

    /// <summary>
    /// Uses the invite once and adds the member, or neither: atomic against bans, other joins, revocation and the last use. A use that was the last removes the invite.
    /// </summary>
    Task<Admission> AcceptAsync(string code, MemberRecord member, int most, DateTimeOffset now, CancellationToken ct);

    /// <summary>False where it was gone.</summary>
    Task<bool> RemoveAsync(string code, IReadOnlyList<AuditLogEntry> audit, CancellationToken ct);
}
