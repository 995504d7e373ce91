using Kith.Load.Measures;

namespace Kith.Load.Tests;

public sealed class HistogramTests
{
    [Fact]
    public void Values_below_256_are_exact()
    {
        var histogram = new Histogram();
        for (var value = 0; value < 256; value++) histogram.Record(value);
        Assert.Equal(0, histogram.Percentile(1.0 / 256));
        Assert.Equal(127, histogram.Percentile(0.5));
        Assert.Equal(255, histogram.Percentile(1));
    }

    [Theory]
    [InlineData(256)]
    [InlineData(1_000)]
    [InlineData(12_345)]
    [InlineData(999_999)]
    [InlineData(1_000_000_000)]
    public void Greater_values_are_kept_within_one_in_128(long value)
    {
        var histogram = new Histogram();
        histogram.Record(value);
        histogram.Record(value * 2);
        Assert.InRange(histogram.Percentile(0.5), value * 127 / 128, value * 129 / 128);
    }

    [Fact]
    public void Percentiles_of_a_uniform_spread_are_its_shares()
    {
        var histogram = new Histogram();
        for (var value = 1; value <= 100_000; value++) histogram.Record(value);
        Assert.InRange(histogram.Percentile(0.5), 49_600, 50_400);
        Assert.InRange(histogram.Percentile(0.99), 98_200, 99_800);
        Assert.Equal(100_000, histogram.Percentile(1));
        Assert.InRange(histogram.Mean, 49_500, 50_500);
    }

    [Fact]
    public void The_highest_value_is_never_exceeded_by_a_percentile()
    {
        var histogram = new Histogram();
        histogram.Record(1_000_003);
        Assert.Equal(1_000_003, histogram.Percentile(0.999));
        Assert.Equal(1_000_003, histogram.Highest);
    }

    [Fact]
    public void What_is_out_of_range_counts_at_the_range_s_ends()
    {
        var histogram = new Histogram();
        histogram.Record(-5);
        histogram.Record(long.MaxValue);
        Assert.Equal(2, histogram.Count);
        Assert.Equal(0, histogram.Percentile(0.5));
        Assert.Equal(int.MaxValue, histogram.Highest);
    }

    [Fact]
    public void Nothing_recorded_gives_zero() => Assert.Equal(0, new Histogram().Percentile(0.99));

    [Fact]
    public void Adding_is_the_same_as_recording_together()
    {
        var (together, first, second) = (new Histogram(), new Histogram(), new Histogram());
        var random = new Random(7);
        for (var i = 0; i < 10_000; i++)
        {
            var value = random.NextInt64(5_000_000);
            together.Record(value);
            (i % 3 == 0 ? first : second).Record(value);
        }

        first.Add(second);
        Assert.Equal(together.Pack(), first.Pack());
    }

    [Fact]
    public void Unpacking_gives_back_what_was_packed()
    {
        var histogram = new Histogram();
        foreach (var value in new long[] { 0, 3, 3, 255, 256, 70_000, 2_000_000_000 }) histogram.Record(value);
        var copy = Histogram.Unpack(histogram.Pack());
        Assert.Equal(histogram.Pack(), copy.Pack());
        Assert.Equal(7, copy.Count);
        Assert.Equal(histogram.Percentile(0.6), copy.Percentile(0.6));
    }

    [Fact]
    public void A_series_sorts_latency_by_the_second_in_which_it_was_due()
    {
        var series = new LatencySeries();
        series.Record(10, 500);
        series.Record(2_500_000, 700);
        Assert.Equal([1L, 0L, 1L], series.Seconds.Select(second => second.Count));
        Assert.Equal(series.Pack(), LatencySeries.Unpack(series.Pack()).Pack());
    }
}
