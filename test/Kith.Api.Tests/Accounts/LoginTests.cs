using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Api.Tests.Accounts;

public sealed class LoginTests(KithHost host)
{
    [Fact]
    public async Task One_logs_in_by_name_and_by_address_whatever_the_case()
    {
        var registered = (await host.Anonymous().Post("/auth/register", new { username = "logs.in", password = TestUser.Password, email = "Logs.In@example.org" })).Ok(201);
        foreach (var login in (string[])["logs.in", "LOGS.IN", "logs.in@example.org", " Logs.In@Example.org "])
        {
            var reply = (await host.Anonymous().Post("/auth/login", new { login, password = TestUser.Password })).Ok(200);
            Assert.Equal(registered.Str("user_id"), reply.Str("user_id"));
            (await host.As(reply.Str("token")!).Get("/users/@me")).Ok();
        }
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_name_are_refused_alike()
    {
        var user = await host.Register();
        var wrong = await host.Anonymous().Post("/auth/login", new { login = user.Name, password = TestUser.Password + "!" });
        var unknown = await host.Anonymous().Post("/auth/login", new { login = "never.registered", password = TestUser.Password });
        Assert.Equal("INVALID_LOGIN", wrong.RefusedField("login"));
        Assert.Equal("INVALID_LOGIN", wrong.RefusedField("password"));
        Assert.Equal(unknown.Text, wrong.Text);
        Assert.Equal("INVALID_LOGIN", (await host.Anonymous().Post("/auth/login", new { })).RefusedField("login"));
        Assert.Equal("INVALID_LOGIN", (await host.Anonymous().Post("/auth/login", new { login = new string('a', 100_000), password = new string('b', 100_000) })).RefusedField("login"));
    }

    [Fact]
    public async Task Guessing_a_password_is_stopped_even_for_the_right_one_until_time_has_passed()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var guarded = await KithHost.Start(new KithHostSetup { Clock = clock });
        var user = await guarded.Register();
        var guesses = await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            guarded.Anonymous().Post("/auth/login", new { login = user.Name, password = $"guess number {i}" })));
        Assert.Equal(LoginAttempts.PerAccount, guesses.Count(g => g.Status == 400));
        Assert.All(guesses.Where(g => g.Status != 400), g => Assert.Equal(429, g.Status));
        Assert.InRange(guesses.First(g => g.Status == 429).Json.GetProperty("retry_after").GetDouble(), 1, 900);
        Assert.Equal(429, (await guarded.Anonymous().Post("/auth/login", new { login = user.Name, password = TestUser.Password })).Status);

        clock.Advance(LoginAttempts.Window);
        (await guarded.Anonymous().Post("/auth/login", new { login = user.Name, password = TestUser.Password })).Ok(200);
    }

    [Fact]
    public async Task Logging_out_ends_this_token_and_no_other()
    {
        var user = await host.Register();
        var second = await LogIn(user);
        (await user.Api.Post("/auth/logout")).Ok(204);
        (await user.Api.Get("/users/@me")).Refused(ErrorCode.Unauthorized);
        (await second.Get("/users/@me")).Ok();
    }

    [Fact]
    public async Task Logins_are_listed_with_the_one_that_asks_first_and_can_be_ended()
    {
        var user = await host.Register();
        var second = await LogIn(user);
        var third = await LogIn(user);

        var list = (await second.Get("/auth/sessions")).Ok().Items("user_sessions");
        Assert.Equal(3, list.Count);
        Assert.True(list[0].Bool("current"));
        Assert.All(list.Skip(1), s => Assert.False(s.Bool("current")));
        Assert.Equal("127.0.0.1", list[0].GetProperty("client_info").Str("location"));

        var others = list.Skip(1).Select(s => s.Str("id")).ToArray();
        (await second.Post("/auth/sessions/logout", new { session_ids = others })).Ok(204);
        (await user.Api.Get("/users/@me")).Refused(ErrorCode.Unauthorized);
        (await third.Get("/users/@me")).Refused(ErrorCode.Unauthorized);
        Assert.Single((await second.Get("/auth/sessions")).Ok().Items("user_sessions"));
    }

    [Fact]
    public async Task Another_users_login_cannot_be_ended()
    {
        var users = await host.Register(2);
        var session = (await users[0].Api.Get("/auth/sessions")).Ok().Items("user_sessions")[0].Str("id");
        (await users[1].Api.Post("/auth/sessions/logout", new { session_ids = (string[])[session!] })).Ok(204);
        (await users[0].Api.Get("/users/@me")).Ok();
    }

    [Fact]
    public async Task A_login_that_is_not_used_ends()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var timed = await KithHost.Start(new KithHostSetup
        {
            Clock = clock, Options = o => o with { Accounts = o.Accounts with { SessionLifetime = TimeSpan.FromDays(10) } },
        });
        var user = await timed.Register();
        var idle = await LogIn(timed, user);
        var bot = await user.CreateBot();
        for (var day = 0; day < 4; day++)
        {
            clock.Set(clock.GetUtcNow().AddDays(4));
            (await user.Api.Get("/users/@me")).Ok();
        }

        (await idle.Get("/users/@me")).Refused(ErrorCode.Unauthorized);
        (await bot.Api.Get("/users/@me")).Ok();
        var list = (await user.Api.Get("/auth/sessions")).Ok().Items("user_sessions");
        Assert.Equal(clock.GetUtcNow(), list[0].GetProperty("approx_last_used_time").GetDateTimeOffset(), TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task When_a_login_was_last_used_outlives_a_restart()
    {
        using var folder = new TemporaryFolder();
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        TestUser user;
        await using (var first = await KithHost.Start(new KithHostSetup { Clock = clock, Data = folder.Path }))
        {
            user = await first.Register();
            clock.Set(clock.GetUtcNow().AddDays(3));
            (await user.Api.Get("/users/@me")).Ok();
        }

        await using var second = await KithHost.Start(new KithHostSetup { Clock = clock, Data = folder.Path });
        var session = Assert.Single((await second.As(user.Token).Get("/auth/sessions")).Ok().Items("user_sessions"));
        Assert.Equal(clock.GetUtcNow(), session.GetProperty("approx_last_used_time").GetDateTimeOffset(), TimeSpan.FromHours(1));
        Assert.Equal(clock.GetUtcNow().AddDays(-3), session.GetProperty("created_at").GetDateTimeOffset(), TimeSpan.FromHours(1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("a.b.c.d")]
    [InlineData("..")]
    [InlineData("Bot ")]
    [InlineData("Bearer Bot x.y.z")]
    [InlineData("Bot null.undefined.NaN")]
    public async Task A_malformed_token_is_refused(string token) => (await host.As(token).Get("/users/@me")).Refused(ErrorCode.Unauthorized);

    [Fact]
    public async Task A_token_with_any_part_changed_is_refused()
    {
        var users = await host.Register(2);
        var mine = users[0].Token.Split('.');
        var theirs = users[1].Token.Split('.');
        string[] forged =
        [
            $"{theirs[0]}.{mine[1]}.{mine[2]}", $"{mine[0]}.{theirs[1]}.{mine[2]}", $"{mine[0]}.{mine[1]}.{theirs[2]}", $"{mine[0]}.{mine[1]}.", $"{mine[0]}.{mine[1]}.{mine[2]}=",
        ];
        foreach (var token in forged)
            (await host.As(token).Get("/users/@me")).Refused(ErrorCode.Unauthorized);
        (await host.Anonymous().Get("/users/@me")).Refused(ErrorCode.Unauthorized);
    }

    Task<ApiClient> LogIn(TestUser user) => LogIn(host, user);

    static async Task<ApiClient> LogIn(KithHost server, TestUser user) =>
        server.As((await server.Anonymous().Post("/auth/login", new { login = user.Name, password = TestUser.Password })).Ok(200).Str("token")!);
}
