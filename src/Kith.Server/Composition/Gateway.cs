using Kith.Engine.Delivery;
using Kith.Engine.Presence;
using Kith.Gateway;
using Kith.Storage.Sql.Presence;

namespace Kith.Server.Composition;

static class GatewayComposition
{
    /// <summary>Who is there, and the sockets and sessions of a process that has them.</summary>
    public static IServiceCollection AddGateway(this IServiceCollection services, KithOptions options)
    {
        services.AddPresence();
        return options.Does(Roles.Gateway) ? services.AddHostedService<PresencePublisher>().AddHostedService<PresenceCorrections>().AddGatewaySessions() : services;
    }

    static IServiceCollection AddPresence(this IServiceCollection services) => services
        .AddSingleton<SessionStarts>()
        .AddSingleton<BestGateway>()
        .AddSingleton<ILastSeenStore, SqlLastSeenStore>()
        .AddSingleton<SessionRoster>()
        .AddSingleton<PresenceWatchers>()
        .AddSingleton<PresenceEvents>()
        .AddSingleton<PresenceView>()
        .AddSingleton<LastSeen>();
}
