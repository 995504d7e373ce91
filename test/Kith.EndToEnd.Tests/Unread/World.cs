using System.Collections.Concurrent;
using Kith.Client;
using Kith.Domain;
using Kith.Engine.Unread;
using Kith.Protocol;
using Kith.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kith.EndToEnd.Tests.Unread;

/// <summary>
/// Some people, a lobby in which all of them stay, and guilds, groups and DMs that come, go and change. The first person owns the lobby and what the run
/// begins with.
/// </summary>
sealed class World : IAsyncDisposable
{
    readonly Func<Task> dropCounters;
    readonly Mentions mentions = new();
    readonly List<string> log = [];
    readonly Dictionary<ChannelId, IReadOnlyList<MessageId>> histories = [];
    int markers;

    World(Func<Task> dropCounters) => this.dropCounters = dropCounters;

    public IReadOnlyList<Person> People { get; private set; } = [];

    /// <summary>Where markers are sent; nothing else happens there.</summary>
    public TestGuild Lobby { get; private set; } = null!;

    /// <summary>The guilds where things happen, with whoever owns them.</summary>
    public ConcurrentDictionary<GuildId, Person> Guilds { get; } = new();

    public IReadOnlyList<string> Log => log;

    public static Task<World> Create(KithHost host, int people) =>
        Create(host.Anonymous(), () => host.Services.GetRequiredService<INotificationCache>().ClearAsync(CancellationToken.None).AsTask(), people);

    /// <param name="anonymous">Whichever server it is.</param>
    /// <param name="dropCounters">Drops its cache of counts.</param>
    /// <param name="people">How many there are.</param>
    public static async Task<World> Create(ApiClient anonymous, Func<Task> dropCounters, int people)
    {
        var world = new World(dropCounters);
        var users = await Task.WhenAll(Enumerable.Range(0, people).Select(_ => anonymous.Register()));
        world.Lobby = await users[0].CreateGuild("Lobby");
        await world.Lobby.Admit(users[1..]);
        foreach (var user in users)
            world.People = [.. world.People, await Person.Login(user, world.mentions)];
        return world;
    }

    public void Note(string line)
    {
        lock (log) log.Add(line);
    }

    /// <summary>
    /// Waits until every session has seen all that was caused so far. Events of a guild keep their order, and so do a user's own: an ack by everyone, then a channel that
    /// comes and goes in each guild, then a message in each DM and group. Who is where is asked of the server, since what one has left has no marker that one sees.
    /// </summary>
    public async Task Settle()
    {
        var marker = $"marker {++markers}";
        var lobby = (await People[0].User.Send(Lobby.General, marker)).Id<MessageId>();
        foreach (var person in People)
        {
            await person.Probe.Wait("MESSAGE_CREATE", m => m.Str("id") == lobby.ToString());
            await person.User.Ack(Lobby.General, lobby);
            await person.Probe.Wait("MESSAGE_ACK", a => a.Str("message_id") == lobby.ToString());
            await WaitForPlaces(person);
        }

        foreach (var (guild, owner) in Guilds)
            await SettleGuild(guild, owner);
        foreach (var channel in People.SelectMany(p => p.State.Channels.Values).Where(c => c.GuildId is null).Select(c => c.Id).Distinct().ToArray())
            await SettlePrivate(channel, marker);
        foreach (var person in People)
            person.CatchUp();
    }

    /// <summary>What the session of each person knows equals what a new one is told, what the unread list says, and what the messages themselves count to.</summary>
    public async Task Check()
    {
        await Settle();
        histories.Clear();
        foreach (var person in People)
        {
            await CheckState(person);
            await CheckUnreadList(person);
        }

        await dropCounters();
        foreach (var person in People)
            StateText.AssertEqual(await person.Fresh(), person.State, $"{person.User.Name} (counters dropped)");
    }

    /// <summary>The counter cache may lose everything at any time.</summary>
    public Task DropCounters() => dropCounters();

    public async ValueTask DisposeAsync()
    {
        foreach (var person in People)
            await person.DisposeAsync();
    }

    /// <summary>Until the session knows of just those guilds, DMs and groups in which the server says the person is.</summary>
    async Task WaitForPlaces(Person person)
    {
        var guilds = (await person.User.Api.Get("/users/@me/guilds")).Ok().Items().Select(g => g.Str("id")!);
        var privates = (await person.User.Api.Get("/users/@me/channels")).Ok().Items().Select(c => c.Str("id")!);
        var places = string.Join(' ', guilds.Concat(privates).Order(StringComparer.Ordinal));
        await Deadline.Until(() => Task.FromResult(PlacesOf(person.CatchUp())), known => known == places, $"{person.User.Name} knows its places {places}");
    }

    static string PlacesOf(ClientState state) => string.Join(' ', state.Guilds.Keys.Select(g => g.ToString())
        .Concat(state.Channels.Values.Where(c => c.GuildId is null).Select(c => c.Id.ToString())).Order(StringComparer.Ordinal));

    async Task SettleGuild(GuildId guild, Person owner)
    {
        // A channel of its own that everyone may see, so that nothing that was done to the others can hide it.
        var channel = await owner.User.CreateChannel(guild, "marker", new
        {
            permission_overwrites = new[] { new { id = guild, type = 0, allow = Permissions.ViewChannel, deny = Permissions.None } },
        });
        (await owner.User.Api.Delete($"/channels/{channel}")).Ok();
        foreach (var person in People.Where(p => p.State.Guilds.ContainsKey(guild)))
            await person.Probe.Wait("CHANNEL_DELETE", c => c.Str("id") == channel.ToString());
    }

    async Task SettlePrivate(ChannelId channel, string marker)
    {
        foreach (var sender in People.Where(p => p.State.Channels.ContainsKey(channel)))
        {
            var reply = await sender.User.Api.Post($"/channels/{channel}/messages", new { content = marker });
            if (reply.Status != 200) continue;
            // A DM appears to the other with its first message.
            var others = sender.State.Channels[channel].Recipients!.Select(u => u.Id).ToHashSet();
            foreach (var person in People.Where(p => p == sender || others.Contains(p.Id)))
                await person.Probe.Wait("MESSAGE_CREATE", m => m.Str("id") == reply.Json.Str("id"));
            return;
        }
    }

    /// <summary>
    /// Marks counted anew, after a change of roles, come when they are counted, behind what was waited for: so for a moment the two may differ.
    /// </summary>
    async Task CheckState(Person person)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        while (true)
        {
            var from = person.Probe.Count;
            var fresh = await person.Fresh();
            if (StateText.Of(fresh).SequenceEqual(StateText.Of(person.CatchUp()))) return;
            if (patience.IsCancellationRequested) StateText.AssertEqual(fresh, person.State, person.User.Name);
            await Task.WhenAny(person.Probe.Wait("CHANNEL_UNREAD_UPDATE", from: from), Task.Delay(100, CancellationToken.None));
        }
    }

    async Task CheckUnreadList(Person person)
    {
        var list = (await person.User.Api.Get("/users/@me/unread")).Ok().Items().ToDictionary(u => u.Id<ChannelId>("channel_id"));
        foreach (var channel in person.State.Channels.Values.Where(c => c.Type != ChannelType.GuildCategory))
        {
            var lastRead = person.State.LastRead(channel.Id);
            var unread = (await History(channel.Id)).Where(m => m > lastRead && mentions.Of(m).Author.Id != person.Id).ToArray();
            var mentioning = unread.Count(m => Mentions(person, channel, mentions.Of(m)));
            Assert.Equal((channel.Id, mentioning), (channel.Id, person.State.Mentions(channel.Id)));
            if (unread.Length == 0)
            {
                Assert.False(list.ContainsKey(channel.Id), $"{channel.Id} has nothing unread for {person.User.Name}");
                continue;
            }

            Assert.True(list.TryGetValue(channel.Id, out var entry), $"{channel.Id} has {unread.Length} unread for {person.User.Name}");
            Assert.Equal((channel.Id, unread.Length, mentioning), (channel.Id, entry.Int("unread_count"), entry.Int("mention_count")));
            Assert.Equal(unread.MinBy(m => m.Value), entry.Id<MessageId>("first_unread_message_id"));
        }
    }

    /// <summary>The rules of docs/protocol.md once more, in their plainest form.</summary>
    static bool Mentions(Person person, Channel channel, Message message)
    {
        if (channel.GuildId is not { } guild || message.MentionEveryone || message.Mentions.Any(u => u.Id == person.Id)) return true;
        return message.MentionRoles.Intersect(person.State.Guilds[guild].Members[person.Id].Roles).Any();
    }

    /// <summary>All messages of a channel that still exist, asked of whoever may see them.</summary>
    async Task<IReadOnlyList<MessageId>> History(ChannelId channel)
    {
        if (histories.TryGetValue(channel, out var known)) return known;
        foreach (var person in People.Where(p => p.State.Channels.ContainsKey(channel)))
        {
            List<MessageId> all = [];
            for (var before = ""; ;)
            {
                var reply = await person.User.Api.Get($"/channels/{channel}/messages?limit=100{before}");
                if (reply.Status != 200) break;
                var page = reply.Json.Items().Ids<MessageId>();
                all.AddRange(page);
                if (page.Count < 100) return histories[channel] = all;
                before = $"&before={page[^1]}";
            }
        }

        Assert.Fail($"Nobody can read {channel}.");
        return [];
    }
}
