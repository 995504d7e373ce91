using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Api.Tests.Admin;

public sealed class AdministrationTests : IAsyncLifetime
{
    KithHost host = null!;
    TestUser admin = null!;

    public async ValueTask InitializeAsync()
    {
        host = await KithHost.Start();
        admin = await host.Register("root");
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Figures_and_health_are_told_to_admins_only()
    {
        var user = await host.Register();
        var guild = await user.CreateGuild();
        await user.Send(guild.General, "one");
        var stats = (await admin.Api.Get("/admin/stats")).Ok();
        Assert.Equal((2, 1, 1, 1), (stats.Int("users"), stats.Int("guilds"), stats.Int("messages"), stats.Int("messages_last_day")));
        Assert.True(stats.Int("database_bytes") > 4096 && stats.GetProperty("memory_bytes").GetInt64() > 1_000_000);
        Assert.Equal("ok", stats.GetProperty("health").Str("database"));
        foreach (var path in new[] { "/admin/stats", "/admin/users", "/admin/guilds" })
            (await user.Api.Get(path)).Refused(ErrorCode.MissingPermissions);
        (await user.Api.Patch($"/admin/users/{admin.Id}", new { disabled = true })).Refused(ErrorCode.MissingPermissions);
        (await user.Api.Delete($"/admin/guilds/{guild.Id}")).Refused(ErrorCode.MissingPermissions);
    }

    [Fact]
    public async Task Users_are_found_by_the_beginning_of_their_names_newest_first()
    {
        var (one, two) = (await host.Register("annabel"), await host.Register("anna"));
        await host.Register("bert");
        Assert.Equal([two.Id, one.Id], (await admin.Api.Get("/admin/users?query=AnNa")).Ok().Items().Ids<UserId>());
        Assert.Equal([one.Id], (await admin.Api.Get($"/admin/users?query=anna&before={two.Id}&limit=5")).Ok().Items().Ids<UserId>());
        Assert.Empty((await admin.Api.Get("/admin/users?query=%25")).Ok().Items());
        var root = (await admin.Api.Get("/admin/users?query=root")).Ok().Items()[0];
        Assert.Equal((true, false, false), (root.Bool("admin"), root.Bool("disabled"), root.Bool("bot")));
    }

    [Fact]
    public async Task A_disabled_account_is_put_out_at_once_and_can_come_back_when_it_is_enabled()
    {
        var user = await host.Register();
        await using var probe = await GatewayProbe.Login(user);
        (await admin.Api.Patch($"/admin/users/{user.Id}", new { disabled = true })).Ok(204);
        Assert.Equal(4004, (await probe.Closed()).Code);
        (await user.Api.Get("/users/@me")).Refused(ErrorCode.Unauthorized);
        (await host.Anonymous().Post("/auth/login", new { login = user.Name, password = TestUser.Password })).Refused(ErrorCode.AccountDisabled);
        (await host.Anonymous().Post("/auth/login", new { login = user.Name, password = "a wrong one" })).RefusedField("password");
        Assert.True((await admin.Api.Get($"/admin/users?query={user.Name}")).Ok().Items()[0].Bool("disabled"));
        (await admin.Api.Patch($"/admin/users/{user.Id}", new { disabled = false })).Ok(204);
        (await host.Anonymous().Post("/auth/login", new { login = user.Name, password = TestUser.Password })).Ok();
    }

    [Fact]
    public async Task Nobody_disables_themselves_nor_someone_who_is_not_there()
    {
        (await admin.Api.Patch($"/admin/users/{admin.Id}", new { disabled = true })).Refused(ErrorCode.MissingPermissions);
        (await admin.Api.Patch("/admin/users/1", new { disabled = true })).Refused(ErrorCode.UnknownUser);
        (await admin.Api.Patch("/admin/users/1", new { })).RefusedField("disabled");
    }

    [Fact]
    public async Task Guilds_are_listed_the_largest_first_and_one_can_be_deleted_by_who_is_no_member()
    {
        var (owner, member) = (await host.Register(), await host.Register());
        var (small, large) = (await owner.CreateGuild("small"), await owner.CreateGuild("large"));
        await large.Admit(member);
        var listed = (await admin.Api.Get("/admin/guilds")).Ok().Items();
        Assert.Equal([large.Id, small.Id], listed.Ids<GuildId>());
        Assert.Equal((2, "large"), (listed[0].Int("member_count"), listed[0].Str("name")));
        await using var probe = await GatewayProbe.Login(member);
        (await admin.Api.Delete($"/admin/guilds/{large.Id}")).Ok(204);
        Assert.Equal(large.Id, (await probe.Next("GUILD_DELETE")).Id<GuildId>());
        (await owner.Api.Get($"/guilds/{large.Id}")).Refused(ErrorCode.UnknownGuild);
        (await admin.Api.Delete($"/admin/guilds/{large.Id}")).Refused(ErrorCode.UnknownGuild);
    }
}
