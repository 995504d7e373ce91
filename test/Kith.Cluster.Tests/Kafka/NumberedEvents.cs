using System.Globalization;
using System.Text;
using Kith.Domain;
using Kith.Engine.Delivery;

namespace Kith.Cluster.Tests.Kafka;

/// <summary>Events of some guild that carry nothing but a number.</summary>
static class NumberedEvents
{
    public static void AssertOrdered(IEnumerable<Event> events) => Assert.All(
        events.DistinctBy(e => e.Position).GroupBy(e => e.Key), of => Assert.Equal(of.Select(NumberOf).Order(), of.Select(NumberOf)));

    public static Event Numbered(long guild, int number) =>
        new() { Name = "X", Audience = new Audience.OfGuild(new GuildId(guild)), Data = Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)) };

    public static int NumberOf(Event e) => int.Parse(e.Data.Span, CultureInfo.InvariantCulture);
}
