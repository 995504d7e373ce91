using Kith.Engine.Delivery;
using Kith.Engine.Guilds;
using Kith.Engine.Guilds.Expressions;
using Kith.Engine.Guilds.Invites;
using Kith.Storage.Sql.Guilds;

namespace Kith.Server.Composition;

static class GuildsComposition
{
    /// <summary>Guilds, channels, roles, members, bans, invites and the audit log.</summary>
    public static IServiceCollection AddGuilds(this IServiceCollection services) => services
        .AddSingleton<SqlGuildStore>()
        .AddSingleton<IGuildStore>(s => s.GetRequiredService<SqlGuildStore>())
        .AddSingleton<IDeletedChannelStore>(s => s.GetRequiredService<SqlGuildStore>())
        .AddSingleton<IBanStore, SqlBanStore>()
        .AddSingleton<IAuditLogStore, SqlAuditLogStore>()
        .AddSingleton<IMemberStore, SqlMemberStore>()
        .AddSingleton<IInviteStore, SqlInviteStore>()
        .AddSingleton<AuditLog>()
        .AddSingleton<MemberCounts>()
        .AddSingleton<GuildWire>()
        .AddSingleton<GuildChanges>()
        .AddSingleton<GuildPictures>()
        .AddSingleton<IStickerStore, SqlStickerStore>()
        .AddSingleton<GuildEmojis>()
        .AddSingleton<GuildStickers>()
        .AddSingleton<StickerDirectory>()
        .AddSingleton<GuildCreation>()
        .AddSingleton<GuildEditing>()
        .AddSingleton<GuildAnnouncements>()
        .AddSingleton<GuildChannels>()
        .AddSingleton<ChannelOrder>()
        .AddSingleton<ChannelOverwrites>()
        .AddSingleton<GuildRoles>()
        .AddSingleton<GuildMembers>()
        .AddSingleton<MemberAudit>()
        .AddSingleton<MemberAnnouncements>()
        .AddSingleton<MemberRemoval>()
        .AddSingleton<Departures>()
        .AddSingleton<Pruning>()
        .AddSingleton<InactiveMembers>()
        .AddSingleton<Bans>()
        .AddSingleton<BanEffects>()
        .AddSingleton<BotRoles>()
        .AddSingleton<BotAdmission>()
        .AddSingleton<AuditTrail>()
        .AddHostedService<DeletedChannels>()
        .AddSingleton<TemporaryMembers>()
        .AddSingleton<IEventConsumer>(s => s.GetRequiredService<TemporaryMembers>())
        .AddHostedService(s => s.GetRequiredService<TemporaryMembers>())
        .AddSingleton<OnlineCounts>()
        .AddSingleton<GuildCounts>()
        .AddSingleton<Ownership>()
        .AddSingleton<OwnerConfirmation>()
        .AddSingleton<Roster>()
        .AddSingleton<MyGuilds>()
        .AddSingleton<InviteAnnouncements>()
        .AddSingleton<InviteWire>()
        .AddSingleton<GuildInvites>()
        .AddSingleton<Joining>();
}
