using Kith.Cluster.Kafka;
using Kith.Contracts.Delivery;
using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Testing;

namespace Kith.Cluster.Tests.Kafka;

public sealed class KafkaOutageTests
{
    /// <summary>The first of a producer takes half a second.</summary>
    static readonly TimeSpan Short = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task While_brokers_are_away_publishing_fails_and_what_must_be_told_is_refused_before_it_is_done()
    {
        await using var kafka = new KafkaHarness(publishTimeout: Short);
        var log = kafka.Log();
        await log.PublishAsync(Message(1), default);
        kafka.Brokers.Down();
        var away = await Assert.ThrowsAsync<UnavailableException>(async () => await log.PublishAsync(Message(2), default));
        Assert.Equal("Kafka", away.Dependency);
        Assert.Throws<UnavailableException>(log.RefuseIfAway);
        // At once, without the wait of the first.
        Assert.True(log.PublishAsync(Message(3), default).AsTask().IsFaulted);
    }

    [Fact]
    public async Task Brokers_that_are_away_are_noticed_although_nobody_publishes()
    {
        await using var kafka = new KafkaHarness();
        var log = kafka.Log();
        await log.PublishAsync(Message(1), default);
        kafka.Brokers.Down();
        await Deadline.Until(() => Task.FromResult(IsAway(log)), a => a, "away");
        kafka.Brokers.Up();
        await Deadline.Until(() => Task.FromResult(IsAway(log)), a => !a, "back");
    }

    [Fact]
    public async Task What_was_held_while_brokers_were_away_comes_once_and_in_order_when_they_are_back()
    {
        await using var kafka = new KafkaHarness(publishTimeout: Short);
        var log = kafka.Log();
        var consumer = new RecordingConsumer();
        await kafka.ConsumeAsync(consumer);
        for (var n = 1; n <= 3; n++)
            await log.PublishAsync(Message(n), default);
        kafka.Brokers.Down();
        for (var n = 4; n <= 6; n++)
            await Assert.ThrowsAsync<UnavailableException>(async () => await log.PublishAsync(Message(n), default));
        kafka.Brokers.Up();
        await Deadline.Until(() => Task.FromResult(IsAway(log)), a => !a, "back");
        // A sender repeats what was not acknowledged.
        for (var n = 4; n <= 6; n++)
            await log.PublishAsync(Message(n), default);
        await log.PublishAsync(Message(7), default);

        await consumer.WaitForAsync(7);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], consumer.Events.Select(e => e.Message!.Id.Value));
    }

    [Fact]
    public async Task A_broker_that_answers_wrongly_for_a_moment_costs_neither_events_nor_order()
    {
        const short Produce = 0;
        const int NotLeader = 6, NotEnoughReplicas = 19, RequestTimedOut = 7;
        await using var kafka = new KafkaHarness();
        var log = kafka.Log();
        var consumer = new RecordingConsumer();
        await kafka.ConsumeAsync(consumer);
        kafka.Brokers.Fail(Produce, NotLeader, NotEnoughReplicas, RequestTimedOut);
        await Task.WhenAll(Enumerable.Range(1, 50).Select(n => log.PublishAsync(Message(n), default).AsTask()));
        await consumer.WaitForAsync(50);
        Assert.Equal(Enumerable.Range(1, 50).Select(n => (long)n), consumer.Events.Select(e => e.Message!.Id.Value));
    }

    [Fact]
    public async Task A_producer_that_failed_for_good_is_replaced_and_what_it_held_is_not_acknowledged()
    {
        const short InitProducerId = 22;
        const int NotAuthorized = 31;
        await using var kafka = new KafkaHarness();
        kafka.Brokers.Fail(InitProducerId, NotAuthorized);
        var log = kafka.Log();
        await Assert.ThrowsAsync<UnavailableException>(async () => await log.PublishAsync(Message(2), default));
        await Deadline.Until(
            async () =>
            {
                try
                {
                    await log.PublishAsync(Message(2), default);
                    return true;
                }
                catch (UnavailableException)
                {
                    return false;
                }
            },
            taken => taken,
            "the next producer takes it");
    }

    [Fact]
    public async Task Brokers_that_cannot_be_reached_are_named_at_the_start()
    {
        var options = new KafkaOptions { Servers = "127.0.0.1:1" };
        var refused = await Assert.ThrowsAsync<UnavailableException>(() => KafkaTopics.EnsureAsync(options, default));
        Assert.Contains("127.0.0.1:1", refused.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Topics_that_exist_are_left_as_they_are()
    {
        await using var kafka = new KafkaHarness(partitions: 3);
        await KafkaTopics.EnsureAsync(kafka.Options, default);
        // The mock cannot make any, and says so.
        await Assert.ThrowsAsync<UnavailableException>(() => KafkaTopics.EnsureAsync(kafka.Options with { Prefix = "other" }, default));
    }

    static bool IsAway(KafkaEventLog log)
    {
        try
        {
            log.RefuseIfAway();
            return false;
        }
        catch (UnavailableException)
        {
            return true;
        }
    }

    static Event Message(long id) => new()
    {
        Name = "MESSAGE_CREATE", Audience = new Audience.OfGuild(new GuildId(1)), Data = "{}"u8.ToArray(),
        Message = new MessageStamp(new ChannelId(2), new MessageId(id), new UserId(3), IsPrivate: false, []),
    };
}
