using System.Text;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Api.Tests.Accounts;

public sealed class RegistrationTests(KithHost host)
{
    [Fact]
    public async Task Who_registers_gets_a_token_that_works_and_starts_with_their_id()
    {
        var reply = (await host.Anonymous().Post("/auth/register", Body("tim.o_7", email: "Tim@example.org", globalName: " Tim "))).Ok(201);
        var token = reply.Str("token")!;

        var parts = token.Split('.');
        Assert.Equal(3, parts.Length);
        Assert.Equal(reply.Str("user_id"), Encoding.ASCII.GetString(Convert.FromBase64String(parts[0].PadRight((parts[0].Length + 3) / 4 * 4, '='))));

        foreach (var form in (string[])[token, $"Bot {token}", $"Bearer {token}"])
        {
            var me = (await host.As(form).Get("/users/@me")).Ok();
            Assert.Equal("tim.o_7", me.Str("username"));
            Assert.Equal("Tim", me.Str("global_name"));
            Assert.Equal("Tim@example.org", me.Str("email"));
            Assert.False(me.Bool("mfa_enabled"));
        }
    }

    [Fact]
    public async Task Capitals_in_a_name_are_lowered_and_do_not_make_another_name()
    {
        (await host.Anonymous().Post("/auth/register", Body("MiXeD.Case"))).Ok(201);
        Assert.Equal("USERNAME_ALREADY_TAKEN", (await host.Anonymous().Post("/auth/register", Body("mixed.case"))).RefusedField("username"));
    }

    [Theory]
    [InlineData("x", "BASE_TYPE_BAD_LENGTH")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "BASE_TYPE_BAD_LENGTH")]
    [InlineData("", "BASE_TYPE_REQUIRED")]
    [InlineData("has blank", "USERNAME_INVALID_CHARACTERS")]
    [InlineData("grüße", "USERNAME_INVALID_CHARACTERS")]
    [InlineData("nul\u0000l", "USERNAME_INVALID_CHARACTERS")]
    [InlineData("tab\tbed", "USERNAME_INVALID_CHARACTERS")]
    [InlineData("new\nline", "USERNAME_INVALID_CHARACTERS")]
    [InlineData("a@b", "USERNAME_INVALID_CHARACTERS")]
    [InlineData("dot..dot", "USERNAME_INVALID_CONTAINS")]
    [InlineData("everyone", "USERNAME_INVALID_RESERVED")]
    [InlineData("HERE", "USERNAME_INVALID_RESERVED")]
    public async Task A_name_that_breaks_the_rules_is_refused_with_the_reason(string name, string code) =>
        Assert.Equal(code, (await host.Anonymous().Post("/auth/register", Body(name))).RefusedField("username"));

    [Fact]
    public async Task All_wrong_fields_are_told_at_once()
    {
        var reply = await host.Anonymous().Post("/auth/register", new { username = "a", password = "short", email = "nowhere", global_name = new string('n', 33) });
        Assert.Equal("BASE_TYPE_BAD_LENGTH", reply.RefusedField("username"));
        Assert.Equal("BASE_TYPE_BAD_LENGTH", reply.RefusedField("password"));
        Assert.Equal("EMAIL_TYPE_INVALID_EMAIL", reply.RefusedField("email"));
        Assert.Equal("BASE_TYPE_BAD_LENGTH", reply.RefusedField("global_name"));
        Assert.Equal("BASE_TYPE_REQUIRED", (await host.Anonymous().Post("/auth/register", new { username = "somebody" })).RefusedField("password"));
    }

    [Fact]
    public async Task An_address_belongs_to_one_account_whatever_its_case()
    {
        (await host.Anonymous().Post("/auth/register", Body("first.of.address", email: "one@example.org"))).Ok(201);
        Assert.Equal("EMAIL_ALREADY_REGISTERED", (await host.Anonymous().Post("/auth/register", Body("second.of.address", email: "ONE@example.org"))).RefusedField("email"));
        // Nothing is left of the second.
        (await host.Anonymous().Post("/auth/register", Body("second.of.address"))).Ok(201);
    }

    [Fact]
    public async Task A_hundred_registrations_of_one_name_at_once_make_one_account()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => host.Anonymous().Post("/auth/register", Body("wanted.by.all"))));
        var winner = Assert.Single(replies, r => r.Status == 201);
        Assert.All(replies.Where(r => r != winner), r => Assert.Equal("USERNAME_ALREADY_TAKEN", r.RefusedField("username")));
        Assert.Equal("wanted.by.all", (await host.As(winner.Json.Str("token")!).Get("/users/@me")).Ok().Str("username"));
    }

    [Fact]
    public async Task Of_many_first_accounts_at_once_exactly_one_is_admin()
    {
        await using var fresh = await KithHost.Start();
        var users = await fresh.Register(20);
        var selves = await Task.WhenAll(users.Select(async u => (await u.Api.Get("/users/@me")).Ok()));
        Assert.Single(selves, s => s.TryGetProperty("admin", out var admin) && admin.GetBoolean());

        var later = await fresh.Register();
        Assert.False((await later.Api.Get("/users/@me")).Ok().TryGetProperty("admin", out _));
    }

    [Fact]
    public async Task Nobody_registers_where_registration_is_closed()
    {
        await using var closed = await Start(RegistrationPolicy.Closed);
        (await closed.Anonymous().Post("/auth/register", Body("hopeful"))).Refused(ErrorCode.RegistrationClosed);
    }

    [Fact]
    public async Task A_guilds_invite_lets_register_and_brings_into_the_guild()
    {
        using var folder = new TemporaryFolder();
        GuildId guild;
        string invite;
        await using (var open = await KithHost.Start(new KithHostSetup { Data = folder.Path }))
        {
            var owner = await open.Register();
            var made = await owner.CreateGuild();
            (guild, invite) = (made.Id, await owner.CreateInvite(made.General));
        }

        await using var inviting = await Start(RegistrationPolicy.Invite, folder.Path);
        Assert.Equal("BASE_TYPE_REQUIRED", (await inviting.Anonymous().Post("/auth/register", Body("guest"))).RefusedField("invite"));
        Assert.Equal("INVITE_CODE_INVALID", (await inviting.Anonymous().Post("/auth/register", Body("guest", invite: "guess"))).RefusedField("invite"));
        var token = (await inviting.Anonymous().Post("/auth/register", Body("guest", invite: invite))).Ok(201).Str("token")!;
        Assert.Equal(guild, Assert.Single((await inviting.As(token).Get("/users/@me/guilds")).Ok().Items()).Id<GuildId>());
    }

    [Fact]
    public async Task A_registration_code_of_the_admin_lets_register_as_often_as_it_says()
    {
        using var folder = new TemporaryFolder();
        string admin, other;
        await using (var open = await KithHost.Start(new KithHostSetup { Data = folder.Path }))
            (admin, other) = ((await open.Register()).Token, (await open.Register()).Token);

        await using var inviting = await Start(RegistrationPolicy.Invite, folder.Path);
        (await inviting.As(other).Post("/instance/registration-codes", new { max_uses = 3 })).Refused(ErrorCode.MissingPermissions);
        var code = (await inviting.As(admin).Post("/instance/registration-codes", new { max_uses = 3 })).Ok(201).Str("code")!;

        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => inviting.Anonymous().Post("/auth/register", Body($"invited{i}", invite: code))));
        Assert.Equal(3, replies.Count(r => r.Status == 201));
        Assert.All(replies.Where(r => r.Status != 201), r => Assert.Equal("INVITE_CODE_INVALID", r.RefusedField("invite")));
        Assert.Equal(0, Assert.Single((await inviting.As(admin).Get("/instance/registration-codes")).Ok().Items()).Int("uses_left"));

        // A name that is taken uses nothing.
        var again = (await inviting.As(admin).Post("/instance/registration-codes", new { max_age = 60 })).Ok(201).Str("code")!;
        var taken = replies.First(r => r.Status == 201).Json.Str("user_id");
        var name = (await inviting.As(admin).Get($"/users/{taken}")).Ok().Str("username")!;
        Assert.Equal("USERNAME_ALREADY_TAKEN", (await inviting.Anonymous().Post("/auth/register", Body(name, invite: again))).RefusedField("username"));
        (await inviting.Anonymous().Post("/auth/register", Body("last.invited", invite: again))).Ok(201);

        (await inviting.As(admin).Delete($"/instance/registration-codes/{code}")).Ok(204);
        (await inviting.As(admin).Delete($"/instance/registration-codes/{code}")).Refused(ErrorCode.InvalidInvite);
    }

    [Theory]
    [InlineData("{\"username\": \"bad\\ud800\", \"password\": \"long enough\"}")]
    [InlineData("{\"username\": \"twice\", \"username\": \"twice2\", \"password\": \"long enough\"}")]
    [InlineData("{\"username\": \"open")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"username\": 5, \"password\": \"long enough\"}")]
    public async Task A_body_that_is_not_what_was_asked_for_is_refused(string json)
    {
        var reply = await host.Anonymous().Send(HttpMethod.Post, "/auth/register", ApiClient.Json(Encoding.UTF8.GetBytes(json)));
        Assert.Equal(400, reply.Status);
        Assert.Contains(reply.Json.Int("code"), (int[])[50035, 50109]);
    }

    [Fact]
    public async Task Invalid_UTF8_in_a_name_is_refused()
    {
        byte[] json = [.. "{\"username\": \"x"u8, 0xC3, 0x28, 0xFF, .. "y\", \"password\": \"long enough\"}"u8];
        Assert.Equal(400, (await host.Anonymous().Send(HttpMethod.Post, "/auth/register", ApiClient.Json(json))).Status);
    }

    [Fact]
    public async Task A_lone_surrogate_in_a_display_name_is_refused()
    {
        var json = "{\"username\": \"surrogate.name\", \"password\": \"long enough\", \"global_name\": \"a\\udfffb\"}";
        Assert.Equal(400, (await host.Anonymous().Send(HttpMethod.Post, "/auth/register", ApiClient.Json(Encoding.UTF8.GetBytes(json)))).Status);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/xml")]
    public async Task A_body_of_another_type_is_refused(string type)
    {
        var content = new StringContent("{\"username\": \"wrongtype\", \"password\": \"long enough\"}", Encoding.UTF8, type);
        Assert.Equal("CONTENT_TYPE_INVALID", (await host.Anonymous().Send(HttpMethod.Post, "/auth/register", content)).RefusedField("_body"));
    }

    static Task<KithHost> Start(RegistrationPolicy policy, string? data = null) => KithHost.Start(new KithHostSetup
    {
        Data = data, Options = options => options with { Accounts = options.Accounts with { Registration = policy } },
    });

    static object Body(string username, string? email = null, string? globalName = null, string? invite = null) =>
        new { username, password = TestUser.Password, email, global_name = globalName, invite };
}
