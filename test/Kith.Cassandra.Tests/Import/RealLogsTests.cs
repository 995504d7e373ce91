using Kith.Contracts.Import;
using Kith.Contracts.Sql;
using Kith.Domain;
using Kith.Engine.Messages;
using Kith.Storage.Cassandra;
using Kith.Storage.Cassandra.Import;
using Kith.Storage.Cassandra.Messages;
using Kith.Storage.Sql;
using Kith.Storage.Sql.Accounts;
using Kith.Storage.Sql.Import;
using Kith.Storage.Sql.Messages;
using Kith.Storage.Sql.Unread;
using Kith.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kith.Cassandra.Tests.Import;

/// <summary>The command on real logs, killed on its way and begun again: a cluster with Cassandra then has what the embedded store has of the same logs.</summary>
public sealed class RealLogsTests(CassandraFixture cassandra, ITestOutputHelper output)
{
    const string Server = "Tea";
    static readonly MessageId End = new(long.MaxValue);

    [Fact]
    public Task Ten_days_arrive_as_in_the_embedded_store_though_the_import_was_killed() => ImportAndCompareAsync(Repository.PathOf("test", "data", "irc-ubuntu"), "_ten", isKilled: true);

    [Fact]
    public Task The_whole_corpus_arrives_as_in_the_embedded_store()
    {
        var folder = Path.Combine(Repository.Root, "..", "shared", "data", "irc-ubuntu");
        Assert.SkipUnless(Directory.Exists(folder), "The corpus does not lie beside this checkout.");
        return ImportAndCompareAsync(folder, "_all", isKilled: false);
    }

    async Task ImportAndCompareAsync(string logs, string suffix, bool isKilled)
    {
        var options = cassandra.Options with { Keyspace = cassandra.Keyspace + suffix };
        using var data = new TemporaryFolder();
        await using var mariaDb = await MariaDb.StartAsync("kith");
        await using var redis = await RedisServer.StartAsync();
        string[] import = ["import", "irc", logs, "--server", Server, "--data", data.Path];
        string[] cluster = [.. import, .. Settings(options, mariaDb, redis).SelectMany(s => new[] { "--set", s })];
        try
        {
            await using var mySql = new MySqlDatabase(mariaDb.ConnectionString("kith"));
            if (isKilled) await KithProcess.KillAtAsync(() => SomeIsDoneAsync(mySql), cluster);
            var embedded = await RunAsync(import);
            var scaled = await RunAsync(cluster);
            if (!isKilled) Assert.Equal(embedded.Split('\n')[^2], scaled.Split('\n')[^2]);
            Assert.Contains("Nothing new.", await RunAsync(cluster), StringComparison.Ordinal);
            await using var sqlite = new SqliteDatabase(Path.Combine(data.Path, "kith.db"));
            await using var database = new CassandraDatabase(options);
            var messages = new CassandraMessageStore(database, new SqlMessageLedger(mySql), TimeProvider.System, NullLogger<CassandraMessageStore>.Instance);
            await CompareAsync(
                await Side.OpenAsync(new ImportStores(new SqlImportStore(sqlite), new SqlMessageStore(sqlite, TimeProvider.System), new SqlMentionStore(sqlite), new SqlUserStore(sqlite), SqlStores.Guilds(sqlite))),
                await Side.OpenAsync(new ImportStores(
                    new CassandraImportStore(database, messages, new SqlImportStore(mySql), new SqlImportReservations(mySql), new SqlMessageLedger(mySql)), messages,
                    new CassandraMentionStore(database, new SqlMentionStore(mySql), new SqlReadStateStore(mySql)), new SqlUserStore(mySql), SqlStores.Guilds(mySql))));
        }
        finally
        {
            await Cql.RunAsync(options, $"DROP KEYSPACE IF EXISTS {options.Keyspace}");
        }
    }

    /// <summary>Page by page back to the beginning, then what counts for who was addressed most.</summary>
    async Task CompareAsync(Side embedded, Side scaled)
    {
        var (count, anchor) = (0, End);
        while (true)
        {
            var expected = await embedded.PageAsync(anchor);
            Assert.Equal(expected, await scaled.PageAsync(anchor));
            if (expected.Length == 0) break;
            (count, anchor) = (count + expected.Length, expected[^1].Id);
        }

        output.WriteLine($"{count} messages");
        Assert.InRange(count, 1000, int.MaxValue);
        Assert.Equal(await embedded.MarksAsync("seveas"), await scaled.MarksAsync("seveas"));
    }

    async Task<string> RunAsync(string[] command)
    {
        var began = TimeProvider.System.GetTimestamp();
        var (code, said, error) = await KithProcess.Run(command);
        Assert.True(code == 0, error);
        output.WriteLine($"{TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s: {said.TrimEnd().Split('\n')[^1]}");
        return said;
    }

    static async Task SomeIsDoneAsync(MySqlDatabase mySql)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            try
            {
                if (await mySql.ReadAsync(db => Task.FromResult(Count(db)), patience.Token) >= 2) return;
            }
            catch (System.Data.Common.DbException)
            {
                // The tables are still to come.
            }

            await Task.Delay(5, patience.Token);
        }
    }

    static long Count(System.Data.Common.DbConnection db)
    {
        using var command = db.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM imported_sources";
        return Convert.ToInt64(command.ExecuteScalar());
    }

    static IEnumerable<string> Settings(CassandraOptions options, MariaDb mariaDb, RedisServer redis) =>
    [
        $"Cassandra:ContactPoints={options.ContactPoints}", $"Cassandra:Port={options.Port}", $"Cassandra:Keyspace={options.Keyspace}", $"Cassandra:Replication={options.Replication}",
        $"Cassandra:LocalDatacenter={options.LocalDatacenter}", $"Cassandra:Protocol={options.Protocol}", $"MySql:Connection={mariaDb.ConnectionString("kith")}", $"Redis:Address={redis.Address}",
        "Kafka:Servers=127.0.0.1:1", "Accounts:Key=0123456789abcdef0123456789abcdef0123456789a=", "Cluster:Worker=1",
    ];

    /// <summary>One of the two, with people by the names they have in the logs.</summary>
    sealed record Side(ImportStores Stores, ChannelId Channel, IReadOnlyDictionary<UserId, string> Names)
    {
        public static async Task<Side> OpenAsync(ImportStores stores)
        {
            var guild = Assert.Single(await stores.Import.FindGuildsAsync(Server, default));
            var channel = (await stores.Guilds.Guilds.LoadAsync(guild, default))!.ChannelsInOrder[0].Id;
            return new Side(stores, channel, (await stores.Import.PeopleAsync(guild, default)).ToDictionary(p => p.Value, p => p.Key));
        }

        public async Task<(MessageId Id, string Author, string Content, DateTimeOffset Time, string Mentions)[]> PageAsync(MessageId anchor) =>
            [.. (await Stores.Messages.PageAsync(Channel, PageDirection.Before, anchor, 100, default))
                .Select(m => (m.Id, Names[m.AuthorId], m.Content, m.Timestamp, string.Join(',', m.Mentions.Users.Select(u => Names[u]))))];

        /// <summary>The channel's newest message, how many are someone's to read, and which mention them.</summary>
        public async Task<(MessageId Newest, int Unread, string Mentions)> MarksAsync(string name)
        {
            var user = Names.Single(n => n.Value == name).Key;
            var newest = (await Stores.Messages.LastIdsAsync([Channel], default))[Channel];
            var unread = await Stores.Messages.CountAsync(user, new Dictionary<ChannelId, MessageSpan> { [Channel] = new(default, newest) }, default);
            return (newest, unread[Channel], string.Join(',', (await Stores.Mentions.UnreadDirectAsync(user, default)).Select(k => k.Message.Value).Order()));
        }
    }
}
