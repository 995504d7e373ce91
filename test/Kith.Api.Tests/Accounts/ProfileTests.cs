using System.Text.Json;
using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Api.Tests.Accounts;

public sealed class ProfileTests(KithHost host)
{
    [Fact]
    public async Task A_patch_changes_what_it_names_and_null_clears()
    {
        var user = await host.Register();
        var changed = (await user.Api.Patch("/users/@me", new { global_name = "  Ada L. ", bio = "counts", accent_color = 0xFF8800 })).Ok(200);
        Assert.Equal(("Ada L.", "counts", 0xFF8800, user.Name), (changed.Str("global_name"), changed.Str("bio"), changed.Int("accent_color"), changed.Str("username")));
        Assert.False(changed.TryGetProperty("token", out _));

        (await user.Api.Patch("/users/@me", new { bio = (string?)null, accent_color = (int?)null, avatar = (string?)null, banner = (string?)null })).Ok(200);
        var me = (await user.Api.Get("/users/@me")).Ok();
        Assert.Equal("Ada L.", me.Str("global_name"));
        Assert.Null(me.Str("bio"));
        Assert.Equal(JsonValueKind.Null, me.GetProperty("accent_color").ValueKind);
        Assert.Null((await user.Api.Patch("/users/@me", new { global_name = "  " })).Ok(200).Str("global_name"));
    }

    [Fact]
    public async Task A_name_changes_by_the_rules_and_the_old_one_is_free_again()
    {
        var users = await host.Register(2);
        var old = users[0].Name;
        Assert.Equal("renamed.user", (await users[0].Api.Patch("/users/@me", new { username = "Renamed.User" })).Ok(200).Str("username"));
        Assert.Equal("USERNAME_ALREADY_TAKEN", (await users[1].Api.Patch("/users/@me", new { username = "renamed.user" })).RefusedField("username"));
        Assert.Equal("USERNAME_INVALID_CONTAINS", (await users[0].Api.Patch("/users/@me", new { username = "a..b" })).RefusedField("username"));
        Assert.Equal("BASE_TYPE_REQUIRED", (await users[0].Api.Patch("/users/@me", new { username = (string?)null })).RefusedField("username"));
        (await users[1].Api.Patch("/users/@me", new { username = old })).Ok(200);
        (await host.Anonymous().Post("/auth/login", new { login = "renamed.user", password = TestUser.Password })).Ok(200);
    }

    [Fact]
    public async Task All_who_see_a_user_learn_of_the_new_name_each_with_what_they_may_see()
    {
        var users = await host.Register(5);
        var (user, member, friend, partner, stranger) = (users[0], users[1], users[2], users[3], users[4]);
        var guild = await user.CreateGuild();
        await guild.Admit(member);
        await user.Befriend(friend);
        await partner.Send(await partner.OpenDm(user.Id), "hello");
        await using var own = await GatewayProbe.Login(user);
        await using var atMember = await GatewayProbe.Login(member);
        await using var atFriend = await GatewayProbe.Login(friend);
        await using var atPartner = await GatewayProbe.Login(partner);
        await using var atStranger = await GatewayProbe.Login(stranger);
        var bot = await stranger.CreateBot();
        var withBot = await user.OpenDm(bot.Id);
        await user.Send(withBot, "hello, bot");
        await using var atBot = await GatewayProbe.Login(bot, Intents.All);

        await user.Api.Patch("/users/@me", new { global_name = "New Name", bio = "private until asked" });

        var self = await own.Next("USER_UPDATE");
        Assert.Equal(("New Name", "private until asked"), (self.Str("global_name"), self.Str("bio")));
        var update = await atMember.Next("GUILD_MEMBER_UPDATE");
        Assert.Equal(guild.Id, update.Id<GuildId>("guild_id"));
        Assert.Equal("New Name", update.GetProperty("user").Str("global_name"));
        foreach (var probe in (GatewayProbe[])[atFriend, atPartner])
        {
            var seen = await probe.Next("USER_UPDATE");
            Assert.Equal((user.Id, "New Name"), (seen.Id<UserId>(), seen.Str("global_name")));
            Assert.False(seen.TryGetProperty("email", out _));
        }

        await user.Send(withBot, "did you hear?");
        await atBot.Wait("MESSAGE_CREATE", m => m.Str("content") == "did you hear?");
        atBot.AssertNone("USER_UPDATE");
        await stranger.Api.Patch("/users/@me", new { global_name = "Stranger" });
        await atStranger.Next("USER_UPDATE");
        atStranger.AssertNone("USER_UPDATE", u => u.Id<UserId>() == user.Id);
        Assert.Equal("New Name", (await stranger.Api.Get($"/users/{user.Id}")).Ok().Str("global_name"));
    }

    [Fact]
    public async Task A_changed_password_ends_all_logins_and_gives_a_new_token()
    {
        var user = await host.Register();
        var second = (await host.Anonymous().Post("/auth/login", new { login = user.Name, password = TestUser.Password })).Ok().Str("token")!;
        await using var socket = await GatewayProbe.Login(user with { Token = second, Api = host.As(second) });

        Assert.Equal("PASSWORD_DOES_NOT_MATCH", (await user.Api.Patch("/users/@me", new { password = "wrong one!", new_password = "a much better one" })).RefusedField("password"));
        Assert.Equal("BASE_TYPE_BAD_LENGTH", (await user.Api.Patch("/users/@me", new { password = TestUser.Password, new_password = "short" })).RefusedField("new_password"));
        var token = (await user.Api.Patch("/users/@me", new { password = TestUser.Password, new_password = "a much better one" })).Ok(200).Str("token")!;

        (await host.As(token).Get("/users/@me")).Ok();
        (await user.Api.Get("/users/@me")).Refused(ErrorCode.Unauthorized);
        (await host.As(second).Get("/users/@me")).Refused(ErrorCode.Unauthorized);
        Assert.Equal(4004, (await socket.Closed()).Code);
        Assert.Equal("INVALID_LOGIN", (await host.Anonymous().Post("/auth/login", new { login = user.Name, password = TestUser.Password })).RefusedField("login"));
        (await host.Anonymous().Post("/auth/login", new { login = user.Name, password = "a much better one" })).Ok(200);
    }

    [Fact]
    public async Task A_password_changed_twice_at_once_from_the_same_one_changes_once()
    {
        var user = await host.Register();
        var replies = await Task.WhenAll(Enumerable.Range(0, 5).Select(i =>
            user.Api.Patch("/users/@me", new { password = TestUser.Password, new_password = $"new password {i}" })));
        Assert.Single(replies, r => r.Status == 200);
    }

    [Fact]
    public async Task An_address_changes_with_the_password_only()
    {
        var user = await host.Register();
        Assert.Equal("PASSWORD_DOES_NOT_MATCH", (await user.Api.Patch("/users/@me", new { email = "new@example.org" })).RefusedField("password"));
        Assert.Equal("EMAIL_TYPE_INVALID_EMAIL", (await user.Api.Patch("/users/@me", new { email = "nowhere", password = TestUser.Password })).RefusedField("email"));
        Assert.Equal("new@example.org", (await user.Api.Patch("/users/@me", new { email = "new@example.org", password = TestUser.Password })).Ok(200).Str("email"));
        (await host.Anonymous().Post("/auth/login", new { login = "new@example.org", password = TestUser.Password })).Ok(200);
        Assert.Null((await user.Api.Patch("/users/@me", new { email = (string?)null, password = TestUser.Password })).Ok(200).Str("email"));
    }

    [Fact]
    public async Task What_is_too_long_or_no_image_is_refused_at_its_field()
    {
        var user = await host.Register();
        var reply = await user.Api.Patch("/users/@me", new
        {
            global_name = new string('x', 33), bio = new string('y', 191), accent_color = 0x1000000, avatar = "http://example.org/me.png", banner = "data:,",
        });
        foreach (var field in (string[])["global_name", "bio", "accent_color", "avatar", "banner"])
            reply.RefusedField(field);
    }

    [Fact]
    public async Task Changes_of_different_fields_at_once_all_last()
    {
        var user = await host.Register();
        await Task.WhenAll(
            user.Api.Patch("/users/@me", new { global_name = "One" }), user.Api.Patch("/users/@me", new { bio = "two" }), user.Api.Patch("/users/@me", new { accent_color = 3 }));
        var me = (await user.Api.Get("/users/@me")).Ok();
        Assert.Equal(("One", "two", 3), (me.Str("global_name"), me.Str("bio"), me.Int("accent_color")));
    }

    [Fact]
    public async Task A_user_shows_others_no_secrets()
    {
        var users = await host.Register(2);
        var seen = (await users[0].Api.Get($"/users/{users[1].Id}")).Ok();
        Assert.Equal(users[1].Name, seen.Str("username"));
        foreach (var secret in (string[])["email", "mfa_enabled", "locale", "phone", "token"])
            Assert.False(seen.TryGetProperty(secret, out _), secret);
        Assert.Equal((await users[0].Api.Get("/users/@me")).Ok().Str("id"), (await users[0].Api.Get($"/users/{users[0].Id}")).Ok().Str("id"));
        (await users[0].Api.Get("/users/123456789012345678")).Refused(ErrorCode.UnknownUser);
        (await users[0].Api.Get("/users/0x1F")).RefusedField("user_id");
        (await users[0].Api.Get("/users/99999999999999999999")).RefusedField("user_id");
    }
}
