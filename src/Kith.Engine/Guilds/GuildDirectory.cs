using Kith.Domain;

namespace Kith.Engine.Guilds;

/// <summary>
/// The newest known state of guilds and memberships, read through caches. A permission check costs two dictionary lookups and no query once warm.
/// After a commit the one who changed calls the matching method here before the event is published.
/// </summary>
public sealed class GuildDirectory(IGuildStore guilds, IMemberStore members)
{
    const int GuildCapacity = 50_000;
    const int MemberCapacity = 500_000;

    readonly ReadThroughCache<GuildId, GuildSnapshot> snapshots = new(GuildCapacity, guilds.LoadAsync);
    readonly ReadThroughCache<(GuildId, UserId), MemberRecord> memberships = new(MemberCapacity, (key, ct) => members.FindAsync(key.Item1, key.Item2, ct));

    public ValueTask<GuildSnapshot?> FindAsync(GuildId id, CancellationToken ct) => snapshots.GetAsync(id, ct);

    /// <summary>What is at hand, without I/O: for the gateway's loops. Null: call <see cref="FindAsync"/> off the loop.</summary>
    public GuildSnapshot? Peek(GuildId id) => snapshots.Peek(id);

    public ValueTask<MemberRecord?> MemberAsync(GuildId guild, UserId user, CancellationToken ct) => memberships.GetAsync((guild, user), ct);

    public MemberRecord? PeekMember(GuildId guild, UserId user) => memberships.Peek((guild, user));

    /// <summary>Reads the guild anew after a committed change and returns it; null where it is gone.</summary>
    public ValueTask<GuildSnapshot?> ReloadAsync(GuildId id, CancellationToken ct)
    {
        snapshots.Remove(id);
        return snapshots.GetAsync(id, ct);
    }

    public void GuildChanged(GuildId id) => snapshots.Remove(id);

    /// <summary>After a change of many members at once, such as the deletion of a role. Costs a pass over all that is cached.</summary>
    public void MembersChanged(GuildId guild) => memberships.RemoveWhere(key => key.Item1 == guild);

    public void MemberChanged(GuildId guild, UserId user) => memberships.Remove((guild, user));
}
