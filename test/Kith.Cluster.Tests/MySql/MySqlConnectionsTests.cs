using Dapper;
using Kith.Engine.Delivery;
using Kith.Storage.Sql;
using Xunit;

namespace Kith.Cluster.Tests.MySql;

/// <summary>Connections are used again: what one leaves behind must not reach the next.</summary>
public sealed class MySqlConnectionsTests(MySqlFixture mysql)
{
    /// <summary>A database of the test's own has a connection of each kind at most, so the next work meets the same.</summary>
    MySqlDatabase Small => new($"{mysql.Server.ConnectionString("kith")};MaximumPoolSize=3");

    static Task<long> IdAsync(System.Data.Common.DbConnection db) => db.ExecuteScalarAsync<long>("SELECT CONNECTION_ID()");

    [Fact]
    public async Task Reads_and_writes_use_their_connections_again()
    {
        await using var database = Small;
        var reads = new[] { await database.ReadAsync(IdAsync, default), await database.ReadAsync(IdAsync, default) };
        var writes = new[] { await database.WriteAsync(IdAsync, default), await database.WriteAsync(IdAsync, default) };
        Assert.Equal(reads[0], reads[1]);
        Assert.Equal(writes[0], writes[1]);
        Assert.NotEqual(reads[0], writes[0]);
    }

    [Fact]
    public async Task A_connection_that_the_server_ended_while_it_was_idle_is_replaced_unseen()
    {
        await using var database = Small;
        var (reader, writer) = (await database.ReadAsync(IdAsync, default), await database.WriteAsync(IdAsync, default));
        await mysql.Database.ReadAsync(db => db.ExecuteAsync($"KILL {reader}; KILL {writer}"), default);
        Assert.NotEqual(reader, await database.ReadAsync(IdAsync, default));
        Assert.NotEqual(writer, await database.WriteAsync(IdAsync, default));
    }

    [Fact]
    public async Task A_connection_that_ends_under_work_is_an_error_and_the_next_work_goes_on()
    {
        await using var database = Small;
        await Assert.ThrowsAsync<UnavailableException>(() => database.WriteAsync(
            async db =>
            {
                var id = await IdAsync(db);
                await mysql.Database.ReadAsync(other => other.ExecuteAsync($"KILL {id}"), default);
                return await IdAsync(db);
            }, default));
        Assert.Equal(1, await database.WriteAsync(db => db.ExecuteScalarAsync<int>("SELECT 1"), default));
    }

    [Fact]
    public async Task What_failed_is_undone_for_the_next_user_of_the_connection()
    {
        await using var database = Small;
        await mysql.Server.SqlAsync("CREATE TABLE kith.undone (n INT PRIMARY KEY)");
        var first = await database.WriteAsync(IdAsync, default);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => database.WriteAsync(db => db.ExecuteAsync("INSERT INTO undone VALUES (1); INSERT INTO undone VALUES (1)"), default));
        await Assert.ThrowsAsync<InvalidOperationException>(() => database.WriteAsync<int>(
            async db =>
            {
                Assert.Equal(first, await IdAsync(db));
                await db.ExecuteAsync("INSERT INTO undone VALUES (2)");
                throw new InvalidOperationException();
            }, default));
        Assert.Equal(0, await database.WriteAsync(db => db.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM undone FOR UPDATE"), default));
    }

    [Fact]
    public async Task Connections_are_no_more_than_the_pool_may_have()
    {
        await using var small = new MySqlDatabase($"{mysql.Server.ConnectionString("kith")};MaximumPoolSize=9");
        var ids = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => i % 2 == 0 ? small.ReadAsync(IdAsync, default) : small.WriteAsync(IdAsync, default)));
        Assert.InRange(ids.Distinct().Count(), 2, 6);
    }
}
