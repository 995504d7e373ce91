using Kith.Engine.Accounts;
using Kith.Protocol;

namespace Kith.Engine.Guilds.Invites;

/// <summary>Invites as they are sent.</summary>
public sealed class InviteWire(Users users, GuildDirectory guilds)
{
    /// <summary>What anyone may see; null where the guild or the channel has gone.</summary>
    public async ValueTask<Invite?> OfAsync(InviteRecord invite, CancellationToken ct)
    {
        if (await guilds.FindAsync(invite.GuildId, ct) is not { } guild || !guild.Channels.TryGetValue(invite.ChannelId, out var channel)) return null;
        return new Invite
        {
            Code = invite.Code, Inviter = await users.WireAsync(invite.InviterId, ct), ExpiresAt = invite.ExpiresAt, GuildId = guild.Id,
            Guild = GuildOf(guild.Guild), Channel = new InviteChannel(channel.Id, channel.Type, channel.Name),
        };
    }

    /// <summary>With how it may be and was used.</summary>
    public async ValueTask<Invite?> WithUseAsync(InviteRecord invite, CancellationToken ct) => await OfAsync(invite, ct) is not { } wire ? null : wire with
    {
        MaxAge = invite.MaxAge, MaxUses = invite.MaxUses, Uses = invite.Uses, Temporary = invite.Temporary, CreatedAt = invite.CreatedAt,
    };

    static InviteGuild GuildOf(GuildRecord guild) => new()
    {
        Id = guild.Id, Name = guild.Name, Icon = guild.Icon, Splash = guild.Settings.Splash, Banner = guild.Settings.Banner, Description = guild.Settings.Description,
        Features = guild.Settings.Features, VerificationLevel = guild.Settings.VerificationLevel, NsfwLevel = guild.Settings.NsfwLevel,
        Nsfw = guild.Settings.NsfwLevel is 1 or 3,
    };
}
