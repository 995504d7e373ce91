using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Gateway.Sessions;
using Kith.Protocol;

namespace Kith.Gateway.Dispatch;

/// <summary>Who sees the same in a guild: members with equal roles; the owner, and whoever an overwrite names, each for itself.</summary>
/// <param name="Individual">0 for a group by roles.</param>
/// <param name="Roles">Sorted, without @everyone.</param>
readonly record struct GroupKey(UserId Individual, IReadOnlyList<RoleId> Roles)
{
    public bool Equals(GroupKey other) => Individual == other.Individual && Roles.SequenceEqual(other.Roles);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Individual);
        foreach (var role in Roles)
            hash.Add(role);
        return hash.ToHashCode();
    }
}

/// <summary>The channels of one version of a guild in a fixed order, so that a set of them is a few words of bits.</summary>
sealed class ChannelOrder(GuildSnapshot guild)
{
    readonly ChannelId[] ids = [.. guild.Channels.Keys.OrderBy(id => id.Value)];

    public GuildSnapshot Guild => guild;

    /// <summary>Who sees channels by more than roles: the owner, and those whom an overwrite names.</summary>
    public IReadOnlySet<UserId> Individuals { get; } = guild.Channels.Values.SelectMany(c => c.Overwrites)
        .Where(o => o.Type == OverwriteType.Member).Select(o => new UserId(o.Id.Value)).Append(guild.Guild.OwnerId).ToHashSet();

    public ReadOnlySpan<ChannelId> Ids => ids;

    /// <summary>Negative for a channel that is not in this version.</summary>
    public int IndexOf(ChannelId id) => Array.BinarySearch(ids, id, IdOrder.Instance);

    /// <summary>What members of a group see.</summary>
    public ulong[] VisibleTo(GroupKey key)
    {
        var bits = new ulong[(ids.Length + 63) / 64];
        for (var i = 0; i < ids.Length; i++)
        {
            if (guild.PermissionsIn(guild.Channels[ids[i]], key.Individual, key.Roles).HasFlag(Permissions.ViewChannel)) bits[i / 64] |= 1UL << i;
        }

        return bits;
    }

    public bool Has(ulong[] bits, ChannelId id)
    {
        var at = IndexOf(id);
        return at >= 0 && Has(bits, at);
    }

    public static bool Has(ulong[] bits, int at) => (bits[at / 64] & (1UL << at)) != 0;

    sealed class IdOrder : IComparer<ChannelId>
    {
        public static readonly IdOrder Instance = new();

        public int Compare(ChannelId x, ChannelId y) => x.Value.CompareTo(y.Value);
    }
}

/// <summary>
/// The sessions of one loop that are in one guild and see the same of it: whether they get an event is asked once for all. An array without gaps; what leaves is
/// replaced by the last.
/// </summary>
sealed class SessionGroup(GuildSessions guild, GroupKey key)
{
    Session[] sessions = new Session[2];

    public GuildSessions Guild => guild;

    public GroupKey Key => key;

    public int Count { get; private set; }

    public ReadOnlySpan<Session> Sessions => sessions.AsSpan(0, Count);

    /// <summary>By the guild's <see cref="ChannelOrder"/>.</summary>
    public ulong[] Visible { get; private set; } = [];

    /// <summary>In the guild itself, before any channel.</summary>
    public Permissions Permissions { get; private set; }

    /// <summary>Recomputes what the group may, for a version of the guild.</summary>
    public void Adopt(ChannelOrder order, ulong[] visible)
    {
        Visible = visible;
        var member = new MemberRecord { GuildId = order.Guild.Id, UserId = key.Individual, Roles = key.Roles, JoinedAt = default };
        // Without regard to timeouts, which are a member's own.
        Permissions = order.Guild.PermissionsOf(member, default);
    }

    /// <summary>Returns the session's place.</summary>
    public int Add(Session session)
    {
        if (Count == sessions.Length) Array.Resize(ref sessions, Count + Math.Max(2, Count / 2));
        sessions[Count] = session;
        guild.OnEntered(session);
        return Count++;
    }

    /// <summary>The session that is now at this place, null where none is.</summary>
    public Session? RemoveAt(int index)
    {
        var left = sessions[index];
        var last = sessions[--Count];
        sessions[index] = last;
        sessions[Count] = null!;
        guild.OnLeft(left, this);
        return index == Count ? null : last;
    }

    public int Deliver(EventDispatch dispatch)
    {
        var reached = 0;
        foreach (var session in Sessions)
        {
            if (!session.Takes(dispatch.Event)) continue;
            session.Ring.Append(dispatch.For(session));
            reached++;
        }

        return reached;
    }
}
