using System.Collections.Concurrent;
using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Storage.Cassandra;
using Kith.Testing;

namespace Kith.Cassandra.Tests;

/// <summary>A cluster whose Cassandra goes away while people talk.</summary>
public sealed class FaultTests(CassandraFixture cassandra, ITestOutputHelper output)
{
    /// <summary>How long the node is away: longer than a statement waits for it.</summary>
    static readonly TimeSpan Away = TimeSpan.FromSeconds(5);

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task What_was_acknowledged_is_there_once_and_delivered_once_whatever_befell_the_way_to_Cassandra()
    {
        var node = cassandra.Options;
        await using var proxy = new FaultProxy(new Uri($"tcp://{node.ContactPoints}:{node.Port}"));
        var keyspace = cassandra.Keyspace + "_f";
        try
        {
            await using var cluster = await KithCluster.StartAsync(new KithClusterSetup { Api = 2, Gateways = 1, Deliveries = 1, Options = Options(node, proxy, keyspace) });
            var (reader, talkers) = (await cluster.Anonymous().Register(), await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => cluster.Anonymous().Register())));
            var guild = await reader.CreateGuild();
            await guild.Admit(talkers);
            await using var socket = await GatewayProbe.Login(reader);
            using var enough = new CancellationTokenSource();
            var acknowledged = new ConcurrentDictionary<string, MessageId>(StringComparer.Ordinal);
            var talking = talkers.Select(t => TalkAsync(t, guild.General, reader, acknowledged, enough.Token)).ToArray();
            foreach (var (name, begin, end) in new (string, Action, Action)[]
            {
                ("hangs", proxy.Hang, proxy.Release),
                ("is cut off", () => (proxy.Refusing, _) = (true, proxy.Cut()), () => proxy.Refusing = false),
                ("is cut off for a moment", () => proxy.Cut(), () => { }),
            })
            {
                await SomeMoreAsync(acknowledged, 30);
                begin();
                await Task.Delay(Away);
                end();
                var (before, began) = (acknowledged.Count, TimeProvider.System.GetTimestamp());
                await SomeMoreAsync(acknowledged, 1);
                output.WriteLine($"{name}: {before} acknowledged by then, the next one {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s after its return");
            }

            await SomeMoreAsync(acknowledged, 30);
            await enough.CancelAsync();
            var failures = (await Task.WhenAll(talking)).Sum();
            var history = await HistoryAsync(reader, guild.General);
            output.WriteLine($"{acknowledged.Count} acknowledged, {history.Count} in history, {failures} attempts failed");
            // Everybody has been acknowledged, so there is nothing in history but that; and each once.
            Assert.Equal(acknowledged.OrderBy(a => a.Value.Value).Select(a => (a.Key, a.Value)), history.OrderBy(h => h.Id.Value).Select(h => (h.Content, h.Id)));
            await socket.Wait("MESSAGE_CREATE", m => m.Id<MessageId>() == history[0].Id);
            Assert.Equal(history.Select(h => h.Id.Value).Order(), Delivered(socket, talkers).Select(id => id.Value).Order());
            var unread = (await reader.Api.Get($"/channels/{guild.General}/unread")).Ok();
            // Those who joined were announced as well.
            Assert.Equal((history.Count + talkers.Length, history.Count(h => h.Content.EndsWith(reader.Mention, StringComparison.Ordinal))), (unread.Int("unread_count"), unread.Int("mention_count")));
        }
        finally
        {
            await Cql.RunAsync(node, $"DROP KEYSPACE IF EXISTS {keyspace}");
        }
    }

    [Fact]
    public async Task Who_found_nobody_at_the_first_use_connects_once_somebody_is_there()
    {
        var node = cassandra.Options;
        _ = cassandra.Database;
        await using var proxy = new FaultProxy(new Uri($"tcp://{node.ContactPoints}:{node.Port}")) { Refusing = true };
        await using var database = new CassandraDatabase(node with { Port = proxy.Address.Port });
        for (var i = 0; i < 3; i++)
            Assert.Equal("Cassandra", (await Assert.ThrowsAsync<UnavailableException>(() => database.CheckAsync(default))).Dependency);
        proxy.Refusing = false;
        await database.CheckAsync(default);
    }

    static Dictionary<string, string> Options(CassandraOptions node, FaultProxy proxy, string keyspace) => new(StringComparer.Ordinal)
    {
        ["Cassandra:ContactPoints"] = "127.0.0.1", ["Cassandra:Port"] = $"{proxy.Address.Port}", ["Cassandra:Keyspace"] = keyspace, ["Cassandra:Replication"] = "1",
        ["Cassandra:LocalDatacenter"] = node.LocalDatacenter, ["Cassandra:Protocol"] = $"{node.Protocol}",
    };

    /// <summary>Each message is repeated with its nonce until it is acknowledged; returns how many attempts were not.</summary>
    static async Task<int> TalkAsync(TestUser user, ChannelId channel, TestUser mentioned, ConcurrentDictionary<string, MessageId> acknowledged, CancellationToken until)
    {
        var failures = 0;
        for (var i = 0; !until.IsCancellationRequested; i++)
        {
            var content = i % 10 == 0 ? $"{user.Name} {i} {mentioned.Mention}" : $"{user.Name} {i}";
            while (await user.Api.Post($"/channels/{channel}/messages", new { content, nonce = $"{user.Id.Value % 1_000_000}.{i}", enforce_nonce = true }) is var reply)
            {
                if (reply.Status == 200)
                {
                    acknowledged[content] = reply.Json.Id<MessageId>();
                    break;
                }

                if (reply.Status != 503) Assert.Fail($"{reply.Request} was answered {reply.Status}: {reply.Text}");
                failures++;
                await Task.Delay(50, CancellationToken.None);
            }
        }

        return failures;
    }

    static async Task SomeMoreAsync(ConcurrentDictionary<string, MessageId> acknowledged, int more)
    {
        var enough = acknowledged.Count + more;
        using var patience = new CancellationTokenSource(Patience);
        while (acknowledged.Count < enough)
            await Task.Delay(20, patience.Token);
    }

    static async Task<List<(string Content, MessageId Id)>> HistoryAsync(TestUser reader, ChannelId channel)
    {
        List<(string Content, MessageId Id)> all = [];
        for (var before = ""; ; before = $"&before={all[^1].Id}")
        {
            var page = (await reader.Api.Get($"/channels/{channel}/messages?limit=100{before}")).Ok().Items();
            if (page.Count == 0) return [.. all.Where(m => m.Content.Length > 0)];
            all.AddRange(page.Select(m => (m.Str("content")!, m.Id<MessageId>())));
        }
    }

    static IEnumerable<MessageId> Delivered(GatewayProbe socket, TestUser[] talkers) => socket.Events
        .Where(e => e.Name == "MESSAGE_CREATE" && e.Data.Str("content")!.Length > 0 && talkers.Any(t => t.Id == e.Data.GetProperty("author").Id<UserId>())).Select(e => e.Data.Id<MessageId>());
}
