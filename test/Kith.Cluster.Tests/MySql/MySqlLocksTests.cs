using Dapper;
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

    [Fact]
    public async Task With_more_at_work_than_connections_each_gets_its_turn()
    {
        await using var small = new MySqlDatabase($"{mysql.Server.ConnectionString("kith")};MaximumPoolSize=4");
        var locks = new MySqlLocks(small);
        var done = 0;
        await Task.WhenAll(Enumerable.Range(0, 60).Select(async i =>
        {
            // Keys of their own: nobody waits for a lock, all for a connection to hold it by and another to work with.
            await using var held = await locks.EnterAsync($"turn {i}", default);
            Interlocked.Add(ref done, await small.WriteAsync(db => db.ExecuteScalarAsync<int>("SELECT 1"), default));
        }));
        Assert.Equal(60, done);
    }
}
