using Kith.Domain;
using Kith.Engine.Channels;
using Kith.Engine.Messages;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>Guilds as they are sent: by REST, in GUILD_UPDATE and in GUILD_CREATE.</summary>
public sealed class GuildWire(MemberCounts counts, ChannelTails tails)
{
    /// <summary>The guild without what depends on who asks.</summary>
    public static Guild Of(GuildSnapshot guild)
    {
        var record = guild.Guild;
        var settings = record.Settings;
        return new Guild
        {
            Id = record.Id, Name = record.Name, Icon = record.Icon, OwnerId = record.OwnerId, Roles = guild.RolesInOrder,
            Emojis = [.. guild.Emojis.Select(e => e.ToWire())], Stickers = [.. guild.Stickers.Select(s => s.ToWire())],
            Description = settings.Description, Splash = settings.Splash, DiscoverySplash = settings.DiscoverySplash, Banner = settings.Banner,
            AfkChannelId = settings.AfkChannelId, AfkTimeout = settings.AfkTimeout, SystemChannelId = settings.SystemChannelId,
            SystemChannelFlags = settings.SystemChannelFlags, VerificationLevel = settings.VerificationLevel, Features = settings.Features,
            DefaultMessageNotifications = settings.DefaultMessageNotifications, MfaLevel = settings.MfaLevel,
            ExplicitContentFilter = settings.ExplicitContentFilter, PremiumProgressBarEnabled = settings.PremiumProgressBarEnabled,
            PreferredLocale = settings.PreferredLocale, RulesChannelId = settings.RulesChannelId, SafetyAlertsChannelId = settings.SafetyAlertsChannelId,
            PublicUpdatesChannelId = settings.PublicUpdatesChannelId, NsfwLevel = settings.NsfwLevel, Nsfw = settings.NsfwLevel is 1 or 3,
        };
    }

    /// <summary>
    /// GUILD_CREATE's data for one member: the channels are those that the member sees. <c>members</c> and <c>presences</c> are empty, the gateway's to fill in.
    /// One permission computation a channel and, once warm, no query.
    /// </summary>
    /// <param name="largeThreshold">What the session gave in IDENTIFY: more members than that, and not all of them come along.</param>
    /// <param name="newest">The newest messages that READY counted unread marks through, which must be those shown here; null: the newest there are.</param>
    public async ValueTask<Guild> CreateAsync(
        GuildSnapshot guild, MemberRecord member, int largeThreshold, IReadOnlyDictionary<ChannelId, MessageId>? newest, CancellationToken ct)
    {
        var members = await counts.OfAsync(guild.Id, ct);
        return Of(guild) with
        {
            JoinedAt = member.JoinedAt, Large = members > largeThreshold, MemberCount = members, Unavailable = false,
            Channels = await ChannelsAsync(guild, member, newest, ct),
            Members = [], Presences = [], Threads = [], VoiceStates = [], StageInstances = [], GuildScheduledEvents = [], SoundboardSounds = [],
        };
    }

    public ValueTask<Guild> CreateAsync(GuildSnapshot guild, MemberRecord member, int largeThreshold, CancellationToken ct) =>
        CreateAsync(guild, member, largeThreshold, newest: null, ct);

    /// <summary>The channels that a member sees, in their order.</summary>
    /// <param name="newest">As in <see cref="CreateAsync"/>.</param>
    public async ValueTask<IReadOnlyList<Channel>> ChannelsAsync(
        GuildSnapshot guild, MemberRecord member, IReadOnlyDictionary<ChannelId, MessageId>? newest, CancellationToken ct)
    {
        var visible = guild.VisibleTo(member.UserId, member.Roles);
        newest ??= await tails.FindManyAsync([.. visible.Where(c => c.IsText).Select(c => c.Id)], ct);
        return [.. visible.Select(c => ChannelWire.OfGuild(c, newest.TryGetValue(c.Id, out var id) ? id : null))];
    }

    /// <summary>One channel of a guild, with its newest message.</summary>
    public async ValueTask<Channel> ChannelAsync(ChannelRecord channel, CancellationToken ct) =>
        ChannelWire.OfGuild(channel, channel.IsText ? await tails.FindAsync(channel.Id, ct) : null);
}
