using Kith.Cluster.InProcess;
using Kith.Cluster.Redis;
using Kith.Cluster.ZooKeeper;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Delivery;
using Kith.Engine.Presence;
using Kith.Engine.RateLimits;
using Kith.Engine.Unread;
using Kith.Storage.Sql;

namespace Kith.Server.Composition;

static class ClusterComposition
{
    /// <summary>How this process and others are one server; with the embedded store it is the only one.</summary>
    public static IServiceCollection AddCluster(this IServiceCollection services, KithOptions options)
    {
        var node = new NodeId(options.Cluster.Node.Length > 0 ? options.Cluster.Node : $"{Environment.MachineName}-{Guid.NewGuid().ToString("N")[..8]}");
        services.AddSingleton(new ThisNode(node));
        // First: whatever starts after it may mint ids.
        if (options.ZooKeeper.Servers.Length > 0) services.AddZooKeeper(options, node);
        else services.AddSingleton<IGatewayServers, InProcessGatewayServers>();
        return options.IsClustered ? services.AddRedis(options, node) : services.AddInProcessCluster();
    }

    static IServiceCollection AddZooKeeper(this IServiceCollection services, KithOptions options, NodeId node) => services
        .AddSingleton(s => new SnowflakeGenerator(s.GetRequiredService<TimeProvider>()))
        .AddSingleton(s => new ZooKeeperMembership(
            options.ZooKeeper,
            new NodeAnnouncement(
                node, options.Does(Roles.Gateway) ? options.Gateway.Url : "", options.Gateway.Region, options.Gateway.Capacity, () => s.GetRequiredService<SessionRoster>().Users,
                Migration.NewestFor(s.GetRequiredService<SqlDatabase>().Dialect)),
            options.Cluster.Worker < 0 ? null : options.Cluster.Worker,
            s.GetRequiredService<SnowflakeGenerator>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<ZooKeeperMembership>>()))
        .AddSingleton<IGatewayServers>(s => s.GetRequiredService<ZooKeeperMembership>())
        .AddHostedService(s => s.GetRequiredService<ZooKeeperMembership>())
        .AddHostedService(s => new SchemaCheck(s.GetRequiredService<SqlDatabase>()));

    /// <summary>One process, no external system.</summary>
    static IServiceCollection AddInProcessCluster(this IServiceCollection services) => services
        .AddSingleton<ISessionDirectory, InProcessSessionDirectory>()
        .AddSingleton<INodeInbox, InProcessInbox>()
        .AddSingleton<IGatewayPeers, NoGatewayPeers>()
        .AddSingleton<INotificationCache, InProcessNotificationCache>()
        .AddSingleton<IPresenceDirectory, InProcessPresenceDirectory>()
        .AddSingleton<IRateCounters>(s => new InProcessRateCounters(s.GetRequiredService<TimeProvider>()));

    static IServiceCollection AddRedis(this IServiceCollection services, KithOptions options, NodeId node)
    {
        services
            .AddSingleton<ISharedLocks>(s => new MySqlLocks((MySqlDatabase)s.GetRequiredService<SqlDatabase>()))
            .AddSingleton<RedisLink>()
            .AddSingleton(s => new RedisPresenceDirectory(s.GetRequiredService<RedisLink>(), node))
            .AddSingleton<IPresenceDirectory>(s => s.GetRequiredService<RedisPresenceDirectory>())
            .AddSingleton<INotificationCache, RedisNotificationCache>()
            .AddSingleton<IRateCounters, RedisRateCounters>()
            .AddSingleton<INodeInbox, RedisNodeInbox>()
            .AddSingleton<RecentHosts>()
            .AddSingleton<RedisChangeFeed>()
            .AddHostedService(s => s.GetRequiredService<RedisChangeFeed>())
            .AddSingleton<ISessionDirectory>(s => new RedisSessionDirectory(
                s.GetRequiredService<RedisLink>(), s.GetRequiredService<IPresenceDirectory>(), s.GetRequiredService<TimeProvider>(), s.GetService<RedisHosting>()));
        return options.Does(Roles.Gateway) ? services.AddRedisGateway(node) : services;
    }

    /// <summary>What a process needs that hosts sessions.</summary>
    static IServiceCollection AddRedisGateway(this IServiceCollection services, NodeId node) => services
        .AddSingleton(s => ActivatorUtilities.CreateInstance<RedisHosting>(s, node, (Func<IEventSink>)s.GetRequiredService<IEventSink>))
        .AddSingleton(s => ActivatorUtilities.CreateInstance<RedisInboxReader>(s, node, (Func<IEventSink>)s.GetRequiredService<IEventSink>))
        .AddSingleton(s => ActivatorUtilities.CreateInstance<RedisGatewayPeers>(s, node))
        .AddSingleton<IGatewayPeers>(s => s.GetRequiredService<RedisGatewayPeers>())
        .AddHostedService(s => s.GetRequiredService<RedisGatewayPeers>())
        .AddHostedService(s => s.GetRequiredService<RedisInboxReader>())
        .AddHostedService(s => s.GetRequiredService<RedisHosting>());
}

/// <summary>This process's name in the cluster.</summary>
sealed record ThisNode(NodeId Id);
