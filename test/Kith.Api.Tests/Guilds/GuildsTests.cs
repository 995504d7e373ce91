using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Api.Tests.Guilds;

public sealed class GuildsTests(KithHost host)
{
    [Fact]
    public async Task A_new_guild_has_everyone_and_general_and_its_owner()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild("  Gophers ");

        var json = (await owner.Api.Get($"/guilds/{guild.Id}?with_counts=true")).Ok();
        Assert.Equal("Gophers", json.Str("name"));
        Assert.Equal(owner.Id, json.Id<UserId>("owner_id"));
        Assert.Equal(guild.General, json.Id<ChannelId>("system_channel_id"));
        Assert.Equal(1, json.Int("approximate_member_count"));
        var role = Assert.Single(json.Items("roles"));
        Assert.Equal("@everyone", role.Str("name"));
        Assert.Equal(((ulong)Permissions.DefaultEveryone).ToString(), role.Str("permissions"));
        var channel = Assert.Single((await owner.Api.Get($"/guilds/{guild.Id}/channels")).Ok().Items());
        Assert.Equal("general", channel.Str("name"));
    }

    [Fact]
    public async Task A_new_guild_comes_to_its_owners_sessions()
    {
        var owner = await host.Register();
        await using var probe = await GatewayProbe.Login(owner);
        var guild = await owner.CreateGuild("Fresh");
        var created = await probe.Next("GUILD_CREATE");
        Assert.Equal((guild.Id, "Fresh", 1, false), (created.Id<GuildId>(), created.Str("name"), created.Int("member_count"), created.Bool("unavailable")));
        Assert.Equal(guild.General, Assert.Single(created.Items("channels")).Id<ChannelId>());
    }

    [Theory]
    [InlineData("a")]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\0\u0007 \t")]
    public async Task A_guild_needs_a_name_of_two_letters(string name) =>
        Assert.StartsWith("BASE_TYPE_", (await (await host.Register()).Api.Post("/guilds", new { name })).RefusedField("name"), StringComparison.Ordinal);

    [Fact]
    public async Task A_guilds_name_has_a_hundred_letters_at_most()
    {
        var owner = await host.Register();
        (await owner.Api.Post("/guilds", new { name = new string('x', 100) })).Ok(201);
        (await owner.Api.Post("/guilds", new { name = new string('x', 101) })).RefusedField("name");
        (await owner.Api.Post("/guilds")).RefusedField("name");
    }

    [Fact]
    public async Task A_guild_that_one_is_not_in_answers_as_one_that_does_not_exist()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        var role = await users[0].CreateRole(guild.Id);
        var (stranger, owner) = (users[1].Api, users[0]);

        string[] paths =
        [
            "", "/channels", "/roles", $"/roles/{role}", "/roles/member-counts", "/members", $"/members/{owner.Id}", "/members/search?query=u", "/bans", $"/bans/{owner.Id}", "/prune?days=7",
            "/audit-logs", "/invites", "/preview", "/regions", "/vanity-url",
        ];
        foreach (var path in paths)
        {
            var foreign = (await stranger.Get($"/guilds/{guild.Id}{path}")).Refused(ErrorCode.UnknownGuild);
            Assert.Equal((await stranger.Get($"/guilds/1{path}")).Refused(ErrorCode.UnknownGuild).ToString(), foreign.ToString());
        }

        (await stranger.Patch($"/guilds/{guild.Id}", new { name = "Mine" })).Refused(ErrorCode.UnknownGuild);
        (await stranger.Delete($"/guilds/{guild.Id}")).Refused(ErrorCode.UnknownGuild);
        (await stranger.Post($"/guilds/{guild.Id}/channels", new { name = "mine" })).Refused(ErrorCode.UnknownGuild);
        (await stranger.Post($"/guilds/{guild.Id}/roles")).Refused(ErrorCode.UnknownGuild);
        (await stranger.Put($"/guilds/{guild.Id}/bans/{owner.Id}")).Refused(ErrorCode.UnknownGuild);
        (await stranger.Delete($"/users/@me/guilds/{guild.Id}")).Refused(ErrorCode.UnknownGuild);
    }

    [Theory]
    [InlineData("banana")]
    [InlineData("-1")]
    [InlineData("9223372036854775808")]
    [InlineData("99999999999999999999999999")]
    [InlineData("1.5")]
    [InlineData("1%20")]
    public async Task A_malformed_id_is_a_form_error(string id)
    {
        var user = await host.Register();
        (await user.Api.Get($"/guilds/{id}")).RefusedField("guild_id");
        (await user.Api.Get($"/channels/{id}")).RefusedField("channel_id");
        (await user.Api.Delete($"/users/@me/guilds/{id}")).RefusedField("guild_id");
    }

    [Fact]
    public async Task The_largest_id_is_just_unknown() =>
        (await (await host.Register()).Api.Get($"/guilds/{long.MaxValue}")).Refused(ErrorCode.UnknownGuild);

    [Fact]
    public async Task Settings_change_and_are_announced()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        var voice = await owner.CreateChannel(guild.Id, "Voice", new { type = 2 });
        await using var probe = await GatewayProbe.Login(owner);
        var changed = (await owner.Api.Patch($"/guilds/{guild.Id}", new
        {
            name = "Renamed", description = "About", verification_level = 2, default_message_notifications = 1, explicit_content_filter = 2, preferred_locale = "de", afk_timeout = 900,
            afk_channel_id = voice, system_channel_flags = 5, rules_channel_id = guild.General, features = new[] { "COMMUNITY", "VERIFIED" }, premium_progress_bar_enabled = true,
        })).Ok(200);

        var read = (await owner.Api.Get($"/guilds/{guild.Id}")).Ok();
        Assert.Equal(read.ToString(), changed.ToString());
        Assert.Equal(("Renamed", "About", 2, 1, 2, "de", 900, 5), (read.Str("name"), read.Str("description"), read.Int("verification_level"), read.Int("default_message_notifications"),
            read.Int("explicit_content_filter"), read.Str("preferred_locale"), read.Int("afk_timeout"), read.Int("system_channel_flags")));
        Assert.Equal(voice, read.Id<ChannelId>("afk_channel_id"));
        Assert.Equal(guild.General, read.Id<ChannelId>("rules_channel_id"));
        Assert.Equal(["COMMUNITY"], read.Items("features").Select(f => f.GetString()));
        var update = await probe.Next("GUILD_UPDATE");
        Assert.Equal(read.ToString(), update.ToString());
    }

    [Fact]
    public async Task Null_takes_a_setting_back_and_an_absent_one_stays()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        (await owner.Api.Patch($"/guilds/{guild.Id}", new { description = "About", afk_timeout = 60 })).Ok();
        var changed = (await owner.Api.Patch($"/guilds/{guild.Id}", new { description = (string?)null, system_channel_id = (string?)null })).Ok();
        Assert.Null(changed.Str("description"));
        Assert.Null(changed.IdOrNull<ChannelId>("system_channel_id"));
        Assert.Equal((60, "Guild"), (changed.Int("afk_timeout"), changed.Str("name")));
    }

    [Theory]
    [InlineData("verification_level", "5")]
    [InlineData("verification_level", "-1")]
    [InlineData("default_message_notifications", "2")]
    [InlineData("explicit_content_filter", "3")]
    [InlineData("afk_timeout", "61")]
    [InlineData("preferred_locale", "\"xx\"")]
    [InlineData("system_channel_id", "\"1\"")]
    [InlineData("afk_channel_id", "\"1\"")]
    [InlineData("system_channel_flags", "-5")]
    [InlineData("verification_level", "99999999999999999999")]
    public async Task A_setting_out_of_bounds_names_its_field(string field, string value)
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        (await owner.Api.Patch($"/guilds/{guild.Id}", ApiClient.Json(System.Text.Encoding.UTF8.GetBytes($"{{\"{field}\":{value}}}")))).RefusedField(field);
    }

    [Fact]
    public async Task A_system_channel_is_a_text_channel_of_the_guild()
    {
        var owner = await host.Register();
        var (guild, other) = (await owner.CreateGuild(), await owner.CreateGuild());
        var category = await owner.CreateChannel(guild.Id, "c", new { type = 4 });
        Assert.Equal("INVALID_CHANNEL_TYPE", (await owner.Api.Patch($"/guilds/{guild.Id}", new { system_channel_id = category })).RefusedField("system_channel_id"));
        Assert.Equal("CHANNEL_DOES_NOT_EXIST", (await owner.Api.Patch($"/guilds/{guild.Id}", new { system_channel_id = other.General })).RefusedField("system_channel_id"));
    }

    [Fact]
    public async Task Only_who_manages_the_guild_changes_it()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        (await users[1].Api.Patch($"/guilds/{guild.Id}", new { name = "Mine" })).Refused(ErrorCode.MissingPermissions);
        (await users[1].Api.Get($"/guilds/{guild.Id}/vanity-url")).Refused(ErrorCode.MissingPermissions);
        await users[0].GiveRole(guild.Id, users[1].Id, await users[0].CreateRole(guild.Id, "mod", new { permissions = "32" }));
        (await users[1].Api.Patch($"/guilds/{guild.Id}", new { name = "Ours" })).Ok();
        Assert.Equal(0, (await users[1].Api.Get($"/guilds/{guild.Id}/vanity-url")).Ok().Int("uses"));
    }

    [Fact]
    public async Task Previews_regions_and_ones_own_guilds_are_listed()
    {
        var users = await host.Register(2);
        var guilds = new[] { await users[0].CreateGuild("One"), await users[0].CreateGuild("Two"), await users[0].CreateGuild("Three") };
        foreach (var guild in guilds)
            await guild.Admit(users[1]);

        Assert.Equal(2, (await users[1].Api.Get($"/guilds/{guilds[0].Id}/preview")).Ok().Int("approximate_member_count"));
        Assert.Single((await users[1].Api.Get($"/guilds/{guilds[0].Id}/regions")).Ok().Items());
        Assert.Single((await users[1].Api.Get("/voice/regions")).Ok().Items());
        var mine = (await users[1].Api.Get("/users/@me/guilds?with_counts=true")).Ok().Items();
        Assert.Equal(guilds.Select(g => g.Id), mine.Ids<GuildId>());
        Assert.All(mine, g => Assert.Equal((2, false, ((ulong)Permissions.DefaultEveryone).ToString()), (g.Int("approximate_member_count"), g.Bool("owner"), g.Str("permissions"))));
        Assert.Equal([guilds[1].Id], (await users[1].Api.Get($"/users/@me/guilds?limit=1&after={guilds[0].Id}")).Ok().Items().Ids<GuildId>());
        Assert.Equal([guilds[1].Id], (await users[1].Api.Get($"/users/@me/guilds?limit=1&before={guilds[2].Id}")).Ok().Items().Ids<GuildId>());
        Assert.All((await users[0].Api.Get("/users/@me/guilds")).Ok().Items(), g => Assert.Equal((true, ((ulong)Permissions.All).ToString()), (g.Bool("owner"), g.Str("permissions"))));
        (await users[0].Api.Get("/users/@me/guilds?limit=201")).RefusedField("limit");
    }

    [Fact]
    public async Task A_user_is_in_two_hundred_guilds_at_most()
    {
        var users = await host.Register(2);
        for (var i = 0; i < GuildLimits.GuildsPerUser; i += 20)
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => users[0].CreateGuild()));
        (await users[0].Api.Post("/guilds", new { name = "One more" })).Refused(ErrorCode.MaxGuilds);
        var other = await users[1].CreateGuild();
        (await users[0].Api.Post($"/invites/{await users[1].CreateInvite(other.General)}")).Refused(ErrorCode.MaxGuilds);
        Assert.Equal(GuildLimits.GuildsPerUser, (await users[0].Api.Get("/users/@me/guilds")).Ok().Items().Count);
    }
}

public sealed class OwnershipTests(KithHost host)
{
    [Fact]
    public async Task The_owner_deletes_the_guild_and_it_is_gone_for_everyone()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        await users[1].Send(guild.General, "hello");
        await using var probe = await GatewayProbe.Login(users[1]);
        (await users[1].Api.Delete($"/guilds/{guild.Id}")).Refused(ErrorCode.MissingPermissions);
        (await users[0].Api.Delete($"/guilds/{guild.Id}")).Ok(204);

        var gone = await probe.Next("GUILD_DELETE");
        Assert.Equal(guild.Id, gone.Id<GuildId>());
        (await users[0].Api.Get($"/guilds/{guild.Id}")).Refused(ErrorCode.UnknownGuild);
        (await users[1].Api.Get($"/channels/{guild.General}")).Refused(ErrorCode.UnknownChannel);
        (await users[1].Api.Post($"/channels/{guild.General}/messages", new { content = "anyone?" })).Refused(ErrorCode.UnknownChannel);
        Assert.Empty((await users[1].Api.Get("/users/@me/guilds")).Ok().Items());
        (await users[0].Api.Delete($"/guilds/{guild.Id}")).Refused(ErrorCode.UnknownGuild);
    }

    [Fact]
    public async Task A_guild_is_given_to_a_member_by_its_owner_only()
    {
        var users = await host.Register(3);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        await using var probe = await GatewayProbe.Login(users[1]);
        (await users[1].Api.Patch($"/guilds/{guild.Id}", new { owner_id = users[1].Id })).Refused(ErrorCode.MissingPermissions);
        (await users[0].Api.Patch($"/guilds/{guild.Id}", new { owner_id = users[2].Id })).Refused(ErrorCode.UnknownMember);
        Assert.Equal(users[1].Id, (await users[0].Api.Patch($"/guilds/{guild.Id}", new { owner_id = users[1].Id, name = "Yours" })).Ok().Id<UserId>("owner_id"));

        Assert.Equal(users[1].Id, (await probe.Next("GUILD_UPDATE")).Id<UserId>("owner_id"));
        (await users[0].Api.Patch($"/guilds/{guild.Id}", new { name = "Mine again" })).Refused(ErrorCode.MissingPermissions);
        (await users[0].Api.Delete($"/users/@me/guilds/{guild.Id}")).Ok(204);
        (await users[1].Api.Delete($"/users/@me/guilds/{guild.Id}")).Refused(ErrorCode.InvalidGuild);
    }

    [Fact]
    public async Task A_guild_is_not_given_to_a_bot()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        var bot = await owner.CreateBot($"bot{owner.Id}");
        await guild.AddBot(bot.Id);
        (await owner.Api.Patch($"/guilds/{guild.Id}", new { owner_id = bot.Id })).Refused(ErrorCode.OwnershipTransferToBot);
    }

    [Fact]
    public async Task Of_two_who_are_given_the_guild_at_once_one_owns_it()
    {
        var users = await host.Register(4);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1..]);
        var replies = await Task.WhenAll(users[1..].Select(u => users[0].Api.Patch($"/guilds/{guild.Id}", new { owner_id = u.Id })));
        var owner = (await users[0].Api.Get($"/guilds/{guild.Id}")).Ok().Id<UserId>("owner_id");
        Assert.Equal(1, replies.Count(r => r.Status == 200));
        Assert.Equal(owner, replies.Single(r => r.Status == 200).Ok().Id<UserId>("owner_id"));
        Assert.All(replies.Where(r => r.Status != 200), r => r.Refused(ErrorCode.MissingPermissions));
    }

    [Fact]
    public async Task Who_is_given_the_guild_while_leaving_is_in_or_does_not_own_it()
    {
        var users = await host.Register(9);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1..]);
        var owner = users[0];
        foreach (var heir in users[1..])
        {
            var given = owner.Api.Patch($"/guilds/{guild.Id}", new { owner_id = heir.Id });
            var left = heir.Api.Delete($"/users/@me/guilds/{guild.Id}");
            var (gave, went) = (await given, await left);
            Assert.NotEqual(gave.Status == 200, went.Status == 204);
            if (gave.Status == 200) owner = heir;
            Assert.Equal(owner.Id, (await owner.Api.Get($"/guilds/{guild.Id}")).Ok().Id<UserId>("owner_id"));
        }
    }

    [Fact]
    public async Task Deleting_while_many_send_leaves_no_message_and_no_error()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        var sends = Enumerable.Range(0, 30).Select(i => users[1].Api.Post($"/channels/{guild.General}/messages", new { content = $"{i}" })).ToArray();
        var deletion = await users[0].Api.Delete($"/guilds/{guild.Id}");
        deletion.Ok(204);
        foreach (var reply in await Task.WhenAll(sends))
        {
            if (reply.Status != 200) reply.Refused(ErrorCode.UnknownChannel);
        }

        (await users[1].Api.Get($"/channels/{guild.General}/messages")).Refused(ErrorCode.UnknownChannel);
    }
}
