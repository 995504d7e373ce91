using System.Diagnostics;
using Kith.Domain;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Cluster;

/// <summary>People in one channel of a cluster, some of whom write without a pause, and what must hold whatever is done to the cluster meanwhile.</summary>
sealed class Conversation : IAsyncDisposable
{
    const int People = 6;

    readonly KithCluster cluster;

    Conversation(KithCluster cluster, ChannelId channel, TestUser owner, TestUser[] users)
    {
        (this.cluster, Channel) = (cluster, channel);
        Listeners = [.. users.Select(u => new Listener(cluster.Address, u, channel))];
        Talkers = [.. new[] { owner, users[1], users[2] }.Select(u => new Talker(u, channel, users[0]))];
    }

    public ChannelId Channel { get; }

    public IReadOnlyList<Listener> Listeners { get; }

    public IReadOnlyList<Talker> Talkers { get; }

    /// <summary>Whom every tenth message mentions.</summary>
    public Listener Mentioned => Listeners[0];

    /// <summary>Returns when everyone is there.</summary>
    public static async Task<Conversation> BeginAsync(KithCluster cluster)
    {
        var owner = await cluster.Anonymous().Register();
        var guild = await owner.CreateGuild();
        var users = await Task.WhenAll(Enumerable.Range(0, People).Select(_ => cluster.Anonymous().Register()));
        await guild.Admit(users);
        var talk = new Conversation(cluster, guild.General, owner, users);
        foreach (var listener in talk.Listeners)
            await Deadline.Until(() => Task.FromResult(listener.Stretches.Length), n => n > 0, $"{listener.User.Name} is there; {cluster.Output()}");
        return talk;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in Listeners)
            await listener.DisposeAsync();
    }

    /// <summary>Talks, breaks, talks on, and looks at everything. Returns what there is to report.</summary>
    public async Task<string> UnderAsync(Func<Task> fault)
    {
        using var until = new CancellationTokenSource();
        var failures = Talkers.Sum(t => t.Failures);
        foreach (var talker in Talkers)
            talker.Watch();
        var talking = Talkers.Select(t => Task.Run(() => t.TalkAsync(until.Token))).ToArray();
        foreach (var listener in Listeners)
            listener.Watch();
        var wellAgain = new Stopwatch();
        try
        {
            await TalkedAsync(20);
            await fault();
            wellAgain.Start();
            await TalkedAsync(20);
        }
        finally
        {
            // Even after a failure: who talks on would spoil what the next fault finds.
            await until.CancelAsync();
            await Deadline.For(Task.WhenAll(talking), () => $"talkers are answered; {cluster.Output()}");
        }

        var newest = Talkers.SelectMany(t => t.Acknowledged.Keys).MaxBy(id => id.Value);
        foreach (var listener in Listeners)
            await Deadline.Until(() => Task.FromResult(listener.Newest), id => id >= newest, $"{listener.User.Name} has the newest message, {newest}; {cluster.Output()}");
        var time = wellAgain.Elapsed;

        var history = await HistoryAsync();
        var acknowledged = Talkers.SelectMany(t => t.Acknowledged).ToDictionary(m => m.Key, m => m.Value);
        Assert.Empty(acknowledged.Keys.Except(history.Keys));
        foreach (var listener in Listeners)
            CheckListener(listener, [.. acknowledged.Keys], history);
        await CheckCountsAsync(history);
        return $"{acknowledged.Count} acknowledged, {history.Count} in history, {Talkers.Sum(t => t.Failures) - failures} attempts failed, well after {time.TotalSeconds:0.0} s, "
            + $"longest without an answer {Talkers.Max(t => t.Longest).TotalSeconds:0.0} s, without a message {Listeners.Max(l => l.Longest).TotalSeconds:0.0} s; "
            + string.Join(", ", Listeners.Select(l => $"{l.Connections.Began} begun/{l.Connections.Resumed} resumed"));
    }

    /// <summary>Until every talker has got so many more acknowledged.</summary>
    public async Task TalkedAsync(int more)
    {
        foreach (var talker in Talkers)
        {
            var enough = talker.Acknowledged.Count + more;
            await Deadline.Until(() => Task.FromResult(talker.Acknowledged.Count), n => n >= enough, $"{enough} messages are acknowledged; {cluster.Output()}", TimeSpan.FromSeconds(60));
        }
    }

    static void CheckListener(Listener listener, MessageId[] acknowledged, Dictionary<MessageId, (UserId Author, string Content)> history)
    {
        foreach (var stretch in listener.Stretches)
        {
            var came = stretch.Came.ToArray();
            Assert.True(came.Zip(came.Skip(1)).All(pair => pair.First < pair.Second), $"{listener.User.Name} got messages twice or out of order: {Disorder(stretch, came)}");
            if (came.Length == 0) continue;
            var missed = acknowledged.Where(id => id > stretch.Tail && id <= came[^1]).Except(came).ToArray();
            Assert.True(missed.Length == 0, $"{listener.User.Name} missed {missed.Length} of {acknowledged.Length}: {string.Join(", ", missed.Take(5).Select(id => $"{history[id].Content} ({id}, before number {came.Count(c => c < id)})"))}; resumed at {string.Join(' ', stretch.Resumed)}");
            Assert.Empty(came.Except(history.Keys));
        }
    }

    static string Disorder(Stretch stretch, MessageId[] came)
    {
        var at = Enumerable.Range(1, came.Length - 1).Where(i => came[i] <= came[i - 1]).ToArray();
        return $"{string.Join(", ", at.Take(5).Select(i => $"{came[i - 1]} then {came[i]}, which is number {i} and came {(Array.IndexOf(came, came[i]) < i ? "before" : "late")}"))}; "
            + $"{at.Length} of {came.Length}; resumed at {string.Join(' ', stretch.Resumed)}";
    }

    async Task CheckCountsAsync(Dictionary<MessageId, (UserId Author, string Content)> history)
    {
        var user = Mentioned.User;
        var (unread, mentions) = (history.Values.Count(m => m.Author != user.Id), history.Values.Count(m => m.Content.Contains(user.Mention, StringComparison.Ordinal)));
        foreach (var api in cluster.Of("api"))
        {
            var counted = (await new ApiClient(api.Address, user.Token).Get($"/channels/{Channel}/unread")).Ok();
            Assert.Equal((unread, mentions), (counted.Int("unread_count"), counted.Int("mention_count")));
        }

        await Deadline.Until(() => Task.FromResult(Mentioned.Mentions), n => n == mentions, $"the client counts {mentions} mentions");
    }

    /// <summary>Since the mentioned one joined.</summary>
    async Task<Dictionary<MessageId, (UserId Author, string Content)>> HistoryAsync()
    {
        var user = Mentioned.User;
        var floor = (await user.Api.Get($"/channels/{Channel}/unread")).Ok().Id<MessageId>("last_read_message_id");
        Dictionary<MessageId, (UserId, string)> all = [];
        for (var after = floor; ;)
        {
            var page = (await user.Api.Get($"/channels/{Channel}/messages?limit=100&after={after}")).Ok().Items();
            foreach (var message in page)
                all[message.Id<MessageId>()] = (message.GetProperty("author").Id<UserId>(), message.Str("content")!);
            if (page.Count < 100) return all;
            after = page[0].Id<MessageId>();
        }
    }
}
