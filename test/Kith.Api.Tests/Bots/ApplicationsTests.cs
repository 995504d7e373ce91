using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Api.Tests.Bots;

public sealed class ApplicationsTests(KithHost host)
{
    [Fact]
    public async Task An_application_comes_with_a_bot_whose_token_works()
    {
        var owner = await host.Register();
        var made = (await owner.Api.Post("/applications", new { name = "Weather Bot", description = "Tells the weather." })).Ok();
        Assert.True(made.GetProperty("bot").Bool("bot"));
        Assert.Equal(made.Str("id"), made.GetProperty("bot").Str("id"));
        var bot = host.As($"Bot {made.Str("token")}");

        var me = (await bot.Get("/users/@me")).Ok();
        Assert.Equal((made.Str("id"), true, "Weather Bot"), (me.Str("id"), me.Bool("bot"), me.Str("username")));
        foreach (var path in (string[])["/applications/@me", "/oauth2/applications/@me"])
        {
            var application = (await bot.Get(path)).Ok();
            Assert.Equal(("Weather Bot", "Tells the weather.", owner.Name), (application.Str("name"), application.Str("description"), application.GetProperty("owner").Str("username")));
            Assert.False(application.TryGetProperty("token", out _));
        }

        (await owner.Api.Get("/applications/@me")).Refused(ErrorCode.OnlyBotsCanUse);
        Assert.Equal(made.Str("id"), Assert.Single((await owner.Api.Get("/applications")).Ok().Items()).Str("id"));
    }

    [Fact]
    public async Task Applications_may_share_a_name_their_bots_do_not()
    {
        var owner = await host.Register();
        var names = new List<string?>();
        for (var i = 0; i < 3; i++)
            names.Add((await owner.Api.Post("/applications", new { name = "Same @Name:" })).Ok().GetProperty("bot").Str("username"));
        Assert.Equal(3, names.Distinct().Count());
        Assert.All(names, n => Assert.StartsWith("Same Name", n, StringComparison.Ordinal));
        (await owner.Api.Post("/applications", new { name = "@" })).Ok();
    }

    [Fact]
    public async Task A_reset_token_replaces_the_old_one_and_only_the_owner_resets()
    {
        var users = await host.Register(2);
        var bot = await users[0].CreateBot();
        await using var socket = await GatewayProbe.Login(bot, Intents.Guilds);

        (await users[1].Api.Post($"/applications/{bot.Id}/bot/reset")).Refused(ErrorCode.UnknownApplication);
        var token = (await users[0].Api.Post($"/applications/{bot.Id}/bot/reset")).Ok().Str("token")!;
        (await bot.Api.Get("/users/@me")).Refused(ErrorCode.Unauthorized);
        (await host.As($"Bot {token}").Get("/users/@me")).Ok();
        Assert.Equal(4004, (await socket.Closed()).Code);
    }

    [Fact]
    public async Task A_bot_changes_its_name_by_rules_of_its_own()
    {
        var owner = await host.Register();
        var bot = await owner.CreateBot("first name");
        Assert.Equal("Second Name", (await bot.Api.Patch("/users/@me", new { username = "Second Name" })).Ok(200).Str("username"));
        Assert.Equal("USERNAME_INVALID_CHARACTERS", (await bot.Api.Patch("/users/@me", new { username = "a@b" })).RefusedField("username"));
        Assert.Equal("USERNAME_ALREADY_TAKEN", (await bot.Api.Patch("/users/@me", new { username = owner.Name.ToUpperInvariant() })).RefusedField("username"));
    }

    [Fact]
    public async Task Bots_do_not_do_what_only_people_do()
    {
        var owner = await host.Register();
        var bot = await owner.CreateBot();
        foreach (var refused in new[]
        {
            await bot.Api.Post("/applications", new { name = "child" }),
            await bot.Api.Put($"/users/@me/relationships/{owner.Id}", new { }),
            await bot.Api.Put($"/users/@me/following/{owner.Id}"),
            await bot.Api.Get("/users/@me/settings"),
            await bot.Api.Patch("/users/@me/settings", new { theme = "dark" }),
            await bot.Api.Put($"/users/@me/notes/{owner.Id}", new { note = "boss" }),
            await bot.Api.Get("/auth/sessions"),
            await bot.Api.Post("/auth/logout"),
            await bot.Api.Post("/users/@me/mfa/totp/enable"),
        })
            refused.Refused(ErrorCode.BotsCannotUse);
        (await bot.Api.Get("/users/@me")).Ok();
        (await bot.Api.Patch("/users/@me", new { password = "none at all", new_password = "some password" })).Refused(ErrorCode.InvalidAccountType);
        (await owner.Api.Put($"/users/@me/relationships/{bot.Id}", new { })).Refused(ErrorCode.InvalidAccountType);
        Assert.Equal("INVALID_LOGIN", (await host.Anonymous().Post("/auth/login", new { login = bot.Name, password = "" })).RefusedField("login"));
    }

    [Fact]
    public async Task What_is_wrong_with_an_application_is_told_at_its_field()
    {
        var owner = await host.Register();
        Assert.Equal("BASE_TYPE_REQUIRED", (await owner.Api.Post("/applications", new { })).RefusedField("name"));
        var reply = await owner.Api.Post("/applications", new { name = new string('n', 33), description = new string('d', 401) });
        Assert.Equal("BASE_TYPE_BAD_LENGTH", reply.RefusedField("name"));
        Assert.Equal("BASE_TYPE_BAD_LENGTH", reply.RefusedField("description"));
    }
}
