using System.Text.Json;
using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Api.Tests.Guilds;

public sealed class RolesTests(KithHost host)
{
    const string ManageRoles = "268435456";

    [Fact]
    public async Task A_role_without_wishes_is_a_new_role_with_the_permissions_of_everyone()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        await using var probe = await GatewayProbe.Login(owner);
        var role = (await owner.Api.Post($"/guilds/{guild.Id}/roles")).Ok(200);
        Assert.Equal(("new role", ((ulong)Permissions.DefaultEveryone).ToString(), 0, 1, false, false, false), (role.Str("name"), role.Str("permissions"), role.Int("color"),
            role.Int("position"), role.Bool("hoist"), role.Bool("mentionable"), role.Bool("managed")));
        Assert.Equal(role.ToString(), (await owner.Api.Get($"/guilds/{guild.Id}/roles/{role.Id<RoleId>()}")).Ok().ToString());
        var created = await probe.Next("GUILD_ROLE_CREATE");
        Assert.Equal((guild.Id, role.ToString()), (created.Id<GuildId>("guild_id"), created.GetProperty("role").ToString()));
    }

    [Fact]
    public async Task A_role_takes_all_its_fields_and_keeps_what_a_change_does_not_name()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        var id = (await owner.Api.Post($"/guilds/{guild.Id}/roles", new { name = "Red", permissions = "8", color = 0xFF0000, hoist = true, mentionable = true, unicode_emoji = "🔥" })).Ok().Id<RoleId>();
        await using var probe = await GatewayProbe.Login(owner);
        var changed = (await owner.Api.Patch($"/guilds/{guild.Id}/roles/{id}", new { name = "Blue", colors = new { primary_color = 255, secondary_color = 3 } })).Ok();
        Assert.Equal(("Blue", "8", 255, true, true, "🔥"), (changed.Str("name"), changed.Str("permissions"), changed.Int("color"), changed.Bool("hoist"), changed.Bool("mentionable"), changed.Str("unicode_emoji")));
        Assert.Equal((255, 3), (changed.GetProperty("colors").Int("primary_color"), changed.GetProperty("colors").Int("secondary_color")));
        Assert.Equal(changed.ToString(), (await probe.Next("GUILD_ROLE_UPDATE")).GetProperty("role").ToString());
        Assert.Equal(0, (await owner.Api.Patch($"/guilds/{guild.Id}/roles/{id}", new { color = (int?)null })).Ok().Int("color"));
    }

    [Theory]
    [InlineData("name", "\"\"")]
    [InlineData("color", "-1")]
    [InlineData("color", "16777216")]
    [InlineData("permissions", "\"-1\"")]
    [InlineData("permissions", "\"all\"")]
    [InlineData("hoist", "7")]
    public async Task A_role_out_of_bounds_names_its_field(string field, string value)
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        var body = System.Text.Encoding.UTF8.GetBytes($"{{\"{field}\":{value}}}");
        (await owner.Api.Post($"/guilds/{guild.Id}/roles", ApiClient.Json(body))).RefusedField(field);
        (await owner.Api.Patch($"/guilds/{guild.Id}/roles/{await owner.CreateRole(guild.Id)}", ApiClient.Json(body))).RefusedField(field);
    }

    [Fact]
    public async Task A_guild_has_two_hundred_and_fifty_roles_at_most()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        for (var i = 1; i < GuildLimits.Roles; i++)
            await owner.CreateRole(guild.Id, $"r{i}");
        (await owner.Api.Post($"/guilds/{guild.Id}/roles")).Refused(ErrorCode.MaxRoles);
        Assert.Equal(GuildLimits.Roles, (await owner.Api.Get($"/guilds/{guild.Id}/roles")).Ok().Items().Count);
        var bot = await owner.CreateBot($"bot{owner.Id}");
        (await owner.Api.Put($"/guilds/{guild.Id}/bots/{bot.Id}", new { permissions = "8" })).Refused(ErrorCode.MaxRoles);
    }

    [Fact]
    public async Task Everyone_keeps_its_name_and_place_and_cannot_be_deleted_given_or_taken()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        var path = $"/guilds/{guild.Id}/roles/{guild.Everyone}";
        var changed = (await owner.Api.Patch(path, new { name = "Peasants", hoist = true, color = 5, permissions = "1024" })).Ok();
        Assert.Equal(("@everyone", false, 0, "1024"), (changed.Str("name"), changed.Bool("hoist"), changed.Int("color"), changed.Str("permissions")));
        (await owner.Api.Delete(path)).Refused(ErrorCode.InvalidRole);
        (await owner.Api.Patch($"/guilds/{guild.Id}/roles", new[] { new { id = guild.Everyone, position = 5 } })).Ok();
        Assert.Equal(0, (await owner.Api.Get(path)).Ok().Int("position"));
        (await owner.Api.Put($"/guilds/{guild.Id}/members/{owner.Id}/roles/{guild.Everyone}")).Ok(204);
        Assert.Empty((await owner.Api.Get($"/guilds/{guild.Id}/members/{owner.Id}")).Ok().Items("roles"));
    }

    [Fact]
    public async Task One_touches_only_roles_below_ones_own_and_gives_only_permissions_that_one_has()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        var (low, own, high) = (await users[0].CreateRole(guild.Id, "low"), await users[0].CreateRole(guild.Id, "own", new { permissions = ManageRoles }), await users[0].CreateRole(guild.Id, "high"));
        (await users[0].Api.Patch($"/guilds/{guild.Id}/roles", new[] { new { id = low, position = 1 }, new { id = own, position = 2 }, new { id = high, position = 3 } })).Ok();
        await users[0].GiveRole(guild.Id, users[1].Id, own);
        var moderator = users[1].Api;
        (await moderator.Patch($"/guilds/{guild.Id}/roles/{low}", new { name = "renamed" })).Ok();
        (await moderator.Patch($"/guilds/{guild.Id}/roles/{own}", new { name = "mine" })).Refused(ErrorCode.MissingPermissions);
        (await moderator.Patch($"/guilds/{guild.Id}/roles/{high}", new { name = "mine" })).Refused(ErrorCode.MissingPermissions);
        (await moderator.Delete($"/guilds/{guild.Id}/roles/{high}")).Refused(ErrorCode.MissingPermissions);
        (await moderator.Patch($"/guilds/{guild.Id}/roles/{low}", new { permissions = "8" })).Refused(ErrorCode.MissingPermissions);
        (await moderator.Post($"/guilds/{guild.Id}/roles", new { permissions = "4" })).Refused(ErrorCode.MissingPermissions);
        (await moderator.Post($"/guilds/{guild.Id}/roles", new { permissions = "1024" })).Ok();
        // Unnamed bits stay: the owner's may be carried along, not taken.
        (await users[0].Api.Patch($"/guilds/{guild.Id}/roles/{low}", new { permissions = "4" })).Ok();
        (await moderator.Patch($"/guilds/{guild.Id}/roles/{low}", new { permissions = "1028" })).Ok();
        (await moderator.Patch($"/guilds/{guild.Id}/roles/{low}", new { permissions = "1024" })).Refused(ErrorCode.MissingPermissions);
        (await moderator.Delete($"/guilds/{guild.Id}/roles/{low}")).Ok(204);
    }

    [Fact]
    public async Task Of_two_roles_at_one_position_the_older_stands_above()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        var (older, newer) = (await users[0].CreateRole(guild.Id, "older", new { permissions = ManageRoles }), await users[0].CreateRole(guild.Id, "newer", new { permissions = ManageRoles }));
        Assert.Equal([guild.Everyone, newer, older], (await users[0].Api.Get($"/guilds/{guild.Id}/roles")).Ok().Items().Ids<RoleId>());
        await users[0].GiveRole(guild.Id, users[1].Id, older);
        (await users[1].Api.Patch($"/guilds/{guild.Id}/roles/{newer}", new { name = "below" })).Ok();
        (await users[1].Api.Patch($"/guilds/{guild.Id}/roles/{older}", new { name = "own" })).Refused(ErrorCode.MissingPermissions);
    }

    [Fact]
    public async Task Roles_are_moved_to_where_they_are_put()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        var roles = new List<RoleId>();
        for (var i = 0; i < 4; i++)
            roles.Add(await owner.CreateRole(guild.Id, $"r{i}"));
        async Task<IReadOnlyList<RoleId>> Move(params (int Role, int Position)[] moves) =>
            (await owner.Api.Patch($"/guilds/{guild.Id}/roles", moves.Select(m => new { id = roles[m.Role], position = m.Position }))).Ok(200).Items().Ids<RoleId>();
        Assert.Equal([guild.Everyone, roles[0], roles[1], roles[2], roles[3]], await Move((0, 1), (1, 2), (2, 3), (3, 4)));
        Assert.Equal([guild.Everyone, roles[1], roles[2], roles[0], roles[3]], await Move((0, 3)));
        Assert.Equal([guild.Everyone, roles[3], roles[1], roles[2], roles[0]], await Move((3, 1)));
        Assert.Equal([guild.Everyone, roles[3], roles[1], roles[0], roles[2]], await Move((2, 1000)));
        var read = (await owner.Api.Get($"/guilds/{guild.Id}/roles")).Ok().Items();
        Assert.Equal([0, 1, 2, 3, 4], read.Select(r => r.Int("position")));
        (await owner.Api.Patch($"/guilds/{guild.Id}/roles", new[] { new { id = "5", position = 1 } })).Refused(ErrorCode.UnknownRole);
        (await owner.Api.Patch($"/guilds/{guild.Id}/roles", new[] { new { position = 1 } })).RefusedField("0.id");
    }

    [Fact]
    public async Task One_moves_only_what_is_below_and_stays_below()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        var roles = new List<RoleId>();
        for (var i = 0; i < 4; i++)
            roles.Add(await users[0].CreateRole(guild.Id, $"r{i}", new { permissions = ManageRoles }));
        (await users[0].Api.Patch($"/guilds/{guild.Id}/roles", roles.Select((id, i) => new { id, position = i + 1 }))).Ok();
        await users[0].GiveRole(guild.Id, users[1].Id, roles[2]);
        Task<ApiReply> Move(int role, int position) => users[1].Api.Patch($"/guilds/{guild.Id}/roles", new[] { new { id = roles[role], position } });
        (await Move(0, 2)).Ok();
        (await Move(0, 3)).Refused(ErrorCode.MissingPermissions);
        (await Move(3, 1)).Refused(ErrorCode.MissingPermissions);
        (await Move(2, 4)).Refused(ErrorCode.MissingPermissions);
        (await Move(2, 1)).Refused(ErrorCode.MissingPermissions);
    }

    [Fact]
    public async Task A_deleted_role_leaves_members_and_overwrites()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        var (gone, kept) = (await users[0].CreateRole(guild.Id), await users[0].CreateRole(guild.Id));
        await users[0].GiveRole(guild.Id, users[1].Id, gone);
        await users[0].GiveRole(guild.Id, users[1].Id, kept);
        (await users[0].Api.Put($"/channels/{guild.General}/permissions/{gone}", new { type = 0, allow = "1024" })).Ok(204);
        (await users[1].Api.Get($"/channels/{guild.General}")).Ok();
        await using var probe = await GatewayProbe.Login(users[1]);
        (await users[0].Api.Delete($"/guilds/{guild.Id}/roles/{gone}")).Ok(204);

        Assert.Equal(gone, (await probe.Next("GUILD_ROLE_DELETE")).Id<RoleId>("role_id"));
        Assert.Empty((await probe.Next("CHANNEL_UPDATE")).Items("permission_overwrites"));
        Assert.Equal([kept.ToString()], (await users[0].Api.Get($"/guilds/{guild.Id}/members/{users[1].Id}")).Ok().Items("roles").Select(r => r.GetString()));
        (await users[0].Api.Get($"/guilds/{guild.Id}/roles/{gone}")).Refused(ErrorCode.UnknownRole);
        (await users[0].Api.Delete($"/guilds/{guild.Id}/roles/{gone}")).Refused(ErrorCode.UnknownRole);
        (await users[0].Api.Put($"/guilds/{guild.Id}/members/{users[1].Id}/roles/{gone}")).Refused(ErrorCode.UnknownRole);
    }

    [Fact]
    public async Task Members_of_roles_are_counted()
    {
        var users = await host.Register(3);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1..]);
        var (all, one, none) = (await users[0].CreateRole(guild.Id), await users[0].CreateRole(guild.Id), await users[0].CreateRole(guild.Id));
        foreach (var user in users)
            await users[0].GiveRole(guild.Id, user.Id, all);
        await users[0].GiveRole(guild.Id, users[1].Id, one);
        var counts = (await users[1].Api.Get($"/guilds/{guild.Id}/roles/member-counts")).Ok();
        Assert.Equal((3, 1, 0, 3), (counts.Int(all.ToString()), counts.Int(one.ToString()), counts.Int(none.ToString()), counts.EnumerateObject().Count()));
    }

    [Fact]
    public async Task A_bot_brings_a_role_of_its_own_that_nobody_else_gets_and_that_goes_with_it()
    {
        var users = await host.Register(2);
        var (owner, guild) = (users[0], await users[0].CreateGuild());
        await guild.Admit(users[1]);
        var bot = await owner.CreateBot($"bot{owner.Id}");
        await using var probe = await GatewayProbe.Login(owner);
        (await users[1].Api.Put($"/guilds/{guild.Id}/bots/{bot.Id}")).Refused(ErrorCode.MissingPermissions);
        (await owner.Api.Put($"/guilds/{guild.Id}/bots/{users[1].Id}")).Refused(ErrorCode.UnknownUser);
        (await owner.Api.Put($"/guilds/{guild.Id}/bots/{bot.Id}", new { permissions = "8" })).Ok(204);
        (await owner.Api.Put($"/guilds/{guild.Id}/bots/{bot.Id}", new { permissions = "8" })).Refused(ErrorCode.AlreadyMember);

        var role = (await probe.Next("GUILD_ROLE_CREATE")).GetProperty("role");
        var id = role.Id<RoleId>();
        Assert.True(role.Bool("managed"));
        Assert.Equal(bot.Id, role.GetProperty("tags").Id<UserId>("bot_id"));
        Assert.Equal([id.ToString()], (await probe.Next("GUILD_MEMBER_ADD")).Items("roles").Select(r => r.GetString()));
        (await bot.Api.Patch($"/guilds/{guild.Id}", new { name = "Run by a bot" })).Ok();
        (await owner.Api.Put($"/guilds/{guild.Id}/members/{users[1].Id}/roles/{id}")).Refused(ErrorCode.MissingPermissions);
        (await owner.Api.Delete($"/guilds/{guild.Id}/members/{bot.Id}/roles/{id}")).Refused(ErrorCode.MissingPermissions);
        (await owner.Api.Delete($"/guilds/{guild.Id}/roles/{id}")).Refused(ErrorCode.InvalidRole);
        Assert.Equal("16", (await owner.Api.Patch($"/guilds/{guild.Id}/roles/{id}", new { permissions = "16" })).Ok().Str("permissions"));

        (await owner.Api.Delete($"/guilds/{guild.Id}/members/{bot.Id}")).Ok(204);
        Assert.Equal(bot.Id, (await probe.Next("GUILD_MEMBER_REMOVE")).GetProperty("user").Id<UserId>());
        Assert.Equal(id, (await probe.Next("GUILD_ROLE_DELETE")).Id<RoleId>("role_id"));
        (await bot.Api.Get($"/guilds/{guild.Id}")).Refused(ErrorCode.UnknownGuild);
    }

    [Fact]
    public async Task A_bot_gets_no_permission_that_who_adds_it_lacks()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        await users[0].GiveRole(guild.Id, users[1].Id, await users[0].CreateRole(guild.Id, "manager", new { permissions = "32" }));
        var bot = await users[1].CreateBot($"bot{users[1].Id}");
        (await users[1].Api.Put($"/guilds/{guild.Id}/bots/{bot.Id}", new { permissions = "8" })).Refused(ErrorCode.MissingPermissions);
        (await users[1].Api.Put($"/guilds/{guild.Id}/bots/{bot.Id}", new { permissions = "32" })).Ok(204);
    }
}
