using Kith.Gateway.Transport.Http;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kith.Gateway.Transport;

public static class GatewayTransportRegistration
{
    /// <summary>The gateway's loops and the way a request becomes one of their connections.</summary>
    public static IServiceCollection AddGatewayTransport(this IServiceCollection services)
    {
        services.AddOptions<GatewayTransportOptions>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<GatewayTransport>();
        services.TryAddSingleton<GatewayUpgrade>();
        // The last factory that can bind an address gets it; elsewhere than on Linux Kestrel's own stays the only one.
        if (OperatingSystem.IsLinux())
            services.AddSingleton<IConnectionListenerFactory, EpollTransportFactory>();
        return services;
    }
}
