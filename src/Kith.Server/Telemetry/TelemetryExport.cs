using Kith.Engine.Delivery;
using Kith.Server.Composition;
using Kith.Server.Metrics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Kith.Server.Telemetry;

/// <summary>Sends traces and metrics to a collector. Started before everything that may be traced, and stopped after it, when what is left is sent.</summary>
sealed class TelemetryExport(TelemetryOptions options, KithOptions all, ThisNode node, IServiceProvider services) : IHostedService, IDisposable
{
    /// <summary>The framework's: a span for each request.</summary>
    const string Requests = "Microsoft.AspNetCore";

    const int LastPatienceMilliseconds = 5000;

    TracerProvider? traces;
    MeterProvider? metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredService<DependencyMeters>();
        var resource = ResourceBuilder.CreateEmpty()
            .AddService("kith", serviceVersion: typeof(TelemetryExport).Assembly.GetName().Version?.ToString(3), serviceInstanceId: node.Id.Value)
            .AddAttributes([new("kith.roles", all.Roles)]);
        traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .SetSampler(new CallSampler(options.SampleRatio))
            .AddSource(Tracing.SourceName, Requests)
            .AddOtlpExporter(to => Address(to, "v1/traces"))
            .Build();
        metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter("Kith.*")
            .AddOtlpExporter((to, reader) =>
            {
                Address(to, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.MetricsInterval.TotalMilliseconds;
            })
            .Build();
        return Task.CompletedTask;
    }

    /// <summary>Blocks for as long as the collector does not answer, at most so long.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(() =>
    {
        traces?.Shutdown(LastPatienceMilliseconds);
        metrics?.Shutdown(LastPatienceMilliseconds);
    }, CancellationToken.None);

    public void Dispose()
    {
        traces?.Dispose();
        metrics?.Dispose();
    }

    void Address(OtlpExporterOptions to, string path)
    {
        to.Protocol = OtlpExportProtocol.HttpProtobuf;
        to.Endpoint = new Uri($"{options.Endpoint.TrimEnd('/')}/{path}");
        to.Headers = string.Join(',', options.Headers.Select(h => $"{h.Key}={h.Value}"));
    }
}
