using Dapper;
using Kith.Contracts;
using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Messages;
using Kith.Storage.Sql;
using Kith.Storage.Sql.Messages;
using Kith.Testing;
using Xunit;

namespace Kith.Cluster.Tests.MySql;

/// <summary>Connections are used again: what one leaves behind must not reach the next.</summary>
public sealed class MySqlConnectionsTests(MySqlFixture mysql)
{
    /// <summary>A database of the test's own has a connection of each kind at most, so the next work meets the same.</summary>
    MySqlDatabase Small => new($"{mysql.Server.ConnectionString("kith")};MaximumPoolSize=3");

    static MessageRecord Text(ChannelId channel) =>
        new() { Id = new MessageId(TestIds.Next()), ChannelId = channel, AuthorId = new UserId(7), Content = "hello", Timestamp = DateTimeOffset.UnixEpoch };

    static MessageId Refuse(MessageId tail) => throw new InvalidOperationException("It is in time.");

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
    public async Task A_message_whose_connection_the_server_ended_while_it_was_idle_is_stored_all_the_same()
    {
        await using var database = Small;
        var (placement, channel) = (new SqlMessagePlacement(database), new ChannelId(TestIds.Next()));
        var first = Assert.Single(await placement.PlaceAsync([Text(channel)], Refuse, default));
        var writer = await database.WriteAsync(IdAsync, default);
        await mysql.Database.ReadAsync(db => db.ExecuteAsync($"KILL {writer}"), default);
        var second = Assert.Single(await placement.PlaceAsync([Text(channel)], Refuse, default));
        Assert.Equal((first.Id, true), (second.Previous, second.IsNew));
        Assert.NotEqual(writer, await database.WriteAsync(IdAsync, default));
    }

    [Fact]
    public async Task A_message_of_whose_commit_the_answer_is_lost_is_stored_once()
    {
        await using var proxy = new FaultProxy(new Uri($"tcp://127.0.0.1:{mysql.Server.Port}"));
        await using var database = new MySqlDatabase(mysql.Server.ConnectionString("kith").Replace($"Port={mysql.Server.Port}", $"Port={proxy.Address.Port}", StringComparison.Ordinal));
        var (placement, channel) = (new SqlMessagePlacement(database), new ChannelId(TestIds.Next()));
        var first = Assert.Single(await placement.PlaceAsync([Text(channel)], Refuse, default));
        var message = Text(channel);
        // Somebody else holds the tail until the statement waits for it, and its answer cannot come any more.
        var placing = await mysql.Database.WriteAsync(
            async db =>
            {
                await db.ExecuteScalarAsync<long>("SELECT last_id FROM channel_tails WHERE channel_id = @channel FOR UPDATE", new { channel });
                var begun = placement.PlaceAsync([message], Refuse, default);
                await Deadline.Until(
                    () => mysql.Database.ReadAsync(
                        other => other.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT' AND trx_query LIKE @query", new { query = $"%{channel}%" }), default),
                    waiting => waiting > 0, "the message waits");
                proxy.Hang();
                return (Answer: begun, 0);
            }, default);
        var store = new SqlMessageStore(mysql.Database, TimeProvider.System);
        await Deadline.Until(async () => (await store.FindManyAsync(channel, [message.Id], default)).Count, count => count == 1, "it is committed");
        proxy.Cut();
        proxy.Release();
        Assert.Equal(new PlacedMessage(message.Id, first.Id, true), Assert.Single(await placing.Answer));
        Assert.Equal([message.Id, first.Id], (await store.PageAsync(channel, PageDirection.Before, new MessageId(long.MaxValue), 10, default)).Select(m => m.Id));
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
