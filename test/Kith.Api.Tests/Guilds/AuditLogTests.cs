using System.Text.Json;
using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Api.Tests.Guilds;

public sealed class AuditLogTests(KithHost host)
{
    [Fact]
    public async Task Everything_that_is_done_to_a_guild_is_told_with_what_changed()
    {
        var users = await host.Register(3);
        var (owner, guild) = (users[0], await users[0].CreateGuild());
        await guild.Admit(users[1..]);
        await using var probe = await GatewayProbe.Login(owner);

        (await owner.Api.Patch($"/guilds/{guild.Id}", new { name = "Renamed" })).Ok();
        await Expect(AuditLogAction.GuildUpdate, guild.Id.Value, ("name", "\"Guild\"", "\"Renamed\""));
        var channel = await owner.CreateChannel(guild.Id, "new");
        await Expect(AuditLogAction.ChannelCreate, channel.Value, ("name", null, "\"new\""), ("type", null, "0"));
        (await owner.Api.Patch($"/channels/{channel}", new { topic = "Topic", rate_limit_per_user = 5 })).Ok();
        await Expect(AuditLogAction.ChannelUpdate, channel.Value, ("topic", null, "\"Topic\""), ("rate_limit_per_user", "0", "5"));
        var role = await owner.CreateRole(guild.Id, "role", new { permissions = "8" });
        await Expect(AuditLogAction.RoleCreate, role.Value, ("name", null, "\"role\""), ("permissions", null, "\"8\""));
        (await owner.Api.Patch($"/guilds/{guild.Id}/roles/{role}", new { color = 5 })).Ok();
        await Expect(AuditLogAction.RoleUpdate, role.Value, ("color", "0", "5"));

        var path = $"/channels/{channel}/permissions/{role}";
        (await owner.Api.Put(path, new { type = 0, allow = "1024" })).Ok(204);
        var options = (await Expect(AuditLogAction.ChannelOverwriteCreate, channel.Value, ("allow", null, "\"1024\""))).GetProperty("options");
        Assert.Equal((role.ToString(), "0", "role"), (options.Str("id"), options.Str("type"), options.Str("role_name")));
        (await owner.Api.Put(path, new { type = 0, allow = "2048" })).Ok(204);
        await Expect(AuditLogAction.ChannelOverwriteUpdate, channel.Value, ("allow", "\"1024\"", "\"2048\""));
        (await owner.Api.Delete(path)).Ok(204);
        await Expect(AuditLogAction.ChannelOverwriteDelete, channel.Value, ("allow", "\"2048\"", null));

        var target = users[1].Id;
        await owner.GiveRole(guild.Id, target, role);
        await Expect(AuditLogAction.MemberRoleUpdate, target.Value, ("$add", null, $"[{{\"id\":\"{role}\",\"name\":\"role\"}}]"));
        (await owner.Api.Patch($"/guilds/{guild.Id}/members/{target}", new { nick = "Nick", roles = Array.Empty<string>() })).Ok();
        await Expect(AuditLogAction.MemberUpdate, target.Value, ("nick", null, "\"Nick\""));
        await Expect(AuditLogAction.MemberRoleUpdate, target.Value, ("$remove", null, $"[{{\"id\":\"{role}\",\"name\":\"role\"}}]"));
        (await owner.Api.Delete($"/guilds/{guild.Id}/members/{target}")).Ok(204);
        await Expect(AuditLogAction.MemberKick, target.Value);
        (await owner.Api.Put($"/guilds/{guild.Id}/bans/{users[2].Id}")).Ok(204);
        await Expect(AuditLogAction.MemberBanAdd, users[2].Id.Value);
        (await owner.Api.Delete($"/guilds/{guild.Id}/bans/{users[2].Id}")).Ok(204);
        await Expect(AuditLogAction.MemberBanRemove, users[2].Id.Value);

        var invite = await owner.CreateInvite(channel, new { max_uses = 3 });
        await Expect(AuditLogAction.InviteCreate, null, ("code", null, $"\"{invite}\""), ("max_uses", null, "3"));
        (await owner.Api.Delete($"/invites/{invite}")).Ok();
        await Expect(AuditLogAction.InviteDelete, null, ("code", $"\"{invite}\"", null));
        var bot = await owner.CreateBot($"bot{owner.Id}");
        await guild.AddBot(bot.Id);
        await Expect(AuditLogAction.BotAdd, bot.Id.Value);
        (await owner.Api.Delete($"/guilds/{guild.Id}/roles/{role}")).Ok(204);
        await Expect(AuditLogAction.RoleDelete, role.Value, ("name", "\"role\"", null));
        (await owner.Api.Delete($"/channels/{channel}")).Ok();
        await Expect(AuditLogAction.ChannelDelete, channel.Value, ("name", "\"new\"", null));

        async Task<JsonElement> Expect(AuditLogAction action, long? targetId, params (string Key, string? Old, string? New)[] changes)
        {
            var e = await probe.Next("GUILD_AUDIT_LOG_ENTRY_CREATE", e => e.Int("action_type") == (int)action);
            Assert.Equal((guild.Id, owner.Id, targetId?.ToString()), (e.Id<GuildId>("guild_id"), e.Id<UserId>("user_id"), e.Str("target_id")));
            foreach (var (key, old, now) in changes)
            {
                var change = e.Items("changes").Single(c => c.Str("key") == key);
                Assert.Equal((old, now), (Raw(change, "old_value"), Raw(change, "new_value")));
            }

            return e;
        }
    }

    [Fact]
    public async Task What_moderators_do_to_messages_is_told_and_what_authors_do_to_their_own_is_not()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        var messages = new List<MessageId>();
        for (var i = 0; i < 5; i++)
            messages.Add((await users[1].Send(guild.General, $"{i}")).Id<MessageId>());
        var path = $"/channels/{guild.General}/messages";
        (await users[1].Api.Delete($"{path}/{messages[0]}")).Ok(204);
        (await users[0].Api.Put($"/channels/{guild.General}/pins/{messages[1]}")).Ok(204);
        (await users[0].Api.Delete($"/channels/{guild.General}/pins/{messages[1]}")).Ok(204);
        (await users[0].Api.Send(HttpMethod.Delete, $"{path}/{messages[1]}", reason: "Off topic")).Ok(204);
        (await users[0].Api.Post($"{path}/bulk-delete", new { messages = messages[2..] })).Ok(204);

        var entries = (await Entries(users[0], guild)).Where(e => e.Int("action_type") >= 72).ToArray();
        Assert.Equal([73, 72, 75, 74], entries.Select(e => e.Int("action_type")));
        Assert.Equal((guild.General.ToString(), "3"), (entries[0].Str("target_id"), entries[0].GetProperty("options").Str("count")));
        Assert.Equal((users[1].Id.ToString(), "Off topic", guild.General.ToString()),
            (entries[1].Str("target_id"), entries[1].Str("reason"), entries[1].GetProperty("options").Str("channel_id")));
        Assert.Equal(messages[1].ToString(), entries[3].GetProperty("options").Str("message_id"));
    }

    [Fact]
    public async Task What_changes_nothing_is_not_told()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        (await users[0].Api.Patch($"/guilds/{guild.Id}", new { name = "Guild" })).Ok();
        (await users[0].Api.Patch($"/channels/{guild.General}", new { name = "general" })).Ok();
        (await users[0].Api.Patch($"/guilds/{guild.Id}/members/{users[1].Id}", new { mute = false })).Ok();
        (await users[0].Api.Delete($"/channels/{guild.General}/permissions/5")).Refused(ErrorCode.UnknownOverwrite);
        Assert.Equal([(int)AuditLogAction.InviteCreate], (await Entries(users[0], guild)).Select(e => e.Int("action_type")));
    }

    [Fact]
    public async Task The_reason_is_kept_decoded_and_at_most_512_letters()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        await WithReason("Because: Grüße 👋 100%");
        await WithReason(new string('x', 600));
        Assert.Equal([new string('x', 512), "Because: Grüße 👋 100%"], (await Entries(owner, guild)).Select(e => e.Str("reason")));

        async Task WithReason(string reason) => (await owner.Api.Send(HttpMethod.Post, $"/guilds/{guild.Id}/roles", new { }, reason)).Ok();
    }

    [Fact]
    public async Task Entries_are_found_by_user_action_and_place_with_the_users_they_name()
    {
        var users = await host.Register(3);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1..]);
        await users[0].GiveRole(guild.Id, users[1].Id, await users[0].CreateRole(guild.Id, "admin", new { permissions = "8" }));
        await users[1].CreateRole(guild.Id, "by another");
        (await users[1].Api.Patch($"/guilds/{guild.Id}/members/{users[2].Id}", new { nick = "x" })).Ok();

        var all = await Entries(users[0], guild);
        Assert.Equal([24, 30, 25, 30, 40], all.Select(e => e.Int("action_type")));
        Assert.Equal([24, 30], (await Entries(users[0], guild, $"user_id={users[1].Id}")).Select(e => e.Int("action_type")));
        Assert.Equal([24], (await Entries(users[0], guild, $"target_id={users[2].Id}")).Select(e => e.Int("action_type")));
        Assert.Equal(2, (await Entries(users[0], guild, "action_type=30")).Count);
        Assert.Equal([25, 30], (await Entries(users[0], guild, $"limit=2&before={all[1].Str("id")}")).Select(e => e.Int("action_type")));
        Assert.Equal([30, 25], (await Entries(users[0], guild, $"limit=2&after={all[4].Str("id")}")).Select(e => e.Int("action_type")));
        Assert.Empty(await Entries(users[0], guild, "action_type=4711"));
        var named = (await users[0].Api.Get($"/guilds/{guild.Id}/audit-logs")).Ok().Items("users").Ids<UserId>();
        Assert.Equal(users.Select(u => u.Id).OrderBy(u => u.Value), named.OrderBy(u => u.Value));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=-5", "limit")]
    [InlineData("before=x", "before")]
    [InlineData("user_id=x", "user_id")]
    [InlineData("action_type=x", "action_type")]
    public async Task A_query_out_of_bounds_names_its_field(string query, string field)
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        (await owner.Api.Get($"/guilds/{guild.Id}/audit-logs?{query}")).RefusedField(field);
    }

    [Fact]
    public async Task The_log_is_for_those_who_may_see_it()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        await using var probe = await GatewayProbe.Login(users[1]);
        (await users[1].Api.Get($"/guilds/{guild.Id}/audit-logs")).Refused(ErrorCode.MissingPermissions);
        var role = await users[0].CreateRole(guild.Id, "auditor", new { permissions = "128" });
        await users[0].GiveRole(guild.Id, users[1].Id, role);
        (await users[1].Api.Get($"/guilds/{guild.Id}/audit-logs")).Ok();
        (await users[0].Api.Patch($"/guilds/{guild.Id}/roles/{role}", new { color = 3 })).Ok();
        await probe.Next("GUILD_AUDIT_LOG_ENTRY_CREATE", e => e.Int("action_type") == 31);
        probe.AssertNone("GUILD_AUDIT_LOG_ENTRY_CREATE", e => e.Int("action_type") == 30);
    }

    static async Task<IReadOnlyList<JsonElement>> Entries(TestUser user, TestGuild guild, string query = "") =>
        (await user.Api.Get($"/guilds/{guild.Id}/audit-logs?{query}")).Ok().Items("audit_log_entries");

    static string? Raw(JsonElement json, string property) => json.TryGetProperty(property, out var value) ? value.GetRawText() : null;
}
