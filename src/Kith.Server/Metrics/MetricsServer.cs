using Kith.Server.Configuration;

namespace Kith.Server.Metrics;

/// <summary>Answers /metrics at an address of its own, which nothing public is behind.</summary>
sealed class MetricsServer(MetricsOptions options, IServiceProvider services) : IHostedService, IAsyncDisposable
{
    readonly PrometheusMetrics metrics = new();
    WebApplication? app;

    /// <exception cref="StartException">The port is in use.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredService<DependencyMeters>();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(options.Address);
        builder.Services.AddRoutingCore();
        app = builder.Build();
        app.MapGet("/metrics", async http =>
        {
            http.Response.ContentType = PrometheusMetrics.ContentType;
            await http.Response.WriteAsync(metrics.Write(), http.RequestAborted);
        });
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            throw new StartException($"Cannot listen at {options.Address} (Metrics:Address): {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (app is not null) await app.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null) await app.DisposeAsync();
        metrics.Dispose();
    }
}
