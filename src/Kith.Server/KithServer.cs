using System.Net.Sockets;
using Kith.Cluster.Kafka;
using Kith.Cluster.Redis;
using Kith.Cluster.ZooKeeper;
using Kith.Domain;
using Kith.Engine.Media;
using Kith.Engine.Messages;
using Kith.Server.Composition;
using Kith.Server.Configuration;

namespace Kith.Server;

/// <summary>Builds the server from its options; used by <c>kith serve</c> and by the tests, which run it in process.</summary>
public static class KithServer
{
    /// <exception cref="StartException">The options cannot be followed here.</exception>
    public static WebApplication Build(KithOptions options, Action<WebApplicationBuilder>? configure = null)
    {
        DataFolder.Prepare(options.Data);
        // Empty: nothing is read from the current folder or from variables that are not Kith's.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.AddLogging(options.Logging);
        builder.AddHttp(options);
        builder.Services
            .Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout)
            .AddTelemetry(options)
            .AddKith(options)
            .AddApi()
            .AddMetricsServer(options);
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseHttp(options);
        if (options.Does(Roles.Api)) app.MapApi();
        return app;
    }

    /// <summary>Brings the store up to date, then listens.</summary>
    /// <exception cref="StartException">The port is in use, or the folder is another server's.</exception>
    public static async Task StartAsync(WebApplication app, CancellationToken ct)
    {
        // Only the embedded store is in the folder.
        app.Services.GetService<DataFolderLock>();
        if (app.Services.GetService<RedisLink>() is { } redis) await redis.CheckAsync(ct);
        if (app.Services.GetRequiredService<KithOptions>() is { IsClustered: true } options) await KafkaTopics.EnsureAsync(options.Kafka, ct);
        await app.Services.MigrateAsync(ct);
        // A clock that was set back while the server was down must not repeat an id.
        app.Services.GetRequiredService<SnowflakeGenerator>().StartAfter((await app.Services.GetRequiredService<IMessageStore>().NewestIdAsync(ct)).Value);
        try
        {
            await app.StartAsync(ct);
            app.Services.GetRequiredService<MediaOrigin>().Url = OriginOf(app.Urls.First());
        }
        catch (AlreadyTakenException e)
        {
            throw new StartException(e.Message, e);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new StartException($"Cannot listen at {app.Services.GetRequiredService<KithOptions>().Urls} (Urls): {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>Where browsers of this machine find an address that may stand for all of its own.</summary>
    static string OriginOf(string url)
    {
        var address = BindingAddress.Parse(url);
        return $"{address.Scheme}://{(address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : address.Host)}:{address.Port}";
    }
}
