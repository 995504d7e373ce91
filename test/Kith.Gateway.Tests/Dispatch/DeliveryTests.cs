using System.Globalization;
using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Gateway.Tests.Dispatch;

public sealed class DeliveryTests(KithHost host) : IClassFixture<KithHost>
{
    [Fact]
    public async Task A_message_reaches_the_members_of_its_guild_and_nobody_else()
    {
        var (ann, ben, eve) = (await host.Register(), await host.Register(), await host.Register());
        var guild = await ann.CreateGuild();
        await guild.Admit(ben);
        await using var annProbe = await GatewayProbe.Login(ann);
        await using var benProbe = await GatewayProbe.Login(ben);
        await using var eveProbe = await GatewayProbe.Login(eve);

        var sent = await ann.Send(guild.General, "hello");

        foreach (var probe in (GatewayProbe[])[annProbe, benProbe])
        {
            var message = await probe.Next("MESSAGE_CREATE");
            Assert.Equal(sent.Str("id"), message.Str("id"));
            Assert.Equal("hello", message.Str("content"));
        }

        await ann.Send(await ann.OpenDm(eve.Id), "psst");
        Assert.Equal("psst", (await eveProbe.Next("MESSAGE_CREATE")).Str("content"));
        eveProbe.AssertNone("MESSAGE_CREATE", m => m.Str("content") == "hello");
    }

    [Fact]
    public async Task Every_session_of_a_user_gets_its_events()
    {
        var (ann, ben) = (await host.Register(), await host.Register());
        var dm = await ann.OpenDm(ben.Id);
        await using var phone = await GatewayProbe.Login(ben);
        await using var desk = await GatewayProbe.Login(ben, query: "v=10&encoding=json&compress=zlib-stream");
        await ann.Send(dm, "both");
        Assert.Equal("both", (await phone.Next("MESSAGE_CREATE")).Str("content"));
        Assert.Equal("both", (await desk.Next("MESSAGE_CREATE")).Str("content"));
    }

    [Fact]
    public async Task A_bot_gets_only_what_it_asked_for()
    {
        var ann = await host.Register();
        var guild = await ann.CreateGuild();
        var bot = await ann.CreateBot();
        await guild.AddBot(bot.Id);
        await using var guilds = await GatewayProbe.Login(bot, Intents.Guilds);
        await using var messages = await GatewayProbe.Connect(host.Address);
        await messages.Identify(bot.Token, Intents.GuildMessages | Intents.MessageContent);
        await messages.Wait("READY");

        await ann.Send(guild.General, "one");
        var channel = await ann.CreateChannel(guild.Id, "later");

        Assert.Equal("one", (await messages.Wait("MESSAGE_CREATE")).Data.Str("content"));
        Assert.Equal(channel, (await guilds.Wait("CHANNEL_CREATE")).Data.Id<ChannelId>());
        guilds.AssertNone("MESSAGE_CREATE");
        await messages.Heartbeat();
        // Guilds are listed by READY, but come only to who asked for them.
        messages.AssertNone("GUILD_CREATE");
        messages.AssertNone("CHANNEL_CREATE");
    }

    [Fact]
    public async Task A_bot_learns_of_its_own_roles_but_not_of_others_without_the_intent_for_members()
    {
        var ann = await host.Register();
        var guild = await ann.CreateGuild();
        var bot = await ann.CreateBot();
        await guild.AddBot(bot.Id);
        await using var probe = await GatewayProbe.Login(bot, Intents.Guilds);
        var role = await ann.CreateRole(guild.Id);
        await ann.GiveRole(guild.Id, ann.Id, role);
        await ann.GiveRole(guild.Id, bot.Id, role);

        var updated = await probe.Next("GUILD_MEMBER_UPDATE");
        Assert.Equal(bot.Id, updated.GetProperty("user").Id<UserId>());
        Assert.Equal(role, new RoleId(long.Parse(Assert.Single(updated.Items("roles")).GetString()!, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Without_the_intent_for_it_a_bot_sees_the_content_of_few_messages()
    {
        var ann = await host.Register();
        var guild = await ann.CreateGuild();
        var bot = await ann.CreateBot();
        await guild.AddBot(bot.Id);
        const Intents modest = Intents.Guilds | Intents.GuildMessages | Intents.DirectMessages;
        await using var probe = await GatewayProbe.Login(bot, modest);
        await using var curious = await GatewayProbe.Login(bot, modest | Intents.MessageContent);

        await ann.Send(guild.General, "secret", new { embeds = new[] { new { title = "also" } } });
        await ann.Send(guild.General, $"for you {bot.Mention}");
        await bot.Send(guild.General, "from the bot");
        await ann.Send(await ann.OpenDm(bot.Id), "in private");

        var hidden = await probe.Next("MESSAGE_CREATE");
        Assert.Equal("", hidden.Str("content"));
        Assert.Empty(hidden.Items("embeds"));
        Assert.Equal(ann.Id, hidden.GetProperty("author").Id<UserId>());
        Assert.Equal($"for you {bot.Mention}", (await probe.Next("MESSAGE_CREATE")).Str("content"));
        Assert.Equal("from the bot", (await probe.Next("MESSAGE_CREATE")).Str("content"));
        Assert.Equal("in private", (await probe.Next("MESSAGE_CREATE")).Str("content"));
        var whole = await curious.Next("MESSAGE_CREATE");
        Assert.Equal("secret", whole.Str("content"));
        Assert.Single(whole.Items("embeds"));
    }

    [Fact]
    public async Task Who_joins_gets_the_guild_and_then_what_happens_in_it()
    {
        var (ann, ben) = (await host.Register(), await host.Register());
        var guild = await ann.CreateGuild();
        await using var annProbe = await GatewayProbe.Login(ann);
        await using var benProbe = await GatewayProbe.Login(ben);

        await guild.Admit(ben);
        var sent = await ann.Send(guild.General, "welcome");

        var create = await benProbe.Wait("GUILD_CREATE");
        Assert.Equal(guild.Id, create.Data.Id<GuildId>());
        Assert.Equal(2, create.Data.Int("member_count"));
        Assert.Equal(new[] { ann.Id, ben.Id }.ToHashSet(), create.Data.Items("members").Select(m => m.GetProperty("user").Id<UserId>()).ToHashSet());
        var message = await benProbe.Wait("MESSAGE_CREATE", m => m.Str("id") == sent.Str("id"));
        Assert.True(message.Index > create.Index);
        // Its own arrival is in GUILD_CREATE already.
        benProbe.AssertNone("GUILD_MEMBER_ADD");
        Assert.Equal(ben.Id, (await annProbe.Next("GUILD_MEMBER_ADD")).GetProperty("user").Id<UserId>());
        var marks = await benProbe.Wait("CHANNEL_UNREAD_UPDATE", u => u.Str("guild_id") == guild.Id.ToString());
        Assert.Equal(guild.General, Assert.Single(marks.Data.Items("channel_unread_updates")).Id<ChannelId>());
    }

    [Fact]
    public async Task A_new_guild_comes_to_its_owner()
    {
        var ann = await host.Register();
        await using var probe = await GatewayProbe.Login(ann);
        var guild = await ann.CreateGuild();
        Assert.Equal(guild.Id, (await probe.Next("GUILD_CREATE")).Id<GuildId>());
        await ann.Send(guild.General, "alone");
        Assert.Equal("alone", (await probe.Next("MESSAGE_CREATE", m => m.Str("content") == "alone")).Str("content"));
    }

    [Fact]
    public async Task Who_leaves_or_is_kicked_loses_the_guild_at_once()
    {
        var (ann, ben, eve) = (await host.Register(), await host.Register(), await host.Register());
        var guild = await ann.CreateGuild();
        await guild.Admit(ben, eve);
        await using var annProbe = await GatewayProbe.Login(ann);
        await using var benProbe = await GatewayProbe.Login(ben);
        await using var eveProbe = await GatewayProbe.Login(eve);

        (await ben.Api.Delete($"/users/@me/guilds/{guild.Id}")).Ok(204);
        (await ann.Api.Delete($"/guilds/{guild.Id}/members/{eve.Id}")).Ok(204);
        await ann.Send(guild.General, "they are gone");

        foreach (var probe in (GatewayProbe[])[benProbe, eveProbe])
        {
            var gone = await probe.Next("GUILD_DELETE");
            Assert.Equal(guild.Id, gone.Id<GuildId>());
            Assert.False(gone.TryGetProperty("unavailable", out _));
            await probe.Heartbeat();
            probe.AssertNone("MESSAGE_CREATE");
        }

        Assert.Equal(ben.Id, (await annProbe.Next("GUILD_MEMBER_REMOVE")).GetProperty("user").Id<UserId>());
        Assert.Equal(eve.Id, (await annProbe.Next("GUILD_MEMBER_REMOVE")).GetProperty("user").Id<UserId>());
    }

    [Fact]
    public async Task Messages_sent_while_a_client_identifies_come_after_the_guild_or_are_in_it()
    {
        var (ann, ben) = (await host.Register(), await host.Register());
        var guild = await ann.CreateGuild();
        await guild.Admit(ben);
        using var stop = new CancellationTokenSource();
        var sent = new List<string>();
        var sending = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var id = (await ann.Send(guild.General, $"number {sent.Count}")).Str("id")!;
                lock (sent) sent.Add(id);
            }
        });
        for (var round = 0; round < 10; round++)
        {
            await using var probe = await GatewayProbe.Login(ben);
            var create = (await probe.Wait("GUILD_CREATE")).Data;
            var newest = ulong.Parse(create.Items("channels").Single(c => c.Id<ChannelId>() == guild.General).Str("last_message_id") ?? "0");
            // Two more, so that all before the first of them have come.
            int known;
            lock (sent) known = sent.Count;
            await Deadline.Until(() => Task.FromResult(sent.Count), n => n > known + 1, "two more messages");
            string[] all;
            lock (sent) all = [.. sent];
            await probe.Wait("MESSAGE_CREATE", m => m.Str("id") == all[known + 1]);
            var received = probe.Events.Where(e => e.Name == "MESSAGE_CREATE").Select(e => e.Data.Str("id")!).ToArray();
            var expected = all.Take(known + 2).Where(id => ulong.Parse(id) > newest).ToArray();
            Assert.Equal(expected, received.Where(id => ulong.Parse(id) > newest).Take(expected.Length));
            Assert.Equal(received.Distinct(), received);
        }

        await stop.CancelAsync();
        await sending;
    }
}
