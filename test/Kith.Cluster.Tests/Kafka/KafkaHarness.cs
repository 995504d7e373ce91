using Kith.Cluster.Kafka;
using Kith.Contracts.Delivery;
using Kith.Engine.Delivery;
using Kith.Testing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kith.Cluster.Tests.Kafka;

/// <summary>A mock cluster with the topic of one Kith, and the processes that a test starts on it.</summary>
sealed class KafkaHarness : IAsyncDisposable
{
    readonly List<BackgroundService> started = [];
    readonly List<KafkaProducer> producers = [];

    public KafkaHarness(int partitions = 8, TimeSpan? publishTimeout = null)
    {
        Options = new KafkaOptions { Partitions = partitions, PublishTimeout = publishTimeout ?? TimeSpan.FromSeconds(30), FetchWait = MockKafka.FetchWait };
        Brokers = new MockKafka(1, (Options.EventsTopic, partitions));
        Options = Options with { Servers = Brokers.Servers };
    }

    public MockKafka Brokers { get; }

    public KafkaOptions Options { get; }

    public KafkaProducer Producer()
    {
        var producer = new KafkaProducer(Options, TimeProvider.System, NullLogger<KafkaProducer>.Instance);
        producers.Add(producer);
        return producer;
    }

    public KafkaEventLog Log() => new(Producer(), Options);

    public async Task<KafkaConsumerGroup> ConsumeAsync(IEventConsumer consumer)
    {
        var group = new KafkaConsumerGroup(Options, "delivery", () => [consumer], TimeProvider.System, NullLogger<KafkaConsumerGroup>.Instance);
        started.Add(group);
        await group.StartAsync(default);
        return group;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var producer in producers)
            producer.Dispose();
        foreach (var service in started)
        {
            await service.StopAsync(default);
            service.Dispose();
        }

        Brokers.Dispose();
    }
}

/// <summary>The suite of all event logs, each test on a cluster of its own.</summary>
public sealed class KafkaEventLogContractTests : EventLogContract
{
    protected override async ValueTask<IRunningEventLog> StartAsync(IEventConsumer consumer)
    {
        var harness = new KafkaHarness();
        await harness.ConsumeAsync(consumer);
        return new Running(harness);
    }

    sealed class Running(KafkaHarness harness) : IRunningEventLog
    {
        public IEventLog Log { get; } = harness.Log();

        public ValueTask DisposeAsync() => harness.DisposeAsync();
    }
}
