namespace Kith.Domain.Tests;

public sealed class SnowflakeGeneratorTests
{
    static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Ids_of_many_threads_are_unique_and_bear_their_worker()
    {
        var ids = new SnowflakeGenerator(7, TimeProvider.System);
        var minted = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Enumerable.Range(0, 10_000).Select(_ => ids.Next()).ToArray())));
        Assert.All(minted, of => Assert.Equal(of.Order(), of));
        var all = minted.SelectMany(of => of).ToArray();
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.All(all, id => Assert.Equal(7, (id >> Snowflake.WorkerShift) & Snowflake.MaxWorker));
    }

    [Fact]
    public void A_clock_that_steps_back_a_little_is_waited_out_and_more_is_refused()
    {
        var clock = new SetClock { Now = Noon };
        var ids = new SnowflakeGenerator(1, clock);
        var last = ids.Next();
        clock.Now = Noon - SnowflakeGenerator.Tolerance + TimeSpan.FromSeconds(1);
        Assert.True(ids.Next() > last);
        clock.Now = Noon - SnowflakeGenerator.Tolerance - TimeSpan.FromSeconds(1);
        Assert.Throws<IdsUnavailableException>(() => ids.Next());
        clock.Now = Noon;
        Assert.True(ids.Next() > last);
    }

    [Fact]
    public void Ids_begin_after_the_newest_that_is_stored()
    {
        var ids = new SnowflakeGenerator(1, new SetClock { Now = Noon });
        var stored = Snowflake.AtTime(Noon.AddSeconds(2)) | (900L << Snowflake.WorkerShift) | 17;
        ids.StartAfter(stored);
        Assert.True(ids.Next() > Snowflake.AtTime(Noon.AddSeconds(2)));
        Assert.Equal(Noon.AddSeconds(2), ids.LastTime);
    }

    [Fact]
    public void Without_a_lease_after_its_end_and_beyond_its_ceiling_no_id_is_minted()
    {
        var clock = new SetClock { Now = Noon };
        var ids = new SnowflakeGenerator(clock);
        Assert.Throws<IdsUnavailableException>(() => ids.Next());
        ids.Use(new WorkerLease(3, Noon.AddSeconds(5), ValidUntil: 100));
        ids.Next();
        clock.Timestamp = 100;
        Assert.Throws<IdsUnavailableException>(() => ids.Next());
        ids.Use(new WorkerLease(3, Noon.AddSeconds(5), ValidUntil: 200));
        clock.Now = Noon.AddSeconds(6);
        Assert.Throws<IdsUnavailableException>(() => ids.Next());
        ids.Use(new WorkerLease(3, Noon.AddSeconds(9), ValidUntil: 200));
        ids.Next();
    }

    [Fact]
    public void Ids_grow_when_the_worker_changes_within_a_millisecond()
    {
        var ids = new SnowflakeGenerator(900, new SetClock { Now = Noon });
        var last = ids.Next();
        foreach (var worker in new[] { 5, 3, 901, 0 })
        {
            ids.Use(new WorkerLease(worker, DateTimeOffset.MaxValue, long.MaxValue));
            for (var n = 0; n < 3; n++)
            {
                var next = ids.Next();
                Assert.True(next > last);
                last = next;
            }
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1024)]
    public void A_worker_has_ten_bits(int worker) => Assert.Throws<ArgumentOutOfRangeException>(() => new SnowflakeGenerator(worker, TimeProvider.System));

    sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public long Timestamp { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Timestamp;
    }
}
