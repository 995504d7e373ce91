using Kith.Cluster.InProcess;
using Kith.Engine.Delivery;
using Kith.Engine.RateLimits;

namespace Kith.Server.Composition;

static class ClusterComposition
{
    /// <summary>One process, no external system.</summary>
    public static IServiceCollection AddInProcessCluster(this IServiceCollection services) => services
        .AddSingleton(s => new InProcessEventLog(s.GetServices<IEventConsumer>, s.GetRequiredService<ILogger<InProcessEventLog>>()))
        .AddSingleton<IEventLog>(s => s.GetRequiredService<InProcessEventLog>())
        .AddHostedService(s => s.GetRequiredService<InProcessEventLog>())
        .AddSingleton<ISessionDirectory, InProcessSessionDirectory>()
        .AddSingleton<INodeInbox, InProcessInbox>()
        .AddSingleton<IRateCounters>(s => new InProcessRateCounters(s.GetRequiredService<TimeProvider>()));
}
