using Kith.Server.Telemetry;

namespace Kith.Server.Composition;

static class TelemetryComposition
{
    /// <summary>First of all: what starts later may be traced.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, KithOptions options) =>
        options.Telemetry.Endpoint.Length == 0 ? services : services.AddHostedService<TelemetryExport>();
}
