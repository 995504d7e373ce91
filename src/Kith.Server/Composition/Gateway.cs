using Kith.Cluster.InProcess;
using Kith.Engine.Delivery;
using Kith.Engine.Presence;
using Kith.Gateway;
using Kith.Storage.Sql.Presence;

namespace Kith.Server.Composition;

static class GatewayComposition
{
    /// <summary>Sockets, sessions, and who is there.</summary>
    public static IServiceCollection AddGateway(this IServiceCollection services) => services
        .AddSingleton<SessionStarts>()
        .AddSingleton<ILastSeenStore, SqlLastSeenStore>()
        .AddSingleton<IPresenceDirectory, InProcessPresenceDirectory>()
        .AddSingleton<SessionRoster>()
        .AddSingleton<PresenceWatchers>()
        .AddSingleton<PresenceEvents>()
        .AddSingleton<PresenceView>()
        .AddSingleton<LastSeen>()
        .AddHostedService<PresencePublisher>()
        .AddGatewaySessions();
}
