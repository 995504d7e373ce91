using System.Text.Json;
using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Api.Tests.Preferences;

public sealed class SettingsTests(KithHost host)
{
    [Fact]
    public async Task Settings_have_defaults_and_a_patch_changes_what_it_names()
    {
        var user = await host.Register();
        var defaults = (await user.Api.Get("/users/@me/settings")).Ok();
        Assert.Equal("online", defaults.Str("status"));
        Assert.True(defaults.Bool("read_receipts"));
        Assert.True(defaults.Bool("show_last_seen"));
        Assert.False(defaults.Bool("friends_only_dms"));

        await user.Api.Patch("/users/@me/settings", new { status = "dnd", custom_status = new { text = "busy" } });
        var changed = (await user.Api.Patch("/users/@me/settings", new { read_receipts = false, locale = "de", theme = "light" })).Ok(200);
        Assert.Equal(changed.ToString(), (await user.Api.Get("/users/@me/settings")).Ok().ToString());
        Assert.Equal("dnd", changed.Str("status"));
        Assert.Equal("busy", changed.GetProperty("custom_status").Str("text"));
        Assert.Equal("de", changed.Str("locale"));
        Assert.False(changed.Bool("read_receipts"));
        Assert.True(changed.Bool("show_last_seen"));
        Assert.Equal("de", (await user.Api.Get("/users/@me")).Ok().Str("locale"));

        Assert.Equal(JsonValueKind.Null, (await user.Api.Patch("/users/@me/settings", new { custom_status = (object?)null })).Ok().GetProperty("custom_status").ValueKind);
    }

    [Fact]
    public async Task Ones_sessions_are_told_and_nobody_elses()
    {
        var users = await host.Register(2);
        await users[0].Befriend(users[1]);
        await using var own = await GatewayProbe.Login(users[0]);
        await using var other = await GatewayProbe.Login(users[1]);

        await users[0].Api.Patch("/users/@me/settings", new { status = "idle" });
        Assert.Equal("idle", (await own.Next("USER_SETTINGS_UPDATE")).Str("status"));
        await users[1].Api.Patch("/users/@me/settings", new { status = "dnd" });
        Assert.Equal("dnd", (await other.Next("USER_SETTINGS_UPDATE")).Str("status"));
        other.AssertNone("USER_SETTINGS_UPDATE", s => s.Str("status") == "idle");
    }

    [Theory]
    [InlineData("status", "\"away\"")]
    [InlineData("status", "null")]
    [InlineData("theme", "\"<b>\"")]
    [InlineData("theme", "\"\"")]
    [InlineData("locale", "\"xx\"")]
    [InlineData("locale", "null")]
    [InlineData("read_receipts", "\"perhaps\"")]
    [InlineData("read_receipts", "null")]
    [InlineData("guild_positions", "null")]
    public async Task A_value_that_is_none_is_refused_at_its_field(string field, string json)
    {
        var user = await host.Register();
        (await user.Api.Send(HttpMethod.Patch, "/users/@me/settings", ApiClient.Json(System.Text.Encoding.UTF8.GetBytes($"{{\"{field}\": {json}}}")))).RefusedField(field);
    }

    [Fact]
    public async Task Changes_of_different_settings_at_once_all_last()
    {
        var user = await host.Register();
        await Task.WhenAll(
            user.Api.Patch("/users/@me/settings", new { read_receipts = false }), user.Api.Patch("/users/@me/settings", new { show_last_seen = false }),
            user.Api.Patch("/users/@me/settings", new { friends_only_dms = true }), user.Api.Patch("/users/@me/settings", new { push_preview = false }),
            user.Api.Patch("/users/@me/settings", new { theme = "light" }), user.Api.Patch("/users/@me/settings", new { locale = "fr" }));
        var settings = (await user.Api.Get("/users/@me/settings")).Ok();
        Assert.False(settings.Bool("read_receipts") || settings.Bool("show_last_seen") || settings.Bool("push_preview"));
        Assert.True(settings.Bool("friends_only_dms"));
        Assert.Equal(("light", "fr"), (settings.Str("theme"), settings.Str("locale")));
    }

    [Fact]
    public async Task A_guilds_settings_keep_what_a_patch_does_not_name_and_overrides_by_channel()
    {
        var user = await host.Register();
        var guild = await user.CreateGuild();
        var second = await user.CreateChannel(guild.Id);
        await using var probe = await GatewayProbe.Login(user);
        var path = $"/users/@me/guilds/{guild.Id}/settings";

        var first = (await user.Api.Patch(path, new { muted = true, mute_config = new { end_time = "2030-01-01T00:00:00Z", selected_time_window = 3600 } })).Ok(200);
        Assert.Equal(guild.Id, first.Id<GuildId>("guild_id"));
        Assert.Equal(3, first.Int("message_notifications"));
        await user.Api.Patch(path, new { channel_overrides = new[] { new { channel_id = guild.General, muted = true } } });
        await user.Api.Patch(path, new { channel_overrides = new[] { new { channel_id = second, message_notifications = 1 } } });
        var last = (await user.Api.Patch(path, new { suppress_everyone = true, channel_overrides = new[] { new { channel_id = guild.General, message_notifications = 2 } } })).Ok(200);

        Assert.True(last.Bool("muted") && last.Bool("suppress_everyone"));
        Assert.Equal(3600, last.GetProperty("mute_config").Int("selected_time_window"));
        var overrides = last.Items("channel_overrides");
        Assert.Equal([guild.General, second], overrides.Ids<ChannelId>("channel_id"));
        Assert.Equal((true, 2), (overrides[0].Bool("muted"), overrides[0].Int("message_notifications")));
        Assert.True(last.GetProperty("version").GetInt64() > first.GetProperty("version").GetInt64());

        // An override that says nothing any more is none.
        var reset = (await user.Api.Patch(path, new { channel_overrides = new[] { new { channel_id = second, message_notifications = 3 } } })).Ok(200);
        Assert.Equal([guild.General], reset.Items("channel_overrides").Ids<ChannelId>("channel_id"));
        Assert.Equal(reset.ToString(), (await probe.Wait("USER_GUILD_SETTINGS_UPDATE", s => s.GetProperty("version").GetInt64() == reset.GetProperty("version").GetInt64())).Data.ToString());
    }

    [Fact]
    public async Task Settings_of_a_guild_or_channel_that_one_does_not_see_are_refused()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        (await users[1].Api.Patch($"/users/@me/guilds/{guild.Id}/settings", new { muted = true })).Refused(ErrorCode.UnknownGuild);

        var own = await users[1].CreateGuild();
        var reply = await users[1].Api.Patch($"/users/@me/guilds/{own.Id}/settings", new { channel_overrides = new[] { new { channel_id = guild.General, muted = true } } });
        Assert.Equal("CHANNEL_UNKNOWN", reply.RefusedField("channel_overrides.0.channel_id"));
        Assert.Equal("NUMBER_TYPE_MAX", (await users[1].Api.Patch($"/users/@me/guilds/{own.Id}/settings", new { message_notifications = 9 })).RefusedField("message_notifications"));
    }

    [Fact]
    public async Task Private_channels_have_settings_under_me()
    {
        var users = await host.Register(2);
        var dm = await users[0].OpenDm(users[1].Id);
        var settings = (await users[0].Api.Patch("/users/@me/guilds/@me/settings", new { channel_overrides = new[] { new { channel_id = dm, muted = true } } })).Ok(200);
        Assert.Equal(JsonValueKind.Null, settings.GetProperty("guild_id").ValueKind);
        Assert.Equal(dm, Assert.Single(settings.Items("channel_overrides")).Id<ChannelId>("channel_id"));
    }

    [Fact]
    public async Task A_note_is_kept_told_to_ones_sessions_and_cleared()
    {
        var users = await host.Register(2);
        var about = users[1].Id;
        await using var probe = await GatewayProbe.Login(users[0]);
        Assert.Equal("", (await users[0].Api.Get($"/users/@me/notes/{about}")).Ok().Str("note"));

        (await users[0].Api.Put($"/users/@me/notes/{about}", new { note = "owes me ☕ 5" })).Ok(204);
        Assert.Equal("owes me ☕ 5", (await users[0].Api.Get($"/users/@me/notes/{about}")).Ok().Str("note"));
        Assert.Equal("owes me ☕ 5", (await users[0].Api.Get("/users/@me/notes")).Ok().Str(about.ToString()));
        var told = await probe.Next("USER_NOTE_UPDATE");
        Assert.Equal((about, "owes me ☕ 5"), (told.Id<UserId>(), told.Str("note")));
        Assert.Equal("", (await users[1].Api.Get($"/users/@me/notes/{users[0].Id}")).Ok().Str("note"));

        (await users[0].Api.Put($"/users/@me/notes/{about}", new { note = "" })).Ok(204);
        Assert.Equal("{}", (await users[0].Api.Get("/users/@me/notes")).Ok().ToString());
        (await users[0].Api.Put($"/users/@me/notes/{about}", new { note = new string('n', 257) })).Refused(ErrorCode.NoteTooLong);
        (await users[0].Api.Put("/users/@me/notes/123456789012345678", new { note = "who" })).Refused(ErrorCode.UnknownUser);
    }
}
