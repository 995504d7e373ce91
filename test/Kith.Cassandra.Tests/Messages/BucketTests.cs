using Kith.Domain;
using Kith.Engine.Import;
using Kith.Storage.Cassandra.Messages;

namespace Kith.Cassandra.Tests.Messages;

/// <summary>The walk over a channel's buckets; needs no node.</summary>
public sealed class BucketTests
{
    static readonly int[] Listed = [3, 4, 9, 40, 41];

    [Fact]
    public void A_bucket_holds_the_ids_of_ten_days()
    {
        var begin = DateTimeOffset.FromUnixTimeMilliseconds(Snowflake.EpochMilliseconds);
        Assert.Equal(0, MessageBuckets.Of(ImportIds.EndOfOld));
        Assert.Equal(0, MessageBuckets.Of(new MessageId(Snowflake.AtTime(begin.AddDays(10)) - 1)));
        Assert.Equal(1, MessageBuckets.Of(new MessageId(Snowflake.AtTime(begin.AddDays(10)))));
        Assert.Equal(2545, MessageBuckets.Of(new MessageId(long.MaxValue)));
    }

    [Fact]
    public void What_is_older_than_ids_tell_is_split_by_its_number_and_lies_below_all_else()
    {
        var first = MessageBuckets.Of(default);
        Assert.Equal(first, MessageBuckets.Of(new MessageId(199_999)));
        Assert.Equal(first + 1, MessageBuckets.Of(new MessageId(200_000)));
        Assert.Equal(-1, MessageBuckets.Of(new MessageId(ImportIds.EndOfOld.Value - 1)));
    }

    [Fact]
    public async Task A_full_page_asks_no_bucket_beyond_those_it_needs()
    {
        List<int> asked = [];
        Assert.Equal([(41, 0), (41, 1), (40, 0)], await WalkAsync(50, -1, 3, asked));
        Assert.Equal([41, 40], asked);
    }

    [Fact]
    public async Task Buckets_that_are_not_listed_are_never_asked()
    {
        List<int> asked = [];
        Assert.Equal(10, (await WalkAsync(50, -1, 100, asked)).Count);
        Assert.Equal([41, 40, 9, 4, 3], asked);
    }

    [Fact]
    public async Task Going_on_to_newer_ones_begins_with_the_bucket_of_the_anchor()
    {
        List<int> asked = [];
        Assert.Equal([(4, 0), (4, 1), (9, 0)], await WalkAsync(4, 1, 3, asked));
        Assert.Equal([4, 9], asked);
    }

    [Fact]
    public async Task A_list_longer_than_one_read_is_gone_through_to_its_end_without_repeats()
    {
        var all = Enumerable.Range(0, (BucketWalk.ListSize * 2) + 5).ToArray();
        List<int> asked = [];
        await WalkAsync(all.Length, -1, int.MaxValue, asked, all);
        Assert.Equal(all.Reverse(), asked);
    }

    [Fact]
    public async Task Nothing_is_asked_for_a_page_of_nothing()
    {
        List<int> asked = [];
        Assert.Empty(await WalkAsync(50, -1, 0, asked));
        Assert.Empty(asked);
    }

    /// <summary>Each bucket has two items.</summary>
    static Task<List<(int Bucket, int Item)>> WalkAsync(int from, int step, int limit, List<int> asked, int[]? listed = null) => BucketWalk.CollectAsync<(int Bucket, int Item)>(
        from, step, limit,
        start => Task.FromResult<IReadOnlyList<int>>([.. (step < 0 ? (listed ?? Listed).Reverse().Where(b => b <= start) : (listed ?? Listed).Where(b => b >= start)).Take(BucketWalk.ListSize)]),
        (bucket, count) =>
        {
            asked.Add(bucket);
            return Task.FromResult<IReadOnlyList<(int Bucket, int Item)>>([.. Enumerable.Range(0, Math.Min(2, count)).Select(i => (bucket, i))]);
        });
}
