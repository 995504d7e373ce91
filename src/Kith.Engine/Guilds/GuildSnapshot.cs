using System.Collections.Frozen;
using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>
/// Everything about a guild that permissions need, but its members: immutable, swapped whole on every change. Cost: about 300 bytes a role or channel, once a node.
/// </summary>
public sealed class GuildSnapshot(GuildRecord guild, IEnumerable<Role> roles, IEnumerable<ChannelRecord> channels)
{
    public GuildRecord Guild { get; } = guild;

    public FrozenDictionary<RoleId, Role> Roles { get; } = roles.ToFrozenDictionary(r => r.Id);

    public FrozenDictionary<ChannelId, ChannelRecord> Channels { get; } = channels.ToFrozenDictionary(c => c.Id);

    public GuildId Id => Guild.Id;

    public long Version => Guild.Version;

    /// <summary>@everyone, whose id is the guild's.</summary>
    public Role Everyone => Roles[new RoleId(Id.Value)];

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
    public Permissions PermissionsIn(ChannelRecord channel, UserId user, IReadOnlyList<RoleId> roles)
    {
        var overwrites = channel.Overwrites as PermissionOverwrite[] ?? [.. channel.Overwrites];
        var held = roles as RoleId[] ?? [.. roles];
        return PermissionCalculator.InChannel(BaseOf(user, roles), Id, user, held, overwrites);
    }

    /// <summary>The position of the member's highest role; the owner stands above all.</summary>
    public int RankOf(MemberRecord member) =>
        member.UserId == Guild.OwnerId ? int.MaxValue : member.Roles.Select(id => Roles.GetValueOrDefault(id)?.Position ?? 0).DefaultIfEmpty(0).Max();

    Permissions BaseOf(UserId user, IReadOnlyList<RoleId> roles)
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
