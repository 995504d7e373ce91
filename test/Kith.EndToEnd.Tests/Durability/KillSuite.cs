using System.Globalization;
using System.Text.Json;
using Kith.Domain;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Durability;

/// <summary>
/// kill -9 while many write: what was acknowledged is there once, as acknowledged; what was not is there once after its repetition; unread counts are what a recount gives; what is of many
/// rows is there whole or not at all; and who is connected was told of all of it.
/// </summary>
public abstract class KillSuite(IVictim victim, ITestOutputHelper output)
{
    const int Writers = 12;
    const int Channels = 4;
    const int Followers = 4;

    /// <summary>Answers after the kill until it is looked at; as many while it is dead, where others go on.</summary>
    const int More = 60;

    /// <summary>While nobody delivers, people write on: what is to be caught up with may be thousands of messages.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Killed_again_and_again_it_loses_nothing_acknowledged_and_doubles_nothing()
    {
        var seed = Environment.TickCount & 0xffff;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var scene = await Prepare(seed);
        for (var round = 0; round < victim.Rounds; round++)
        {
            var killed = await WriteAndKill(scene, killAfter: random.Next(1, 400));
            output.WriteLine($"round {round}: {killed}; {await Check(scene)}");
            // Half the time the next round begins on a store that was closed in good order.
            if (random.Next(2) == 0) await victim.RestartInOrderAsync();
        }
    }

    async Task<Scene> Prepare(int seed)
    {
        await victim.StartAsync();
        var users = await Task.WhenAll(Enumerable.Range(0, Writers + Followers + 2).Select(_ => victim.Processes[0].Register()));
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[2..]);
        ChannelId[] channels = [guild.General, .. await Task.WhenAll(Enumerable.Range(1, Channels - 1).Select(i => users[0].CreateChannel(guild.Id, $"channel{i}")))];
        var writers = users[2..(Writers + 2)].Select((user, i) => new Writer(victim, user, channels[i % Channels], users[0].Id, seed + i)).ToArray();
        var followers = users[(Writers + 2)..].Select(user => new Follower(victim.Address, user, guild.Id)).ToArray();
        foreach (var follower in followers)
            await Deadline.Until(() => Task.FromResult(follower.Connections.Began), n => n > 0, $"a follower is there; {victim.Output()}");
        var heralds = channels.Select((channel, i) => new Writer(victim, users[0], channel, users[0].Id, seed + Writers + i)).ToArray();
        return new Scene(new Reader(victim, users[0], seed), guild.Id, writers, heralds, new Founder(victim, users[1], seed), followers);
    }

    /// <summary>Says how many attempts failed.</summary>
    async Task<string> WriteAndKill(Scene scene, int killAfter)
    {
        using var until = new CancellationTokenSource();
        var (answers, failures) = (0, scene.Writers.Sum(w => w.Failures));
        Task[] working = [.. scene.Writers.Select(w => Task.Run(() => w.WriteAsync(() => Interlocked.Increment(ref answers), until.Token))), Task.Run(() => scene.Founder.FoundAsync(until.Token))];
        try
        {
            await AnsweredAsync(killAfter);
            await victim.KillAsync();
            if (victim.OthersGoOn)
            {
                await AnsweredAsync(More);
                // The others have taken over what it did. librdkafka's mock of a broker needs that, too: it ends itself where a member joins a group whose leader has died unnoticed.
                await TellAsync(scene);
            }

            await victim.StartAsync();
            await AnsweredAsync(More);
        }
        finally
        {
            await until.CancelAsync();
            await Deadline.For(Task.WhenAll(working), () => $"everyone is answered; {victim.Output()}", Patience);
        }

        return $"killed after {killAfter} answers of {answers}, {scene.Writers.Sum(w => w.Failures) - failures} attempts failed";

        Task AnsweredAsync(int more)
        {
            var enough = Volatile.Read(ref answers) + more;
            // Who fails for another reason than the kill must not leave the test waiting.
            return Deadline.Until(() => Task.FromResult(Volatile.Read(ref answers)), n => n >= enough || working.Any(w => w.IsCompleted), $"{enough} answers; {victim.Output()}", Patience);
        }
    }

    /// <summary>Once everyone who follows has these, they have all that was acknowledged before.</summary>
    async Task TellAsync(Scene scene)
    {
        foreach (var herald in scene.Heralds)
        {
            var newest = await herald.SayAsync();
            foreach (var follower in scene.Followers)
                await Deadline.Until(() => Task.FromResult(follower.Newest(herald.Channel)), id => id >= newest, $"a follower has {newest}; {victim.Output()}", Patience);
        }
    }

    /// <summary>Says what was seen.</summary>
    async Task<string> Check(Scene scene)
    {
        await TellAsync(scene);
        var (stored, untold) = (0, 0);
        foreach (var writers in scene.All.GroupBy(w => w.Channel))
        {
            var history = await scene.Reader.HistoryAsync(writers.Key);
            CheckHistory([.. writers], history);
            Assert.Equal(history[^1].Id<MessageId>(), (await scene.Reader.GetAsync($"/channels/{writers.Key}")).Id<MessageId>("last_message_id"));
            foreach (var writer in writers)
                await CheckCounts(writer.User, writer.Read, writers.Key, history);
            untold += scene.Followers.Sum(f => CheckFollower(f, [.. writers], history));
            stored += history.Count;
        }

        Assert.True(victim.MayDieUntold || untold == 0, $"{untold} deletions were not told to a follower.");
        await CheckSearch(scene);
        var doubtful = scene.Writers.Sum(w => w.Acknowledged.Count(m => m.IsDoubtful));
        return $"{scene.All.Sum(w => w.Acknowledged.Count)} messages acknowledged, {stored} in history, {scene.Writers.Sum(w => w.Repeated)} sends repeated of which {scene.Writers.Sum(w => w.FoundStored)} had been stored; "
            + $"{doubtful} deletions without an answer, {untold} times not told to a follower; {await scene.Founder.CheckAsync()}; "
            + $"followers {string.Join(", ", scene.Followers.Select(f => $"{f.Connections.Began} begun/{f.Connections.Resumed} resumed"))}";
    }

    static void CheckHistory(Writer[] writers, List<JsonElement> history)
    {
        var expected = writers.SelectMany(w => w.Acknowledged).Where(m => !m.IsDeleted).OrderBy(m => m.Id.Value).Select(m => (m.Id, m.Content));
        // Joins are messages as well: the server's, not the writers'.
        Assert.Equal(expected, history.Where(m => m.Int("type") == 0).Select(m => (m.Id<MessageId>(), m.Str("content")!)));
    }

    /// <summary>What every process counts is what the history counts to, after a mark that is not before the one that was acknowledged.</summary>
    async Task CheckCounts(TestUser user, MessageId read, ChannelId channel, List<JsonElement> history)
    {
        var others = history.Where(m => m.GetProperty("author").Id<UserId>() != user.Id).ToArray();
        foreach (var process in victim.Processes)
        {
            var counted = (await process.With(user.Token).Get($"/channels/{channel}/unread")).Ok();
            var mark = counted.Str("last_read_message_id") is { } id ? MessageId.From(long.Parse(id, CultureInfo.InvariantCulture)) : default;
            var unread = others.Where(m => m.Id<MessageId>() > mark).ToArray();
            Assert.DoesNotContain(unread, m => m.Id<MessageId>() <= read);
            Assert.Equal(
                (unread.Length, unread.Count(m => m.Str("content")!.Contains(user.Mention, StringComparison.Ordinal))), (counted.Int("unread_count"), counted.Int("mention_count")));
        }
    }

    /// <summary>How many messages it still has that are gone, where the one who deleted them was never told that they are.</summary>
    static int CheckFollower(Follower follower, Writer[] writers, List<JsonElement> history)
    {
        Assert.Empty(follower.Wrong);
        var (tail, came) = follower.Since(writers[0].Channel);
        var doubtful = writers.SelectMany(w => w.Acknowledged).Where(m => m.IsDoubtful).Select(m => m.Id).ToHashSet();
        var expected = history.Where(m => m.Id<MessageId>() > tail).Select(m => (m.Id<MessageId>(), m.Str("content")!));
        Assert.Equal(expected, came.Where(m => !doubtful.Contains(m.Key)).OrderBy(m => m.Key.Value).Select(m => (m.Key, m.Value)));
        return came.Keys.Count(doubtful.Contains);
    }

    /// <summary>The index follows the messages; after a crash it must catch up with all of them.</summary>
    static async Task CheckSearch(Scene scene)
    {
        var some = scene.Writers.SelectMany(w => w.Acknowledged).Where(m => !m.IsDeleted).OrderBy(m => m.Id.Value).Last();
        await Deadline.Until(
            async () => (await scene.Reader.TryAsync($"/guilds/{scene.Guild}/messages/search?content={Uri.EscapeDataString($"\"{some.Content}\"")}")) is { Status: 200 } found
                && found.Json.Items("messages").Any(hit => hit[0].Id<MessageId>() == some.Id),
            found => found,
            $"the search finds {some}");
    }

    /// <param name="Heralds">One for each channel, who speaks when the test tells it to.</param>
    sealed record Scene(Reader Reader, GuildId Guild, Writer[] Writers, Writer[] Heralds, Founder Founder, Follower[] Followers) : IAsyncDisposable
    {
        public Writer[] All => [.. Writers, .. Heralds];

        public async ValueTask DisposeAsync()
        {
            foreach (var follower in Followers)
                await follower.DisposeAsync();
        }
    }
}
