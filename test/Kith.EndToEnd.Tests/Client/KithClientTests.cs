using System.Collections.Concurrent;
using Kith.Client;
using Kith.Domain;
using Kith.EndToEnd.Tests.Unread;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Client;

/// <summary>The C# client against the real server.</summary>
public abstract class KithClientSuite(IKithServer host)
{
    static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task An_account_registers_logs_in_and_talks()
    {
        using var anonymous = new KithRest(new KithClientOptions { Address = host.Address });
        var name = $"client{Guid.NewGuid():N}"[..20];
        Assert.NotNull((await anonymous.Accounts.RegisterAsync(name, TestUser.Password, Ct)).Token);
        var login = await anonymous.Accounts.LoginAsync(name, TestUser.Password, Ct);
        using var rest = new KithRest(new KithClientOptions { Address = host.Address, Token = login.Token });
        Assert.Equal(name, (await rest.Users.GetSelfAsync(Ct)).Username);

        var guild = await rest.Guilds.CreateAsync("Guild", Ct);
        var channel = await rest.Guilds.CreateChannelAsync(guild.Id, new ChannelDraft("talk") { Topic = "Words" }, Ct);
        var message = await rest.Messages.SendAsync(channel.Id, "hello", Ct);
        var reply = await rest.Messages.ReplyAsync(message, new MessageDraft { Content = "again", Embeds = [new Embed { Title = "Title" }] }, Ct);
        Assert.Equal((message.Id, "Title"), (reply.MessageReference!.MessageId, reply.Embeds[0].Title));
        Assert.Equal("changed", (await rest.Messages.EditAsync(channel.Id, reply.Id, "changed", Ct)).Content);
        await rest.Messages.ReactAsync(channel.Id, message.Id, "👍", Ct);
        Assert.True((await rest.Messages.GetAsync(channel.Id, message.Id, Ct)).Reactions![0].Me);
        Assert.Equal("Words", (await rest.Channels.GetAsync(channel.Id, Ct)).Topic.Value);
        Assert.Equal(10004, (await Assert.ThrowsAsync<RestException>(() => rest.Guilds.GetAsync(new GuildId(1), Ct))).Code);

        var other = await host.Register();
        var invite = await rest.Channels.CreateInviteAsync(channel.Id, TimeSpan.FromHours(1), maxUses: 1, Ct);
        using var others = new KithRest(new KithClientOptions { Address = host.Address, Token = other.Token });
        await others.Users.JoinAsync(invite.Code, Ct);
        var mention = await rest.Messages.SendAsync(channel.Id, $"hello {other.Mention}", Ct);
        Assert.Equal(mention.Id, Assert.Single(await others.Unread.MentionsAsync(before: null, 10, Ct)).Id);
        Assert.Equal((1, 1), await others.Unread.OfChannelAsync(channel.Id, Ct) is var unread ? (unread.UnreadCount, unread.MentionCount) : default);
        await others.Unread.AckAsync(channel.Id, mention.Id, Ct);
        Assert.DoesNotContain(await others.Unread.AllAsync(Ct), u => u.ChannelId == channel.Id);
        Assert.Equal(3, (await Collect(rest.Messages.HistoryAsync(channel.Id, before: null, Ct))).Count);
    }

    [Fact]
    public async Task A_history_of_many_pages_is_read_to_its_end()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        var sent = new List<MessageId>();
        for (var i = 0; i < MessageCalls.MaxPage + 7; i++)
            sent.Add((await owner.Send(guild.General, $"{i}")).Id<MessageId>());
        using var rest = new KithRest(new KithClientOptions { Address = host.Address, Token = owner.Token });
        sent.Reverse();
        Assert.Equal(sent, (await Collect(rest.Messages.HistoryAsync(guild.General, before: null, Ct))).Select(m => m.Id));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Through_links_that_break_every_message_comes_once_in_order_and_the_state_is_right(bool compress)
    {
        const int Rounds = 5, PerRound = 10;
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        await using var line = host.OpenLine();
        using var reader = new Reader(new KithClientOptions { Address = line.Proxy.Address, Token = users[1].Token, Compress = compress });
        await reader.Saw(e => e is GuildCreated);
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < PerRound; i++)
            {
                if (i == PerRound / 2) line.Proxy.Cut();
                await users[0].Send(guild.General, $"{round}/{i} {users[1].Mention}");
            }
        }

        await reader.Saw(e => e is MessageCreated { Message.Content: var content } && content.StartsWith($"{Rounds - 1}/{PerRound - 1} ", StringComparison.Ordinal));
        // In a cluster that the reader has joined may be told when it is there already.
        var texts = reader.Events.OfType<MessageCreated>().Where(e => e.Message.Type == MessageType.Default).Select(e => e.Message.Content.Split(' ')[0]);
        Assert.Equal(Enumerable.Range(0, Rounds).SelectMany(r => Enumerable.Range(0, PerRound).Select(i => $"{r}/{i}")), texts);
        Assert.Single(reader.Events.OfType<SessionStarted>());
        Assert.NotEmpty(reader.Events.OfType<SessionResumed>());

        await using var fresh = await Person.Login(users[1], new Mentions());
        StateText.AssertEqual(fresh.State, reader.Client.State!, users[1].Name);
        Assert.Equal(Rounds * PerRound, reader.Client.State!.Mentions(guild.General));
    }

    [Fact]
    public async Task Confirming_what_came_tells_the_sender_that_it_was_delivered()
    {
        var users = await host.Register(2);
        var dm = await users[0].OpenDm(users[1].Id);
        await using var probe = await GatewayProbe.Login(users[0]);
        using var reader = new Reader(new KithClientOptions { Address = host.Address, Token = users[1].Token });
        await reader.Saw(e => e is SessionStarted);
        var sent = await users[0].Send(dm, "hello");
        await reader.Saw(e => e is MessageCreated);
        await reader.Client.Gateway.ConfirmAsync(Ct);
        await probe.Wait("CHANNEL_RECEIPT_UPDATE", r => r.Str("delivered_message_id") == sent.Str("id"));
    }

    static async Task<List<T>> Collect<T>(IAsyncEnumerable<T> items)
    {
        List<T> all = [];
        await foreach (var item in items)
            all.Add(item);
        return all;
    }

    /// <summary>Reads a client's events until disposed, and keeps them.</summary>
    sealed class Reader : IDisposable
    {
        readonly CancellationTokenSource ending = new();
        readonly ConcurrentQueue<GatewayEvent> events = new();

        public Reader(KithClientOptions options)
        {
            Client = new KithClient(options);
            _ = Task.Run(Read);
        }

        public KithClient Client { get; }

        public IEnumerable<GatewayEvent> Events => events;

        public async Task Saw(Func<GatewayEvent, bool> which) => await Deadline.Until(() => Task.FromResult(events.Any(which)), seen => seen, "the event comes");

        public void Dispose()
        {
            ending.Cancel();
            Client.Dispose();
            ending.Dispose();
        }

        async Task Read()
        {
            await foreach (var e in Client.EventsAsync(ending.Token))
                events.Enqueue(e);
        }
    }
}

/// <summary>Against one process.</summary>
public sealed class KithClientTests(KithHost host) : KithClientSuite(host);
