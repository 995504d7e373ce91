using System.Diagnostics.Metrics;
using Kith.Cluster.Kafka;
using Kith.Cluster.Redis;
using Kith.Cluster.ZooKeeper;

namespace Kith.Server.Metrics;

/// <summary>How this process stands with what joins it to the others, under the meter <c>Kith.Cluster</c>. What it does not use is not there.</summary>
sealed class DependencyMeters : IDisposable
{
    readonly Meter meter = new("Kith.Cluster");

    public DependencyMeters(IServiceProvider services)
    {
        KafkaConsumerGroup[] groups = [.. services.GetServices<IHostedService>().OfType<KafkaConsumerGroup>()];
        if (groups.Length > 0)
            meter.CreateObservableGauge("kith.kafka.lag", () => groups.Select(g => new Measurement<long>(g.Lag, new KeyValuePair<string, object?>("group", g.Group))), "{event}", "Events of this process's partitions that are still to be worked on.");
        if (services.GetService<KafkaProducer>() is { } kafka) Up("kafka", () => !kafka.IsAway);
        if (services.GetService<RedisLink>() is { } redis) Up("redis", () => redis.IsUp);
        if (services.GetService<ZooKeeperMembership>() is { } zooKeeper) Up("zookeeper", () => zooKeeper.IsMember);
    }

    public void Dispose() => meter.Dispose();

    void Up(string name, Func<bool> isUp) => meter.CreateObservableGauge($"kith.{name}.up", () => isUp() ? 1 : 0, description: "1 while it answers, else 0.");
}
