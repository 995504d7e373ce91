using Dapper;
using Kith.Contracts;
using Kith.Contracts.Messages;
using Kith.Contracts.Sql;
using Kith.Domain;
using Kith.Engine.Messages;
using Kith.Storage.Sql;
using Kith.Storage.Sql.Messages;
using Kith.Testing;

namespace Kith.Cluster.Tests.MySql;

public sealed class MySqlMessageStoreTests(MySqlFixture mysql) : SqlMessageStoreSuite(mysql.Database);

public sealed class MySqlReadStateStoreTests(MySqlFixture mysql) : SqlReadStateStoreSuite(mysql.Database);

public sealed class MySqlReceiptStoreTests(MySqlFixture mysql) : SqlReceiptStoreSuite(mysql.Database);

public sealed class MySqlReactionStoreTests(MySqlFixture mysql) : SqlReactionStoreSuite(mysql.Database);

public sealed class MySqlMessagePlacementTests(MySqlFixture mysql) : MessagePlacementContract
{
    protected override ValueTask<(IMessagePlacement Placement, IMessageStore Messages, IMentionStore Mentions)> StoresAsync() =>
        new((new SqlMessagePlacement(mysql.Database), new SqlMessageStore(mysql.Database, TimeProvider.System), new SqlMentionStore(mysql.Database)));
}

public sealed class MySqlTripsTests
{
    [Fact]
    public async Task A_message_is_one_trip_where_its_process_wrote_last_and_two_where_another_did()
    {
        await using var server = await MariaDb.StartAsync("kith");
        await using var database = new MySqlDatabase(server.ConnectionString("kith"));
        await database.MigrateAsync(CancellationToken.None);
        var (one, other) = (new SqlMessagePlacement(database), new SqlMessagePlacement(database));
        var (author, channel) = (new UserId(TestIds.Next()), new ChannelId(TestIds.Next()));
        await SendAsync(one, 2);
        Assert.Equal(20, await TripsAsync(() => SendAsync(one, 20)));
        // The first knows of nobody else's write: the tail is found elsewhere, that is undone, and it is read.
        await SendAsync(other, 2);
        Assert.Equal(4, await TripsAsync(() => SendAsync(one, 1)));
        // From then on it asks first, as long as others write in between.
        await SendAsync(other, 1);
        Assert.Equal(2, await TripsAsync(() => SendAsync(one, 1)));

        async Task SendAsync(SqlMessagePlacement process, int count)
        {
            for (var i = 0; i < count; i++)
            {
                var id = TestIds.Next();
                var message = new MessageRecord { Id = new MessageId(id), ChannelId = channel, AuthorId = author, Content = "hello", Timestamp = DateTimeOffset.UnixEpoch, Nonce = $"{id}" };
                await process.PlaceAsync([message], _ => throw new InvalidOperationException("It is in time."), default);
            }
        }

        async Task<long> TripsAsync(Func<Task> work)
        {
            var before = await QuestionsAsync();
            await work();
            // Without the question itself.
            return await QuestionsAsync() - before - 1;
        }

        Task<long> QuestionsAsync() => database.ReadAsync(
            async db => await db.ExecuteScalarAsync<long>("SELECT CAST(variable_value AS SIGNED) FROM information_schema.global_status WHERE variable_name = 'QUESTIONS'"), default);
    }
}
