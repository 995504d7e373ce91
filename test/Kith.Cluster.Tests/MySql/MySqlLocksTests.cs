using Kith.Engine;
using Kith.Storage.Sql;

namespace Kith.Cluster.Tests.MySql;

public sealed class MySqlLocksTests(MySqlFixture mysql)
{
    [Fact]
    public async Task Of_two_processes_one_at_a_time_holds_a_key()
    {
        var processes = Enumerable.Range(0, 2).Select(_ => new KeyedLocks(new MySqlLocks(mysql.Database)).Of("test")).ToArray();
        var (inside, most, done) = (0, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(async () =>
        {
            using var held = await processes[i % 2].EnterAsync(42L, default);
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            Interlocked.Increment(ref done);
        })));
        Assert.Equal((1, 60), (most, done));
    }

    [Fact]
    public async Task Other_keys_and_other_kinds_do_not_wait()
    {
        var locks = new KeyedLocks(new MySqlLocks(mysql.Database));
        var others = new KeyedLocks(new MySqlLocks(mysql.Database));
        using var held = await locks.Of("one").EnterAsync((1L, 2L), default);
        using var kind = await others.Of("other").EnterAsync((1L, 2L), default);
        using var key = await others.Of("one").EnterAsync((2L, 1L), default);
    }
}
