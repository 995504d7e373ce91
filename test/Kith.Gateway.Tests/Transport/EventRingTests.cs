using Kith.Gateway.Protocol;
using Kith.Gateway.Transport;

namespace Kith.Gateway.Tests.Transport;

public sealed class EventRingTests
{
    readonly EventRingStore _store = new(new EventRingLimits());

    [Fact]
    public void Events_are_numbered_from_one_and_kept_until_acknowledged()
    {
        var ring = new EventRing(_store);
        var events = Append(ring, 20);
        Send(ring, 20);
        Assert.Equal((0, 20, 20), (ring.Floor, ring.Sent, ring.Head));
        Assert.True(ring.Acknowledge(7));
        Assert.Equal((7, 20, 20), (ring.Floor, ring.Sent, ring.Head));
        Assert.Equal(13, ring.HeldEvents);
        for (var sequence = 8; sequence <= 20; sequence++)
            Assert.Same(events[sequence - 1], ring[sequence]);
        Assert.Throws<ArgumentOutOfRangeException>(() => ring[7]);
        Assert.Throws<ArgumentOutOfRangeException>(() => ring[21]);
    }

    [Fact]
    public void What_was_never_sent_cannot_be_acknowledged()
    {
        var ring = new EventRing(_store);
        Append(ring, 5);
        Send(ring, 3);
        Assert.False(ring.Acknowledge(4));
        Assert.Equal(0, ring.Floor);
        Assert.True(ring.Acknowledge(3));
        Assert.True(ring.Acknowledge(1));
        Assert.Equal(3, ring.Floor);
    }

    [Fact]
    public void A_resume_sends_again_what_the_client_lacks()
    {
        var ring = new EventRing(_store);
        var events = Append(ring, 10);
        Send(ring, 8);
        Assert.True(ring.Rewind(5));
        Assert.Equal((5, 5, 10), (ring.Floor, ring.Sent, ring.Head));
        Assert.Equal(5, ring.PendingEvents);
        Assert.Equal(events[5..].Sum(outbound => outbound.Length), ring.PendingBytes);
        Assert.Same(events[5], ring[6]);
    }

    [Fact]
    public void A_resume_from_before_what_is_held_or_beyond_what_was_sent_fails_and_changes_nothing()
    {
        var ring = new EventRing(_store);
        Append(ring, 10);
        Send(ring, 8);
        ring.Acknowledge(4);
        Assert.False(ring.Rewind(3));
        Assert.False(ring.Rewind(9));
        Assert.Equal((4, 8, 10), (ring.Floor, ring.Sent, ring.Head));
    }

    [Fact]
    public void An_empty_ring_gives_its_array_back_for_the_next()
    {
        var ring = new EventRing(_store);
        Append(ring, 100);
        Send(ring, 100);
        ring.Acknowledge(100);
        var again = new EventRing(_store);
        var outbound = Event(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            again.Append(outbound);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal((0, 0), (ring.HeldEvents, ring.HeldBytes));
    }

    [Fact]
    public void Without_a_client_the_oldest_events_go_when_there_are_too_many()
    {
        var ring = new EventRing(new EventRingStore(new EventRingLimits(MaxHeldEvents: 50)));
        var events = Append(ring, 60);
        Assert.Equal((10, 60), (ring.Floor, ring.Head));
        Assert.Equal(50, ring.HeldEvents);
        Assert.False(ring.Rewind(9));
        Assert.True(ring.Rewind(10));
        Assert.Same(events[10], ring[11]);
    }

    [Fact]
    public void Without_a_client_the_oldest_events_go_when_they_are_too_large()
    {
        var length = Event(1).Length;
        var ring = new EventRing(new EventRingStore(new EventRingLimits(MaxHeldBytes: length * 10)));
        Append(ring, 25);
        Assert.Equal((15, 25), (ring.Floor, ring.Head));
        Assert.Equal(length * 10, ring.HeldBytes);
        Assert.Equal(length * 10, ring.PendingBytes);
    }

    [Fact]
    public void One_event_is_kept_however_large()
    {
        var ring = new EventRing(new EventRingStore(new EventRingLimits(MaxPendingBytes: 10, MaxHeldBytes: 20)));
        ring.Append(Event(1));
        Assert.Equal(1, ring.HeldEvents);
        Assert.False(ring.IsOverflowing);
        ring.Append(Event(2));
        Assert.Equal((1, 2), (ring.Floor, ring.Head));
    }

    [Fact]
    public void Counts_agree_with_a_plain_list_whatever_happens()
    {
        var random = new Random(7);
        for (var round = 0; round < 10; round++)
        {
            var ring = new EventRing(_store);
            var model = new List<OutboundEvent>();
            int floor = 0, sent = 0;
            for (var step = 0; step < 400; step++)
            {
                switch (random.Next(5))
                {
                    case 0 or 1:
                        for (var n = random.Next(40); n > 0; n--)
                            Append(ring, model);
                        break;
                    case 2:
                        var count = random.Next(model.Count - sent + 1);
                        Send(ring, count);
                        sent += count;
                        break;
                    case 3:
                        var acknowledged = random.Next(sent + 1);
                        Assert.True(ring.Acknowledge(acknowledged));
                        floor = Math.Max(floor, acknowledged);
                        break;
                    default:
                        var resumed = random.Next(model.Count + 1);
                        var possible = resumed >= floor && resumed <= sent;
                        Assert.Equal(possible, ring.Rewind(resumed));
                        if (possible)
                            floor = sent = resumed;
                        break;
                }

                Assert.Equal((floor, sent, model.Count), (ring.Floor, ring.Sent, ring.Head));
                Assert.Equal(model.Skip(sent).Sum(outbound => outbound.Length), ring.PendingBytes);
                Assert.Equal(model.Skip(floor).Sum(outbound => outbound.Length), ring.HeldBytes);
                for (var sequence = floor + 1; sequence <= model.Count; sequence++)
                    Assert.Same(model[sequence - 1], ring[sequence]);
            }
        }
    }

    internal static OutboundEvent Event(int number, int padding = 0)
        => OutboundEvent.Create("TEST", System.Text.Encoding.ASCII.GetBytes($"{{\"n\":{number},\"p\":\"{new string('x', padding)}\"}}"));

    static void Append(EventRing ring, List<OutboundEvent> model)
    {
        var outbound = Event(model.Count + 1, padding: model.Count % 13);
        model.Add(outbound);
        Assert.Equal(model.Count, ring.Append(outbound));
    }

    static List<OutboundEvent> Append(EventRing ring, int count)
    {
        var events = Enumerable.Range(0, count).Select(_ => Event(1)).ToList();
        foreach (var outbound in events)
            ring.Append(outbound);
        return events;
    }

    static void Send(EventRing ring, int count)
    {
        for (var i = 0; i < count; i++)
            ring.OnSent();
    }
}
