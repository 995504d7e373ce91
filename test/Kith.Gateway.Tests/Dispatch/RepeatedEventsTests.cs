using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Gateway.Dispatch;
using Kith.Testing;

namespace Kith.Gateway.Tests.Dispatch;

public sealed class RepeatedEventsTests
{
    readonly ManualTimeProvider clock = new();

    [Fact]
    public void A_message_comes_once_by_its_id_whatever_the_log_says()
    {
        var repeats = new RepeatedEvents(clock);
        Assert.True(repeats.IsNew(Message(1, 100, previous: 90, at: 7)));
        Assert.False(repeats.IsNew(Message(1, 100, previous: 90, at: 7)));
        Assert.False(repeats.IsNew(Message(1, 90, previous: 80, at: 8)));
        Assert.True(repeats.IsNew(Message(2, 90, previous: 80, at: 5)));
        Assert.True(repeats.IsNew(Message(1, 101, previous: 100, at: null)));
        Assert.False(repeats.IsNew(Message(1, 101, previous: 100, at: 9)));
    }

    [Fact]
    public void Another_event_comes_once_by_its_place_in_the_log()
    {
        var repeats = new RepeatedEvents(clock);
        Assert.True(repeats.IsNew(Other(1, 7)));
        Assert.False(repeats.IsNew(Other(1, 7)));
        Assert.False(repeats.IsNew(Other(1, 6)));
        Assert.True(repeats.IsNew(Other(2, 6)));
        Assert.True(repeats.IsNew(Other(1, 8)));
    }

    [Fact]
    public void A_log_that_was_made_anew_is_no_repeat()
    {
        var repeats = new RepeatedEvents(clock);
        Assert.True(repeats.IsNew(Other(1, 5_000_000)));
        Assert.True(repeats.IsNew(Other(1, 0)));
        Assert.True(repeats.IsNew(Other(1, 1)));
        clock.Advance(TimeSpan.FromMinutes(11));
        Assert.True(repeats.IsNew(Other(1, 1)));
    }

    [Fact]
    public void In_a_single_process_nothing_is_a_repeat()
    {
        var repeats = new RepeatedEvents(clock);
        foreach (var id in (long[])[5, 5, 4])
            Assert.True(repeats.IsNew(Message(1, id, previous: null, at: null)));
        Assert.True(repeats.IsNew(Other(null, 0)));
    }

    static Event Message(long channel, long id, long? previous, long? at) => new()
    {
        Name = "MESSAGE_CREATE", Audience = new Audience.OfUsers(new UserId(1)), Data = "{}"u8.ToArray(), Position = at is { } offset ? new LogPosition(1, offset) : null,
        Message = new MessageStamp(new ChannelId(channel), new MessageId(id), new UserId(1), false, [], previous is { } p ? new MessageId(p) : null),
    };

    static Event Other(int? partition, long offset) => new()
    {
        Name = "TYPING_START", Audience = new Audience.OfUsers(new UserId(1)), Data = "{}"u8.ToArray(), Position = partition is { } p ? new LogPosition(p, offset) : null,
    };
}
