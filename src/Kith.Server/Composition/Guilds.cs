using Kith.Engine.Guilds;
using Kith.Engine.Guilds.Invites;
using Kith.Storage.Sql.Guilds;

namespace Kith.Server.Composition;

static class GuildsComposition
{
    /// <summary>Guilds, channels, roles, members, bans, invites and the audit log.</summary>
    public static IServiceCollection AddGuilds(this IServiceCollection services) => services
        .AddSingleton<IGuildStore, SqlGuildStore>()
        .AddSingleton<IMemberStore, SqlMemberStore>()
        .AddSingleton<IInviteStore, SqlInviteStore>()
        .AddSingleton<AuditLog>()
        .AddSingleton<MemberCounts>()
        .AddSingleton<GuildWire>()
        .AddSingleton<GuildChanges>()
        .AddSingleton<GuildLifecycle>()
        .AddSingleton<GuildChannels>()
        .AddSingleton<InviteWire>()
        .AddSingleton<GuildInvites>()
        .AddSingleton<Joining>();
}
