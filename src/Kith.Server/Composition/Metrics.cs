using Kith.Server.Metrics;

namespace Kith.Server.Composition;

static class MetricsComposition
{
    public static IServiceCollection AddMetricsServer(this IServiceCollection services, KithOptions options)
    {
        services.AddSingleton<DependencyMeters>();
        return options.Metrics.Address.Length == 0 ? services : services.AddSingleton<MetricsServer>().AddHostedService(s => s.GetRequiredService<MetricsServer>());
    }
}
