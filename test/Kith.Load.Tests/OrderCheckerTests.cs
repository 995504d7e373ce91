using Kith.Load.Measures;

namespace Kith.Load.Tests;

public sealed class OrderCheckerTests
{
    [Fact]
    public void Growing_ids_are_in_order_and_tally_with_what_was_sent()
    {
        var (watch, sent) = (new ChannelWatch(0), default(Tally));
        for (uint i = 1; i <= 1000; i++)
        {
            Assert.Equal(Arrival.InOrder, watch.Take(i * 7, i));
            sent.Count(i * 7);
        }

        Assert.Equal(sent, watch.Tally);
    }

    [Fact]
    public void Messages_of_several_senders_may_come_in_another_order_than_they_were_due()
    {
        var watch = new ChannelWatch(0);
        Assert.Equal(Arrival.InOrder, watch.Take(100, 2));
        Assert.Equal(Arrival.InOrder, watch.Take(101, 1));
        Assert.Equal(Arrival.InOrder, watch.Take(102, 3));
    }

    [Fact]
    public void A_smaller_id_is_out_of_order()
    {
        var watch = new ChannelWatch(0);
        watch.Take(100, 1);
        watch.Take(102, 3);
        Assert.Equal(Arrival.OutOfOrder, watch.Take(101, 2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(60)]
    public void The_same_message_again_is_a_repeat_and_not_counted(uint later)
    {
        var watch = new ChannelWatch(0);
        watch.Take(1000, 1);
        for (uint i = 2; i <= later; i++) watch.Take(1000 + i, i);
        var before = watch.Tally;
        Assert.Equal(Arrival.Repeated, watch.Take(1000, 1));
        Assert.Equal(before, watch.Tally);
    }

    [Fact]
    public void The_same_message_under_another_id_is_a_repeat()
    {
        var watch = new ChannelWatch(0);
        watch.Take(1000, 1);
        Assert.Equal(Arrival.Repeated, watch.Take(1001, 1));
    }

    [Fact]
    public void A_repeat_too_old_to_be_recognised_is_out_of_order_and_breaks_the_tally()
    {
        var (watch, sent) = (new ChannelWatch(0), default(Tally));
        for (uint i = 1; i <= 200; i++)
        {
            watch.Take(i, i);
            sent.Count(i);
        }

        Assert.Equal(Arrival.OutOfOrder, watch.Take(3, 3));
        Assert.NotEqual(sent, watch.Tally);
        Assert.True(watch.Tally.Messages > sent.Messages);
    }

    [Fact]
    public void A_lost_message_breaks_the_tally()
    {
        var (watch, sent) = (new ChannelWatch(0), default(Tally));
        for (uint i = 1; i <= 50; i++)
        {
            if (i != 25) watch.Take(i, i);
            sent.Count(i);
        }

        Assert.Equal(1u, sent.Messages - watch.Tally.Messages);
    }

    [Fact]
    public void One_message_instead_of_another_breaks_the_tally_though_the_count_is_right()
    {
        var (watch, sent) = (new ChannelWatch(0), default(Tally));
        watch.Take(5, 1);
        sent.Count(6);
        Assert.Equal(sent.Messages, watch.Tally.Messages);
        Assert.NotEqual(sent, watch.Tally);
    }

    [Fact]
    public void A_tally_does_not_depend_on_the_order()
    {
        var (first, second) = (default(Tally), default(Tally));
        foreach (var id in new ulong[] { 1, 2, 3, 1UL << 62 }) first.Count(id);
        foreach (var id in new ulong[] { 3, 1UL << 62, 2, 1 }) second.Count(id);
        Assert.Equal(first, second);
    }
}
