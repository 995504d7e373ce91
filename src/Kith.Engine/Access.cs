using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Channels;
using Kith.Engine.Guilds;
using Kith.Protocol;

namespace Kith.Engine;

/// <summary>A guild that a member may act in.</summary>
public sealed record GuildAccess(Principal Principal, GuildSnapshot Guild, MemberRecord Member, Permissions Permissions)
{
    public GuildId Id => Guild.Id;

    public bool IsOwner => Guild.Guild.OwnerId == Principal.Id;

    public bool Has(Permissions needed) => (Permissions & needed) == needed;

    /// <summary>Of the highest role; one may act only on what is below it.</summary>
    public Rank Rank => Guild.RankOf(Member);
}

/// <summary>A channel that a user may see. <see cref="Guild"/> and <see cref="Member"/> are null for DMs and groups.</summary>
public sealed record ChannelAccess(Principal Principal, ChannelRecord Channel, GuildSnapshot? Guild, MemberRecord? Member, Permissions Permissions)
{
    public ChannelId Id => Channel.Id;

    public bool Has(Permissions needed) => (Permissions & needed) == needed;
}

/// <summary>
/// The only way to an object that a user may touch. What one may not see is answered as what does not exist (10003, 10004); what one sees but
/// may not do, with 50013. Costs dictionary lookups once the caches are warm.
/// </summary>
public sealed class Access(GuildDirectory guilds, ChannelDirectory channels, TimeProvider clock)
{
    public DateTimeOffset Now => clock.GetUtcNow();

    public async ValueTask<Result<GuildAccess>> GuildAsync(Principal principal, GuildId id, CancellationToken ct, Permissions needed = Permissions.None)
    {
        if (await guilds.FindAsync(id, ct) is not { } guild) return ErrorCode.UnknownGuild;
        if (await guilds.MemberAsync(id, principal.Id, ct) is not { } member) return ErrorCode.UnknownGuild;
        var access = new GuildAccess(principal, guild, member, guild.PermissionsOf(member, clock.GetUtcNow()));
        return access.Has(needed) ? access : ErrorCode.MissingPermissions;
    }

    /// <summary>A channel that the principal sees, and in which it has <paramref name="needed"/> as well.</summary>
    public async ValueTask<Result<ChannelAccess>> ChannelAsync(Principal principal, ChannelId id, CancellationToken ct, Permissions needed = Permissions.None)
    {
        var (channel, guild) = await channels.FindAsync(id, ct);
        if (channel is null) return ErrorCode.UnknownChannel;
        ChannelAccess access;
        if (guild is null)
        {
            if (!channel.Recipients.Contains(principal.Id)) return ErrorCode.UnknownChannel;
            access = new ChannelAccess(principal, channel, null, null, Permissions.DirectMessage);
        }
        else
        {
            if (await guilds.MemberAsync(guild.Id, principal.Id, ct) is not { } member) return ErrorCode.UnknownChannel;
            access = new ChannelAccess(principal, channel, guild, member, guild.PermissionsIn(channel, member, clock.GetUtcNow()));
            if (!access.Has(Permissions.ViewChannel)) return ErrorCode.UnknownChannel;
        }

        return access.Has(needed) ? access : ErrorCode.MissingPermissions;
    }

    /// <summary>A channel of a guild at hand, by the same rules.</summary>
    public Result<ChannelAccess> ChannelOf(GuildAccess guild, ChannelId id, Permissions needed = Permissions.None)
    {
        if (!guild.Guild.Channels.TryGetValue(id, out var channel)) return ErrorCode.UnknownChannel;
        var access = new ChannelAccess(guild.Principal, channel, guild.Guild, guild.Member, guild.Guild.PermissionsIn(channel, guild.Member, clock.GetUtcNow()));
        if (!access.Has(Permissions.ViewChannel)) return ErrorCode.UnknownChannel;
        return access.Has(needed) ? access : ErrorCode.MissingPermissions;
    }
}
