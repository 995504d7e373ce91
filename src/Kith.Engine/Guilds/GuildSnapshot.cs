using System.Collections.Frozen;
using Kith.Domain;
using Kith.Engine.Guilds.Expressions;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>A place in a guild's hierarchy. Of two roles at one position the older stands above.</summary>
public readonly record struct Rank(int Position, long RoleId) : IComparable<Rank>
{
    public static readonly Rank Owner = new(int.MaxValue, 0);

    public static Rank Of(Role role) => new(role.Position, role.Id.Value);

    public int CompareTo(Rank other) => Position != other.Position ? Position.CompareTo(other.Position) : other.RoleId.CompareTo(RoleId);

    public static bool operator <(Rank left, Rank right) => left.CompareTo(right) < 0;

    public static bool operator >(Rank left, Rank right) => left.CompareTo(right) > 0;

    public static bool operator <=(Rank left, Rank right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Rank left, Rank right) => left.CompareTo(right) >= 0;
}

/// <summary>
/// Everything about a guild that permissions need, but its members: immutable, swapped whole on every change. Cost: about 300 bytes a role or channel, once a node.
/// </summary>
public sealed class GuildSnapshot(GuildRecord guild, IEnumerable<Role> roles, IEnumerable<ChannelRecord> channels)
{
    public GuildRecord Guild { get; } = guild;

    public FrozenDictionary<RoleId, Role> Roles { get; } = roles.ToFrozenDictionary(r => r.Id);

    public FrozenDictionary<ChannelId, ChannelRecord> Channels { get; } = channels.ToFrozenDictionary(c => c.Id);

    /// <summary>Oldest first, as the stickers.</summary>
    public IReadOnlyList<EmojiRecord> Emojis { get; init; } = [];

    public IReadOnlyList<StickerRecord> Stickers { get; init; } = [];

    public GuildId Id => Guild.Id;

    public long Version => Guild.Version;

    /// <summary>@everyone, whose id is the guild's.</summary>
    public Role Everyone => Roles[new RoleId(Id.Value)];

    /// <summary>Lowest first, so @everyone first.</summary>
    public IReadOnlyList<Role> RolesInOrder => rolesInOrder ??= [.. Roles.Values.OrderBy(Rank.Of)];

    /// <summary>By position, older first where positions are equal.</summary>
    public IReadOnlyList<ChannelRecord> ChannelsInOrder => channelsInOrder ??= [.. Channels.Values.OrderBy(c => c.Position).ThenBy(c => c.Id.Value)];

    // Two threads may both sort, to the same result.
    Role[]? rolesInOrder;
    ChannelRecord[]? channelsInOrder;

    /// <summary>The channels that someone with these roles sees, in their order.</summary>
    public IReadOnlyList<ChannelRecord> VisibleTo(UserId user, IReadOnlyList<RoleId> roles)
    {
        var inGuild = BaseOf(user, roles);
        if (inGuild.HasFlag(Permissions.Administrator)) return ChannelsInOrder;
        var held = roles as RoleId[] ?? [.. roles];
        return [.. ChannelsInOrder.Where(c => InChannel(inGuild, c, user, held).HasFlag(Permissions.ViewChannel))];
    }

    /// <summary>Permissions in the guild, a running timeout included.</summary>
    public Permissions PermissionsOf(MemberRecord member, DateTimeOffset now)
    {
        var permissions = BaseOf(member.UserId, member.Roles);
        return IsTimedOut(member, now) ? PermissionCalculator.UnderTimeout(permissions) : permissions;
    }

    /// <summary>Permissions in one of the guild's channels, overwrites, implicit denials and a running timeout included.</summary>
    public Permissions PermissionsIn(ChannelRecord channel, MemberRecord member, DateTimeOffset now)
    {
        var permissions = PermissionsIn(channel, member.UserId, member.Roles);
        return IsTimedOut(member, now) ? PermissionCalculator.UnderTimeout(permissions) : permissions;
    }

    /// <summary>The same for anyone with these roles, without a timeout, which never changes what is seen.</summary>
    public Permissions PermissionsIn(ChannelRecord channel, UserId user, IReadOnlyList<RoleId> roles) =>
        InChannel(BaseOf(user, roles), channel, user, roles as RoleId[] ?? [.. roles]);

    /// <summary>The rank of the member's highest role; the owner stands above all.</summary>
    public Rank RankOf(MemberRecord member)
    {
        if (member.UserId == Guild.OwnerId) return Rank.Owner;
        var highest = Rank.Of(Everyone);
        foreach (var id in member.Roles)
        {
            if (Roles.TryGetValue(id, out var role) && Rank.Of(role) > highest) highest = Rank.Of(role);
        }

        return highest;
    }

    Permissions InChannel(Permissions inGuild, ChannelRecord channel, UserId user, RoleId[] roles) =>
        PermissionCalculator.InChannel(inGuild, Id, user, roles, channel.Overwrites as PermissionOverwrite[] ?? [.. channel.Overwrites]);

    /// <summary>Permissions in the guild, without a timeout.</summary>
    internal Permissions BaseOf(UserId user, IReadOnlyList<RoleId> roles)
    {
        if (user == Guild.OwnerId) return Permissions.All;
        var permissions = Everyone.Permissions;
        for (var i = 0; i < roles.Count; i++)
        {
            if (Roles.TryGetValue(roles[i], out var role)) permissions |= role.Permissions;
        }

        return PermissionCalculator.Base(isOwner: false, permissions, []);
    }

    static bool IsTimedOut(MemberRecord member, DateTimeOffset now) => member.CommunicationDisabledUntil > now;
}
