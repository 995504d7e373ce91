using System.Text.Json;
using Kith.Domain;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Durability;

/// <summary>kill -9 while many write: what was acknowledged is there once, as acknowledged; what was not is there once after its repetition.</summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    const int Rounds = 4;
    const int Writers = 12;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Killed_again_and_again_it_loses_nothing_acknowledged_and_doubles_nothing()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var scene = await Prepare(seed);
        for (var round = 0; round < Rounds; round++)
        {
            await using (var server = await KithProcess.Serve(folder.Path))
                await WriteAndKill(server, scene.Writers, killAfter: random.Next(1, 400));
            await using (var server = await KithProcess.Serve(folder.Path))
            {
                foreach (var writer in scene.Writers)
                    await writer.Finish(server);
                await Check(server, scene);
                // Half the time the next round begins on a store that was closed in good order.
                if (random.Next(2) == 0) Assert.Equal(0, await server.Terminate());
                else await server.Kill();
            }
        }

        output.WriteLine($"{scene.Writers.Sum(w => w.Acknowledged.Count)} messages over {Rounds} kills");
    }

    async Task<Scene> Prepare(int seed)
    {
        await using var server = await KithProcess.Serve(folder.Path);
        var users = await Task.WhenAll(Enumerable.Range(0, Writers + 1).Select(_ => server.Anonymous().Register()));
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1..]);
        var second = await users[0].CreateChannel(guild.Id, "second");
        var writers = users[1..].Select((user, i) => new Writer(user, i % 3 == 0 ? second : guild.General, (seed & 0xffff) + i)).ToArray();
        Assert.Equal(0, await server.Terminate());
        return new Scene(users[0], guild.Id, writers);
    }

    static async Task WriteAndKill(KithProcess server, Writer[] writers, int killAfter)
    {
        var acknowledged = 0;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writing = writers.Select(w => Task.Run(() => w.WriteUntilGone(server, () =>
        {
            if (Interlocked.Increment(ref acknowledged) >= killAfter) enough.TrySetResult();
        }))).ToArray();
        // A writer that fails for another reason than the kill must not leave the test waiting.
        await Task.WhenAny(enough.Task, Task.WhenAny(writing)).WaitAsync(Deadline.Default);
        await server.Kill();
        await Task.WhenAll(writing).WaitAsync(Deadline.Default);
    }

    static async Task Check(KithProcess server, Scene scene)
    {
        var reader = server.As(scene.Reader.Token);
        foreach (var channel in scene.Writers.Select(w => w.Channel).Distinct())
        {
            var expected = scene.Writers.Where(w => w.Channel == channel).SelectMany(w => w.Acknowledged).Where(m => !m.Deleted)
                .OrderBy(m => m.Id.Value).Select(m => (m.Id, m.Content)).ToArray();
            var stored = await History(reader, channel);
            // Joins are messages as well: the server's, not the writers'.
            Assert.Equal(expected, stored.Where(m => m.Int("type") == 0).Select(m => (m.Id<MessageId>(), m.Str("content")!)));
            var newest = (await reader.Get($"/channels/{channel}")).Ok().Id<MessageId>("last_message_id");
            Assert.True(newest >= stored[^1].Id<MessageId>());
            Assert.Equal(stored.Count, (await reader.Get($"/channels/{channel}/unread")).Ok().Int("unread_count"));
        }

        await CheckSearch(reader, scene);
    }

    /// <summary>The index follows the messages; after a crash it must catch up with all of them.</summary>
    static async Task CheckSearch(ApiClient reader, Scene scene)
    {
        var some = scene.Writers.SelectMany(w => w.Acknowledged).Where(m => !m.Deleted).OrderBy(m => m.Id.Value).Last();
        await Deadline.Until(
            async () => (await reader.Get($"/guilds/{scene.Guild}/messages/search?content={Uri.EscapeDataString($"\"{some.Content}\"")}")) is { Status: 200 } found
                && found.Json.Items("messages").Any(hit => hit[0].Id<MessageId>() == some.Id),
            found => found,
            $"the search finds {some}");
    }

    /// <summary>Oldest first.</summary>
    static async Task<List<JsonElement>> History(ApiClient reader, ChannelId channel)
    {
        List<JsonElement> all = [];
        for (var before = ""; ;)
        {
            var page = (await reader.Get($"/channels/{channel}/messages?limit=100{before}")).Ok().Items();
            all.AddRange(page);
            if (page.Count < 100) break;
            before = $"&before={page[^1].Str("id")}";
        }

        all.Reverse();
        return all;
    }

    sealed record Scene(TestUser Reader, GuildId Guild, Writer[] Writers);
}
