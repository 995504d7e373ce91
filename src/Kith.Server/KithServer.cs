using Kith.Server.Composition;
using Kith.Storage.Sql;

namespace Kith.Server;

/// <summary>Builds the server from its options; used by <c>kith serve</c> and by the tests, which run it in process.</summary>
public static class KithServer
{
    public static WebApplication Build(KithOptions options, Action<WebApplicationBuilder>? configure = null)
    {
        Directory.CreateDirectory(options.Data);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(options.Urls.Split(';'));
        builder.Services
            .AddSingleton(options)
            .AddRoutingCore()
            .AddCore()
            .AddEmbeddedStorage(options)
            .AddInProcessCluster()
            .AddDelivery()
            .AddAccounts(options)
            .AddGuilds()
            .AddApi();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapApi();
        return app;
    }

    /// <summary>Brings the store up to date, then listens; returns once it does.</summary>
    public static async Task StartAsync(WebApplication app, CancellationToken ct)
    {
        await app.Services.GetRequiredService<SqlDatabase>().MigrateAsync(ct);
        await app.StartAsync(ct);
    }

    /// <summary>Runs until stopped.</summary>
    public static async Task RunAsync(WebApplication app, CancellationToken ct)
    {
        await StartAsync(app, ct);
        await app.WaitForShutdownAsync(ct);
    }
}
