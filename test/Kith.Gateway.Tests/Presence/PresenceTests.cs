using System.Text.Json;
using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Gateway.Tests.Presence;

public sealed class PresenceTests(KithHost host) : IClassFixture<KithHost>
{
    [Fact]
    public async Task The_most_present_session_speaks_for_the_user_and_each_change_is_told_once()
    {
        var (ann, ben) = (await host.Register(), await host.Register());
        await ann.Befriend(ben);
        await using var watcher = await GatewayProbe.Login(ann);

        await using var desk = await GatewayProbe.Connect(host.Address);
        await desk.Identify(ben.Token, presence: new { status = "idle", activities = Array.Empty<object>(), afk = false });
        await desk.WaitReady();
        Assert.Equal(("idle", """{"web":"idle"}"""), Seen(await Next(watcher, ben)));

        await using var phone = await GatewayProbe.Connect(host.Address);
        await phone.Send(GatewayOpcode.Identify, new { token = ben.Token, properties = new { os = "Android", browser = "Discord Android", device = "" }, presence = new { status = "online" } });
        await phone.WaitReady();
        Assert.Equal(("online", """{"mobile":"online","web":"idle"}"""), Seen(await Next(watcher, ben)));

        await desk.Send(GatewayOpcode.PresenceUpdate, new { since = (long?)null, status = "dnd", afk = false, activities = new[] { new { name = "Chess", type = 0, extra = "dropped" } } });
        var busy = await Next(watcher, ben);
        Assert.Equal("dnd", busy.Str("status"));
        Assert.Equal("Chess", Assert.Single(busy.Items("activities")).Str("name"));
        Assert.False(busy.Items("activities")[0].TryGetProperty("extra", out _));

        // The same once more changes nothing that anyone sees.
        await desk.Send(GatewayOpcode.PresenceUpdate, new { since = (long?)null, status = "dnd", afk = false, activities = new[] { new { name = "Chess", type = 0 } } });
        await desk.Close(1000);
        Assert.Equal(("online", """{"mobile":"online"}"""), Seen(await Next(watcher, ben)));
        await phone.Send(GatewayOpcode.PresenceUpdate, new { status = "invisible" });
        Assert.Equal(("offline", "{}"), Seen(await Next(watcher, ben)));
        await phone.Close(1000);
        await ben.Send(await ben.OpenDm(ann.Id), "end");
        await watcher.Next("MESSAGE_CREATE");
        watcher.AssertNone("PRESENCE_UPDATE", p => Of(p, ben), from: watcher.Payloads.Last(p => p.Name == "PRESENCE_UPDATE" && Of(p.Data, ben)).Index + 1);
    }

    [Fact]
    public async Task Members_of_a_small_guild_are_told_and_strangers_are_not()
    {
        var (ann, ben, eve) = (await host.Register(), await host.Register(), await host.Register());
        var guild = await ann.CreateGuild();
        await guild.Admit(ben);
        await using var member = await GatewayProbe.Login(ann);
        await using var stranger = await GatewayProbe.Login(eve);
        await using (await GatewayProbe.Login(ben))
            Assert.Equal("online", (await Next(member, ben)).Str("status"));
        Assert.Equal("offline", (await Next(member, ben)).Str("status"));
        await stranger.Heartbeat();
        stranger.AssertNone("PRESENCE_UPDATE", p => Of(p, ben));
    }

    [Fact]
    public async Task Of_oneself_one_is_told_once_however_many_guilds_there_are()
    {
        var (ann, ben) = (await host.Register(), await host.Register());
        for (var i = 0; i < 4; i++)
            await ann.CreateGuild();
        await using var probe = await GatewayProbe.Login(ann);
        await probe.Wait("PRESENCE_UPDATE", p => Of(p, ann));
        await ben.Send(await ben.OpenDm(ann.Id), "end");
        await probe.Wait("MESSAGE_CREATE");
        Assert.Single(probe.Events, e => e.Name == "PRESENCE_UPDATE" && Of(e.Data, ann));
    }

    [Fact]
    public async Task A_bot_is_told_for_each_guild_and_only_with_the_intent()
    {
        var (ann, ben) = (await host.Register(), await host.Register());
        TestGuild[] guilds = [await ann.CreateGuild(), await ann.CreateGuild()];
        var bot = await ann.CreateBot();
        foreach (var guild in guilds)
        {
            await guild.AddBot(bot.Id);
            await guild.Admit(ben);
        }

        await using var curious = await GatewayProbe.Login(bot, Intents.Guilds | Intents.GuildPresences);
        await using var modest = await GatewayProbe.Login(bot, Intents.Guilds | Intents.GuildMessages);
        await using var probe = await GatewayProbe.Login(ben);
        var told = new HashSet<GuildId>();
        for (var i = 0; i < 2; i++)
            told.Add((await Next(curious, ben)).Id<GuildId>("guild_id"));
        Assert.Equal(guilds.Select(g => g.Id).ToHashSet(), told);
        await ann.Send(guilds[0].General, "end");
        await modest.Next("MESSAGE_CREATE");
        modest.AssertNone("PRESENCE_UPDATE");
    }

    [Fact]
    public async Task Someone_who_is_there_is_in_the_guild_when_it_comes()
    {
        var (ann, ben) = (await host.Register(), await host.Register());
        var guild = await ann.CreateGuild();
        await guild.Admit(ben);
        await using var benProbe = await GatewayProbe.Login(ben);
        await benProbe.Wait("PRESENCE_UPDATE", p => Of(p, ben));
        await using var probe = await GatewayProbe.Login(ann);
        Assert.Contains((await probe.Wait("GUILD_CREATE")).Data.Items("presences"), p => Of(p, ben) && p.Str("status") == "online");
    }

    [Fact]
    public async Task Who_joins_a_guild_is_seen_there_and_new_friends_see_each_other()
    {
        var (ann, ben, cat) = (await host.Register(), await host.Register(), await host.Register());
        var guild = await ann.CreateGuild();
        await using var annProbe = await GatewayProbe.Login(ann);
        await using var benProbe = await GatewayProbe.Login(ben);
        await using var catProbe = await GatewayProbe.Login(cat);
        await benProbe.Wait("PRESENCE_UPDATE", p => Of(p, ben));
        await guild.Admit(ben);
        Assert.Equal("online", (await Next(annProbe, ben)).Str("status"));
        await ben.Befriend(cat);
        Assert.Equal("online", (await Next(catProbe, ben)).Str("status"));
        Assert.Equal("online", (await Next(benProbe, cat)).Str("status"));
    }

    [Fact]
    public async Task A_status_from_the_settings_holds_where_the_client_says_none()
    {
        var (ann, ben) = (await host.Register(), await host.Register());
        await ann.Befriend(ben);
        (await ben.Api.Patch("/users/@me/settings", new { status = "dnd", custom_status = new { text = "thinking" } })).Ok();
        await using var watcher = await GatewayProbe.Login(ann);
        await using var probe = await GatewayProbe.Login(ben);
        var told = await Next(watcher, ben);
        Assert.Equal("dnd", told.Str("status"));
        Assert.Equal("thinking", Assert.Single(told.Items("activities")).Str("state"));
    }

    [Fact]
    public async Task Last_seen_is_when_the_last_session_ended()
    {
        var clock = new ManualTimeProvider();
        await using var still = await KithHost.Start(new KithHostSetup { Clock = clock });
        var (ann, ben, eve) = (await still.Register(), await still.Register(), await still.Register());
        await ann.Befriend(ben);
        var path = $"/users/{ben.Id}/presence";
        var never = (await ann.Api.Get(path)).Ok();
        Assert.Equal(("offline", null), (never.Str("status"), never.Str("last_seen_at")));

        await using (await GatewayProbe.Login(ben))
        {
            var there = await Deadline.Until(() => ann.Api.Get(path), p => p.Ok().Str("status") == "online", "ben online");
            Assert.Null(there.Ok().Str("last_seen_at"));
            clock.Advance(TimeSpan.FromSeconds(30));
        }

        var gone = await Deadline.Until(() => ann.Api.Get(path), p => p.Ok().Str("last_seen_at") is not null, "ben's last sight");
        Assert.Equal(clock.GetUtcNow(), DateTimeOffset.Parse(gone.Ok().Str("last_seen_at")!));
        (await eve.Api.Get(path)).Refused(ErrorCode.MissingAccess);
        (await ann.Api.Get("/users/1/presence")).Refused(ErrorCode.UnknownUser);
        (await ben.Api.Patch("/users/@me/settings", new { show_last_seen = false })).Ok();
        (await ann.Api.Get(path)).Refused(ErrorCode.LastSeenHidden);
        (await ben.Api.Get(path)).Ok();
    }

    [Fact]
    public async Task Whoever_hides_leaves_no_trace_of_when_the_connection_ended()
    {
        var clock = new ManualTimeProvider();
        await using var still = await KithHost.Start(new KithHostSetup { Clock = clock });
        var (ann, ben) = (await still.Register(), await still.Register());
        await ann.Befriend(ben);
        var path = $"/users/{ben.Id}/presence";
        DateTimeOffset hidden;
        await using (var probe = await GatewayProbe.Login(ben))
        {
            await Deadline.Until(() => ann.Api.Get(path), p => p.Ok().Str("status") == "online", "ben online");
            await probe.Send(GatewayOpcode.PresenceUpdate, new { status = "invisible" });
            await Deadline.Until(() => ann.Api.Get(path), p => p.Ok().Str("last_seen_at") is not null, "ben's last sight");
            hidden = clock.GetUtcNow();
            clock.Advance(TimeSpan.FromSeconds(40));
        }

        // Another account's end, handled after ben's, shows that ben's was.
        await using (await GatewayProbe.Login(ann))
            await Deadline.Until(() => ann.Api.Get($"/users/{ann.Id}/presence"), p => p.Ok().Str("status") == "online", "ann online");
        await Deadline.Until(() => ann.Api.Get($"/users/{ann.Id}/presence"), p => p.Ok().Str("last_seen_at") is not null, "ann's last sight");
        Assert.Equal(hidden, DateTimeOffset.Parse((await ann.Api.Get(path)).Ok().Str("last_seen_at")!));
    }

    static Task<JsonElement> Next(GatewayProbe probe, TestUser of) => probe.Next("PRESENCE_UPDATE", p => Of(p, of));

    static bool Of(JsonElement presence, TestUser user) => presence.GetProperty("user").Id<UserId>() == user.Id;

    static (string?, string) Seen(JsonElement presence) => (presence.Str("status"), presence.GetProperty("client_status").GetRawText());
}
