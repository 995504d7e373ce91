using Kith.Domain;

namespace Kith.Engine.Guilds;

/// <summary>
/// The newest known state of guilds and memberships, read through caches. A permission check costs two dictionary lookups and no query once warm.
/// After a commit the one who changed calls the matching method here before the event is published.
/// </summary>
public sealed class GuildDirectory(IGuildStore guilds, IMemberStore members, CacheChanges caches)
{
    const int GuildCapacity = 50_000;
    const int MemberCapacity = 500_000;

    readonly SharedCache<GuildId, GuildSnapshot> snapshots =
        caches.Cache("guilds", GuildCapacity, (GuildId id, CancellationToken ct) => guilds.LoadAsync(id, ct), change => new GuildId(change.Key));

    readonly SharedCache<(GuildId Guild, UserId User), MemberRecord> memberships = caches.Cache<(GuildId Guild, UserId User), MemberRecord>(
        "members", MemberCapacity, (key, ct) => members.FindAsync(key.Guild, key.User, ct),
        change => (new GuildId(change.Key), new UserId(change.Second)), key => key.Guild.Value);

    public ValueTask<GuildSnapshot?> FindAsync(GuildId id, CancellationToken ct) => snapshots.Entries.GetAsync(id, ct);

    /// <summary>What is at hand, without I/O: for the gateway's loops. Null: call <see cref="FindAsync"/> off the loop.</summary>
    public GuildSnapshot? Peek(GuildId id) => snapshots.Entries.Peek(id);

    public ValueTask<MemberRecord?> MemberAsync(GuildId guild, UserId user, CancellationToken ct) => memberships.Entries.GetAsync((guild, user), ct);

    public MemberRecord? PeekMember(GuildId guild, UserId user) => memberships.Entries.Peek((guild, user));

    /// <summary>Reads the guild anew after a committed change and returns it; null where it is gone.</summary>
    public async ValueTask<GuildSnapshot?> ReloadAsync(GuildId id, CancellationToken ct)
    {
        await snapshots.ChangedAsync(id.Value, ct);
        return await snapshots.Entries.GetAsync(id, ct);
    }

    public ValueTask GuildChangedAsync(GuildId id, CancellationToken ct) => snapshots.ChangedAsync(id.Value, ct);

    /// <summary>What is at hand is older than what others tell of: it is read anew. Nobody else is told.</summary>
    public void Forget(GuildId id) => snapshots.Entries.Remove(id);

    public void Forget(GuildId guild, UserId user) => memberships.Entries.Remove((guild, user));

    /// <summary>After a change of many members at once, such as the deletion of a role. Costs a pass over all that is cached.</summary>
    public ValueTask MembersChangedAsync(GuildId guild, CancellationToken ct) => memberships.ChangedAsync(guild.Value, CacheChange.All, ct);

    public ValueTask MemberChangedAsync(GuildId guild, UserId user, CancellationToken ct) => memberships.ChangedAsync(guild.Value, user.Value, ct);
}
