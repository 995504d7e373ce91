using System.Globalization;
using System.Text;
using Kith.Domain;
using Kith.Engine.Delivery;
using Xunit;

namespace Kith.Contracts.Delivery;

/// <summary>A log with one consumer, which is running.</summary>
public interface IRunningEventLog : IAsyncDisposable
{
    IEventLog Log { get; }
}

public abstract class EventLogContract
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected abstract ValueTask<IRunningEventLog> StartAsync(IEventConsumer consumer);

    [Fact]
    public async Task What_is_published_is_consumed_once_and_whole()
    {
        var consumer = new RecordingConsumer();
        await using var running = await StartAsync(consumer);
        var published = new Event
        {
            Name = "MESSAGE_CREATE", Audience = new Audience.OfChannel(new GuildId(3), new ChannelId(4)), Data = "{\"content\":\"🙂\"}"u8.ToArray(),
            Message = new MessageStamp(new ChannelId(4), new MessageId(5), new UserId(6), IsPrivate: false, [new UserId(7)]), Trace = "00-1-2-01",
        };
        await running.Log.PublishAsync(published, Ct);
        await running.Log.PublishAsync(Numbered(3, 1), Ct);

        await consumer.WaitForAsync(2);
        var consumed = consumer.Events[0];
        Assert.Equal(
            (published.Name, published.Audience, published.Trace, Encoding.UTF8.GetString(published.Data.Span)),
            (consumed.Name, consumed.Audience, consumed.Trace, Encoding.UTF8.GetString(consumed.Data.Span)));
        Assert.Equal(published.Message.Id, consumed.Message!.Id);
        Assert.Equal(published.Message.Mentioned, consumed.Message.Mentioned);
        Assert.Equal(2, consumer.Events.Count);
    }

    [Fact]
    public async Task Events_of_one_key_keep_the_order_in_which_they_were_published()
    {
        const int Keys = 20, Each = 50;
        var consumer = new RecordingConsumer();
        await using var running = await StartAsync(consumer);
        List<Task> publishing = [];
        for (var n = 0; n < Each; n++)
        {
            for (var key = 1; key <= Keys; key++)
                publishing.Add(running.Log.PublishAsync(Numbered(key, n), Ct).AsTask());
        }

        await Task.WhenAll(publishing);
        await consumer.WaitForAsync(Keys * Each);
        Assert.All(consumer.Events.GroupBy(e => e.Key), of => Assert.Equal(Enumerable.Range(0, Each), of.Select(NumberOf)));
    }

    [Fact]
    public async Task A_consumer_that_fails_on_an_event_gets_the_next()
    {
        var consumer = new RecordingConsumer { OnEvent = e => NumberOf(e) == 1 ? throw new InvalidOperationException("bad event") : default };
        await using var running = await StartAsync(consumer);
        for (var n = 0; n < 3; n++)
            await running.Log.PublishAsync(Numbered(1, n), Ct);

        await consumer.WaitForAsync(2);
        Assert.Equal([0, 2], consumer.Events.Select(NumberOf));
    }

    [Fact]
    public async Task A_log_that_is_there_refuses_nothing()
    {
        await using var running = await StartAsync(new RecordingConsumer());
        running.Log.RefuseIfAway();
    }

    protected static Event Numbered(long guild, int number) =>
        new() { Name = "X", Audience = new Audience.OfGuild(new GuildId(guild)), Data = Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)) };

    protected static int NumberOf(Event e) => int.Parse(e.Data.Span, CultureInfo.InvariantCulture);
}
