namespace Kith.Engine.Tests;

public sealed class ReadThroughCacheTests
{
    [Fact]
    public async Task Concurrent_readers_of_one_key_share_one_read()
    {
        var reads = 0;
        var gate = new TaskCompletionSource<string?>();
        var cache = new ReadThroughCache<int, string>(10, (_, _) =>
        {
            Interlocked.Increment(ref reads);
            return gate.Task;
        });
        var readers = Enumerable.Range(0, 8).Select(_ => cache.GetAsync(1, CancellationToken.None).AsTask()).ToArray();
        gate.SetResult("one");
        Assert.All(await Task.WhenAll(readers), value => Assert.Equal("one", value));
        Assert.Equal(1, reads);
    }

    [Fact]
    public async Task A_removal_discards_a_read_still_under_way()
    {
        var old = new TaskCompletionSource<string?>();
        var answers = new Queue<Task<string?>>([old.Task, Task.FromResult<string?>("new")]);
        var cache = new ReadThroughCache<int, string>(10, (_, _) => answers.Dequeue());
        var reader = cache.GetAsync(1, CancellationToken.None).AsTask();
        cache.Remove(1);
        old.SetResult("old");
        await reader;
        Assert.Equal("new", await cache.GetAsync(1, CancellationToken.None));
    }

    [Fact]
    public async Task What_is_absent_is_asked_for_again()
    {
        var answers = new Queue<string?>([null, "there"]);
        var cache = new ReadThroughCache<int, string>(10, (_, _) => Task.FromResult(answers.Dequeue()));
        Assert.Null(await cache.GetAsync(1, CancellationToken.None));
        Assert.Equal("there", await cache.GetAsync(1, CancellationToken.None));
    }

    [Fact]
    public async Task A_failed_read_is_not_kept()
    {
        var answers = new Queue<Task<string?>>([Task.FromException<string?>(new TimeoutException()), Task.FromResult<string?>("there")]);
        var cache = new ReadThroughCache<int, string>(10, (_, _) => answers.Dequeue());
        await Assert.ThrowsAsync<TimeoutException>(() => cache.GetAsync(1, CancellationToken.None).AsTask());
        Assert.Equal("there", await cache.GetAsync(1, CancellationToken.None));
    }

    [Fact]
    public void It_holds_no_more_than_its_capacity()
    {
        var cache = new ReadThroughCache<int, string>(100, (_, _) => Task.FromResult<string?>(null));
        for (var i = 0; i < 1000; i++)
            cache.Set(i, "x");
        Assert.InRange(cache.Count, 50, 106);
    }
}
