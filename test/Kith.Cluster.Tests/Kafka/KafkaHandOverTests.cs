using Kith.Cluster.Kafka;
using Kith.Contracts.Delivery;
using Kith.Engine.Delivery;
using Kith.Testing;
using static Kith.Cluster.Tests.Kafka.NumberedEvents;

namespace Kith.Cluster.Tests.Kafka;

public sealed class KafkaHandOverTests
{
    const int Guilds = 16;

    [Fact]
    public async Task Two_processes_share_the_work_and_hand_it_over_without_losing_or_reordering_any()
    {
        await using var kafka = new KafkaHarness();
        var log = kafka.Log();
        var (one, other) = (new RecordingConsumer(), new RecordingConsumer());
        var first = await kafka.ConsumeAsync(one);
        var published = await PublishAsync(log, from: 0);
        await one.WaitForAsync(published);
        await kafka.ConsumeAsync(other);
        // Until the second has its share.
        for (var wave = 1; other.Events.Count == 0; wave++)
            published += await PublishAsync(log, from: wave);
        await first.StopAsync(default);
        published += await PublishAsync(log, from: 1_000_000);

        // A position that is worked on twice is a repeat, which whoever receives it drops.
        Event[] all = [];
        await Deadline.Until(
            () => Task.FromResult((all = [.. one.Events, .. other.Events]).DistinctBy(e => e.Position).Count()), count => count == published, $"{published} events");
        Assert.All(new[] { one, other }, c => AssertOrdered(c.Events));
        Assert.All(all.DistinctBy(e => e.Position).GroupBy(e => e.Key), of => Assert.Equal(of.Count(), of.Select(NumberOf).Distinct().Count()));
    }

    static async Task<int> PublishAsync(KafkaEventLog log, int from)
    {
        await Task.WhenAll(Enumerable.Range(1, Guilds).Select(guild => log.PublishAsync(Numbered(guild, from), default).AsTask()));
        return Guilds;
    }
}
