using System.Buffers.Binary;
using System.Collections.Concurrent;
using Kith.Cluster.Events;
using Kith.Contracts.Delivery;
using Kith.Engine.Delivery;
using Kith.Testing;
using static Kith.Cluster.Tests.Kafka.NumberedEvents;

namespace Kith.Cluster.Tests.Kafka;

public sealed class KafkaConsumerGroupTests
{
    const int Guilds = 16;

    [Fact]
    public async Task What_was_not_done_when_a_process_ended_comes_to_the_next_and_what_was_done_does_not()
    {
        await using var kafka = new KafkaHarness(partitions: 1);
        var log = kafka.Log();
        var (reached, never) = (new TaskCompletionSource(), new TaskCompletionSource());
        var dying = new RecordingConsumer();
        dying.OnEvent = async e =>
        {
            if (NumberOf(e) != 3) return;
            reached.TrySetResult();
            await never.Task;
        };
        var consumer = new StoppableConsumer(dying);
        var process = await kafka.ConsumeAsync(consumer);
        for (var n = 0; n < 6; n++)
            await log.PublishAsync(Numbered(1, n), default);
        await reached.Task;
        await process.StopAsync(default);
        Assert.Equal([0, 1, 2], dying.Events.Select(NumberOf));

        var next = new RecordingConsumer();
        await kafka.ConsumeAsync(next);
        await next.WaitForAsync(3);
        Assert.Equal([3, 4, 5], next.Events.Select(NumberOf));
    }

    [Fact]
    public async Task An_event_whose_dependency_is_away_is_tried_again_and_its_partition_waits_for_it()
    {
        await using var kafka = new KafkaHarness();
        var log = kafka.Log();
        var tries = new ConcurrentDictionary<long, int>();
        var consumer = new RecordingConsumer
        {
            OnEvent = e => e.Key == 1 && NumberOf(e) == 1 && tries.AddOrUpdate(e.Key, 1, (_, n) => n + 1) < 4 ? throw new UnavailableException("Redis") : default,
        };
        await kafka.ConsumeAsync(consumer);
        for (var n = 0; n < 3; n++)
        {
            for (var guild = 1; guild <= Guilds; guild++)
                await log.PublishAsync(Numbered(guild, n), default);
        }

        await consumer.WaitForAsync(3 * Guilds);
        Assert.Equal(4, tries[1]);
        AssertOrdered(consumer.Events);
        Assert.Equal(3 * Guilds, consumer.Events.Count);
    }

    [Fact]
    public async Task A_partition_that_waits_holds_up_no_other_and_nothing_of_it_is_lost_however_much_comes()
    {
        const int waiting = 700;
        await using var kafka = new KafkaHarness();
        var log = kafka.Log();
        var held = new TaskCompletionSource();
        var consumer = new RecordingConsumer { OnEvent = async e => await (e.Key == 1 ? held.Task : Task.CompletedTask) };
        var group = await kafka.ConsumeAsync(consumer);
        await Task.WhenAll(Enumerable.Range(0, waiting).Select(n => log.PublishAsync(Numbered(1, n), default).AsTask()));
        await Deadline.Until(() => Task.FromResult(group.Lag), lag => lag == waiting, "all of the first guild's wait");
        for (var n = 0; n < 3; n++)
            await Task.WhenAll(Enumerable.Range(2, Guilds).Select(guild => log.PublishAsync(Numbered(guild, n), default).AsTask()));
        await Deadline.Until(() => Task.FromResult(consumer.Events.GroupBy(e => e.Key).Count(of => of.Count() == 3)), guilds => guilds >= Guilds / 2, "others go on");
        Assert.DoesNotContain(consumer.Events, e => e.Key == 1);
        held.SetResult();
        await consumer.WaitForAsync(waiting + (3 * Guilds));
        AssertOrdered(consumer.Events);
        Assert.Equal(waiting + (3 * Guilds), consumer.Events.Count);
        await Deadline.Until(() => Task.FromResult(group.Lag), lag => lag == 0, "no lag");
    }

    [Fact]
    public async Task A_damaged_event_is_left_out_and_one_of_a_newer_version_waits()
    {
        await using var kafka = new KafkaHarness(partitions: 1);
        var consumer = new RecordingConsumer();
        var group = await kafka.ConsumeAsync(consumer);
        var producer = kafka.Producer();
        var key = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(key, 1);
        var newer = EventCodec.Encode(Numbered(1, 2));
        newer[0]++;
        foreach (var bytes in new[] { EventCodec.Encode(Numbered(1, 0)), [EventCodec.Version, 1, 2], EventCodec.Encode(Numbered(1, 1)), newer, EventCodec.Encode(Numbered(1, 3)) })
            await producer.SendAsync(kafka.Options.EventsTopic, key, bytes);

        await consumer.WaitForAsync(2);
        await Deadline.Until(() => Task.FromResult(group.Lag), lag => lag == 2, "the newer one and what follows it wait");
        Assert.Equal([0, 1], consumer.Events.Select(NumberOf));
    }

    [Fact]
    public async Task The_lag_is_what_is_left_to_do()
    {
        await using var kafka = new KafkaHarness(partitions: 2);
        var log = kafka.Log();
        var held = new TaskCompletionSource();
        var consumer = new RecordingConsumer { OnEvent = async e => await (NumberOf(e) >= 2 ? held.Task : Task.CompletedTask) };
        var group = await kafka.ConsumeAsync(consumer);
        await log.PublishAsync(Numbered(1, 0), default);
        await consumer.WaitForAsync(1);
        await Deadline.Until(() => Task.FromResult(group.Lag), lag => lag == 0, "no lag");
        for (var n = 1; n < 10; n++)
            await log.PublishAsync(Numbered(1, n), default);
        await consumer.WaitForAsync(2);
        await Deadline.Until(() => Task.FromResult(group.Lag), lag => lag == 8, "eight are left");
        held.SetResult();
        await consumer.WaitForAsync(10);
        await Deadline.Until(() => Task.FromResult(group.Lag), lag => lag == 0, "no lag again");
    }

    /// <summary>Gives up its work when its process ends, as a call to a network would.</summary>
    sealed class StoppableConsumer(IEventConsumer inner) : IEventConsumer
    {
        public async ValueTask HandleAsync(Event e, CancellationToken ct) => await inner.HandleAsync(e, ct).AsTask().WaitAsync(ct);
    }
}
