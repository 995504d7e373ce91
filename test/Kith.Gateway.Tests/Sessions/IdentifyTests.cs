using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Gateway.Tests.Sessions;

public sealed class IdentifyTests(KithHost host) : IClassFixture<KithHost>
{
    [Fact]
    public async Task A_person_gets_ready_and_each_guild()
    {
        var ann = await host.Register();
        var guild = await ann.CreateGuild();
        await using var probe = await GatewayProbe.Login(ann);

        var ready = probe.Ready;
        Assert.Equal(ann.Id, ready.GetProperty("user").Id<UserId>());
        Assert.Equal([guild.Id], ready.Items("guilds").Ids<GuildId>());
        Assert.All(ready.Items("guilds"), g => Assert.True(g.Bool("unavailable")));
        Assert.Equal(10, ready.Int("v"));
        foreach (var field in (string[])["private_channels", "application", "session_id", "read_state", "users", "relationships", "presences", "user_settings",
            "user_guild_settings", "notes", "sessions"])
            Assert.True(ready.TryGetProperty(field, out _), field);
        var create = (await probe.Wait("GUILD_CREATE")).Data;
        Assert.False(create.Bool("unavailable"));
        Assert.Equal([guild.General], create.Items("channels").Ids<ChannelId>());
        Assert.Equal([ann.Id], create.Items("members").Select(m => m.GetProperty("user").Id<UserId>()));
        Assert.Equal([guild.Everyone], create.Items("roles").Ids<RoleId>());
        Assert.Equal(1, create.Int("member_count"));
    }

    [Fact]
    public async Task A_bot_gets_what_every_client_library_reads()
    {
        var ann = await host.Register();
        var guild = await ann.CreateGuild();
        var bot = await ann.CreateBot();
        await guild.AddBot(bot.Id);
        await using var probe = await GatewayProbe.Login(bot, Intents.Guilds);

        foreach (var field in (string[])["user", "guilds", "private_channels", "application", "session_id", "resume_gateway_url"])
            Assert.True(probe.Ready.TryGetProperty(field, out _), field);
        Assert.Equal(bot.Id.ToString(), probe.Ready.GetProperty("application").Str("id"));
        Assert.Empty(probe.Ready.Items("private_channels"));
        Assert.False(probe.Ready.TryGetProperty("read_state", out _));
        var create = (await probe.Wait("GUILD_CREATE")).Data;
        foreach (var field in (string[])["channels", "roles", "members", "presences", "threads", "voice_states", "stage_instances", "emojis", "stickers"])
            Assert.Equal(JsonValueKind.Array, create.GetProperty(field).ValueKind);
        // Without the privileged intents, only itself.
        Assert.Equal([bot.Id], create.Items("members").Select(m => m.GetProperty("user").Id<UserId>()));
    }

    [Fact]
    public async Task What_the_account_keeps_for_itself_comes_with_ready()
    {
        var (ann, ben) = (await host.Register(), await host.Register());
        await ann.Befriend(ben);
        var dm = await ann.OpenDm(ben.Id);
        var sent = await ben.Send(dm, "hello");
        (await ann.Api.Put($"/users/@me/notes/{ben.Id}", new { note = "met at work" })).Ok(204);
        (await ann.Api.Patch("/users/@me/settings", new { theme = "light" })).Ok();
        (await ann.Api.Patch("/users/@me/guilds/@me/settings", new { muted = true })).Ok();
        await using var benProbe = await GatewayProbe.Login(ben);
        await benProbe.Wait("PRESENCE_UPDATE", p => p.GetProperty("user").Id<UserId>() == ben.Id);
        await using var probe = await GatewayProbe.Login(ann);

        var ready = probe.Ready;
        Assert.Equal(ben.Id, Assert.Single(ready.Items("relationships")).GetProperty("user").Id<UserId>());
        Assert.Contains(ben.Id, ready.Items("users").Ids<UserId>());
        var channel = Assert.Single(ready.Items("private_channels"));
        Assert.Equal(dm, channel.Id<ChannelId>());
        Assert.Equal(sent.Str("id"), channel.Str("last_message_id"));
        Assert.Equal([ben.Id], channel.Items("recipients").Ids<UserId>());
        var mark = Assert.Single(ready.GetProperty("read_state").Items("entries"));
        Assert.Equal((dm, 1), (mark.Id<ChannelId>(), mark.Int("mention_count")));
        Assert.Equal("met at work", ready.GetProperty("notes").Str(ben.Id.ToString()));
        Assert.Equal("light", ready.GetProperty("user_settings").Str("theme"));
        Assert.True(Assert.Single(ready.GetProperty("user_guild_settings").Items("entries")).Bool("muted"));
        Assert.Equal("online", Assert.Single(ready.Items("presences")).Str("status"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bot ")]
    public async Task A_token_is_taken_with_and_without_its_prefix(string prefix)
    {
        var ann = await host.Register();
        await using var probe = await GatewayProbe.Connect(host.Address);
        await probe.Identify(prefix + ann.Token);
        Assert.Equal(ann.Id, (await probe.Wait("READY")).Data.GetProperty("user").Id<UserId>());
    }

    [Fact]
    public async Task Identify_is_taken_before_hello_was_read_and_hello_comes_first()
    {
        var ann = await host.Register();
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(host.Address) { Scheme = "ws", Query = "v=10&encoding=json" }.Uri, default);
        await socket.SendAsync(Encoding.UTF8.GetBytes($$"""{"op":2,"d":{"properties":{},"token":"{{ann.Token}}"} }"""), WebSocketMessageType.Text, true, default);

        var hello = await Read(socket);
        Assert.Equal((int)GatewayOpcode.Hello, hello.Int("op"));
        Assert.Equal(41_250, hello.GetProperty("d").Int("heartbeat_interval"));
        Assert.Equal("READY", (await Read(socket)).Str("t"));
    }

    [Theory]
    [InlineData("/", "v=10&encoding=json")]
    [InlineData("/gateway", "")]
    [InlineData("/gateway/", "v=9&anything=else")]
    [InlineData("/", "v=10&encoding=json&compress=zstd-stream")]
    [InlineData("/", "v=10&encoding=json&compress=zlib-stream")]
    public async Task The_gateway_answers_at_each_path_with_any_query(string path, string query)
    {
        var ann = await host.Register();
        await using var probe = await GatewayProbe.Connect(host.Address, query, path);
        await probe.Identify(ann.Token);
        await probe.WaitReady();
    }

    [Fact]
    public async Task After_an_invalid_session_the_same_socket_may_identify_and_counts_from_one()
    {
        var ann = await host.Register();
        await using var probe = await GatewayProbe.Connect(host.Address);
        await probe.Resume(ann.Token, new string('0', 32), 5);
        var invalid = await probe.Wait(GatewayOpcode.InvalidSession);
        Assert.False(invalid.Data.GetBoolean());

        await probe.Identify(ann.Token);
        Assert.Equal(1, (await probe.Wait("READY")).Sequence);
    }

    [Fact]
    public async Task The_address_to_resume_at_has_no_slash_at_its_end_and_no_query()
    {
        var ann = await host.Register();
        await using var probe = await GatewayProbe.Login(ann);
        Assert.Equal($"ws://{host.Address.Authority}", probe.Ready.Str("resume_gateway_url"));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("null")]
    public async Task A_heartbeat_without_a_number_is_answered_before_and_after_identify(string data)
    {
        var ann = await host.Register();
        await using var probe = await GatewayProbe.Connect(host.Address);
        await probe.SendText($$"""{"op":1,"d":{{data}}}""");
        await probe.Wait(GatewayOpcode.HeartbeatAck);
        await probe.Identify(ann.Token);
        await probe.WaitReady();
        var from = probe.Count;
        await probe.SendText($$"""{"op":1,"d":{{data}}}""");
        await probe.Wait(GatewayOpcode.HeartbeatAck, from);
    }

    [Fact]
    public async Task A_session_gets_the_guilds_of_its_shard_and_the_first_one_what_is_private()
    {
        var ann = await host.Register();
        var bot = await ann.CreateBot();
        TestGuild[] guilds = [await ann.CreateGuild(), await ann.CreateGuild(), await ann.CreateGuild()];
        foreach (var guild in guilds)
            await guild.AddBot(bot.Id);
        await using var first = await GatewayProbe.Connect(host.Address);
        await using var second = await GatewayProbe.Connect(host.Address);
        await first.Identify(bot.Token, Intents.Guilds | Intents.DirectMessages, shard: [0, 2]);
        await second.Identify(bot.Token, Intents.Guilds | Intents.DirectMessages, shard: [1, 2]);

        foreach (var (probe, shard) in ((GatewayProbe, int)[])[(first, 0), (second, 1)])
        {
            var ready = await probe.WaitReady();
            Assert.Equal([shard, 2], ready.Items("shard").Select(s => s.GetInt32()));
            Assert.Equal(guilds.Select(g => g.Id).Where(g => (g.Value >> 22) % 2 == shard).Order(Comparer<GuildId>.Create((a, b) => a.Value.CompareTo(b.Value))), ready.Items("guilds").Ids<GuildId>());
        }

        await ann.Send(await ann.OpenDm(bot.Id), "to the first shard");
        await first.Next("MESSAGE_CREATE");
        // What follows in the second shard's order: had it been sent the message, it would be there by now.
        await second.Heartbeat();
        second.AssertNone("MESSAGE_CREATE");
    }

    static async Task<JsonElement> Read(ClientWebSocket socket)
    {
        using var message = new MemoryStream();
        var buffer = new byte[4096];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, default);
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage) return JsonDocument.Parse(message.ToArray()).RootElement;
        }
    }
}
