using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Gateway.Resume;

namespace Kith.Gateway.Tests.Resume;

public sealed class ToldEventsTests
{
    static readonly ToldEvents Told = new(new MessageId(60), [new LogPosition(1, 10), new LogPosition(2, 5)], new Dictionary<ChannelId, MessageId> { [new(7)] = new(100) });

    [Theory]
    [InlineData(1, 10, true)]
    [InlineData(1, 11, false)]
    [InlineData(2, 6, false)]
    [InlineData(3, 1, false)]
    public void An_event_was_told_up_to_a_place_of_its_partition(int partition, long offset, bool told) => Assert.Equal(told, Told.Has(Typing(partition, offset)));

    [Theory]
    [InlineData(7, 100, null, true)]
    [InlineData(7, 101, null, false)]
    [InlineData(7, 100, 11L, true)]
    [InlineData(7, 101, 10L, false)]
    // Of a channel in which nothing was said lately, the log alone knows.
    [InlineData(8, 50, null, false)]
    [InlineData(8, 50, 10L, true)]
    [InlineData(8, 61, 10L, false)]
    public void A_message_was_told_up_to_the_newest_of_its_channel(long channel, long id, long? offset, bool told) => Assert.Equal(told, Told.Has(Message(channel, id, offset)));

    [Fact]
    public void What_is_far_back_is_a_log_that_was_made_anew()
    {
        var told = new ToldEvents(default, [new LogPosition(1, 5_000_000)], new Dictionary<ChannelId, MessageId>());
        Assert.False(told.Has(Typing(1, 3)));
        Assert.Equal([new LogPosition(1, 3)], new ToldEvents(default, [new LogPosition(1, 3)], told.Messages).After(told).Partitions);
    }

    [Fact]
    public void Of_two_nodes_the_later_of_what_each_told_counts()
    {
        var later = new ToldEvents(default, [new LogPosition(2, 4), new LogPosition(3, 1)], new Dictionary<ChannelId, MessageId> { [new(7)] = new(99), [new(8)] = new(1) }).After(Told);
        Assert.Equal([new(1, 10), new(2, 5), new(3, 1)], later.Partitions.OrderBy(p => p.Partition));
        Assert.Equal((100, 1), (later.Messages[new(7)].Value, later.Messages[new(8)].Value));
    }

    static Event Typing(int partition, long offset) => new()
    {
        Name = "TYPING_START", Audience = new Audience.OfUsers(new UserId(1)), Data = "{}"u8.ToArray(), Position = new LogPosition(partition, offset),
    };

    static Event Message(long channel, long id, long? offset) => new()
    {
        Name = "MESSAGE_CREATE", Audience = new Audience.OfUsers(new UserId(1)), Data = "{}"u8.ToArray(), Position = offset is { } at ? new LogPosition(1, at) : null,
        Message = new MessageStamp(new ChannelId(channel), new MessageId(id), new UserId(1), false, [], new MessageId(id - 1)),
    };
}
