using Kith.Domain;
using Kith.Engine.Messages;

namespace Kith.Engine.Tests.Messages;

public sealed class MessageLanesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5_000)]
    public void Channels_are_spread_over_all_lanes_though_none_was_made_in_the_same_millisecond_as_another(int millisecondsApart)
    {
        const int lanes = 8, channels = 8_000;
        var ids = Enumerable.Range(0, channels).Select(i => new ChannelId(Snowflake.AtTime(DateTimeOffset.UnixEpoch.AddYears(50).AddMilliseconds((long)i * millisecondsApart))));
        var counts = ids.GroupBy(channel => MessageLanes.IndexOf(channel, lanes)).Select(lane => lane.Count()).ToArray();
        Assert.Equal(lanes, counts.Length);
        Assert.All(counts, count => Assert.InRange(count, channels / lanes * 3 / 4, channels / lanes * 5 / 4));
    }
}
