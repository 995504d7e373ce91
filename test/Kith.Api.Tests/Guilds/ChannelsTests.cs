using System.Text.Json;
using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Api.Tests.Guilds;

public sealed class ChannelsTests(KithHost host)
{
    [Theory]
    [InlineData("General Chat", "general-chat")]
    [InlineData("  Hello,   World!  ", "hello-world")]
    [InlineData("a--b---c", "a-b-c")]
    [InlineData("snake_case", "snake_case")]
    [InlineData("Grüße ÄÖ", "grüße-äö")]
    [InlineData("世界 👋", "世界-👋")]
    [InlineData("with\0nul\u0007", "withnul")]
    public async Task Names_of_text_channels_are_normalised(string typed, string kept)
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        Assert.Equal(kept, (await owner.Api.Post($"/guilds/{guild.Id}/channels", new { name = typed })).Ok(201).Str("name"));
        Assert.Equal(typed.Replace("\0", "").Replace("\u0007", "").Trim(), (await owner.Api.Post($"/guilds/{guild.Id}/channels", new { name = typed, type = 2 })).Ok(201).Str("name"));
    }

    [Theory]
    [InlineData("name", "\"\"")]
    [InlineData("name", "\"!?\"")]
    [InlineData("name", "null")]
    [InlineData("type", "1")]
    [InlineData("type", "99")]
    [InlineData("rate_limit_per_user", "-1")]
    [InlineData("rate_limit_per_user", "21601")]
    [InlineData("bitrate", "7999")]
    [InlineData("user_limit", "100")]
    [InlineData("position", "-1")]
    [InlineData("parent_id", "\"5\"")]
    [InlineData("parent_id", "\"x\"")]
    [InlineData("nsfw", "\"yes\"")]
    public async Task A_channel_out_of_bounds_names_its_field(string field, string value)
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        var name = field == "name" ? "" : "\"name\":\"c\",";
        (await owner.Api.Post($"/guilds/{guild.Id}/channels", Raw($"{{{name}\"{field}\":{value}}}"))).RefusedField(field);
        (await owner.Api.Patch($"/channels/{guild.General}", Raw($"{{\"{field}\":{value}}}"))).RefusedField(field);
    }

    [Fact]
    public async Task A_channel_takes_all_its_fields_and_is_announced()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        var category = await owner.CreateChannel(guild.Id, "Category", new { type = 4 });
        await using var probe = await GatewayProbe.Login(owner);
        var created = (await owner.Api.Post($"/guilds/{guild.Id}/channels", new
        {
            name = "news", type = 5, topic = "All the news", rate_limit_per_user = 21_600, nsfw = true, parent_id = category,
            permission_overwrites = new[] { new { id = guild.Everyone.ToString(), type = 0, allow = "1024", deny = "2048" } },
        })).Ok(201);
        var read = (await owner.Api.Get($"/channels/{created.Id<ChannelId>()}")).Ok();
        Assert.Equal(read.ToString(), created.ToString());
        Assert.Equal((5, "All the news", 21_600, true), (read.Int("type"), read.Str("topic"), read.Int("rate_limit_per_user"), read.Bool("nsfw")));
        Assert.Equal((category, guild.Id), (read.Id<ChannelId>("parent_id"), read.Id<GuildId>("guild_id")));
        var overwrite = Assert.Single(read.Items("permission_overwrites"));
        Assert.Equal(("1024", "2048", 0), (overwrite.Str("allow"), overwrite.Str("deny"), overwrite.Int("type")));
        Assert.Equal(read.ToString(), (await probe.Next("CHANNEL_CREATE")).ToString());

        var voice = (await owner.Api.Post($"/guilds/{guild.Id}/channels", new { name = "Talk", type = 2, bitrate = 96_000, user_limit = 5 })).Ok(201);
        Assert.Equal((96_000, 5), (voice.Int("bitrate"), voice.Int("user_limit")));
    }

    [Fact]
    public async Task A_change_keeps_what_it_does_not_name_and_is_announced()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        var message = (await owner.Send(guild.General, "hello")).Id<MessageId>();
        await using var probe = await GatewayProbe.Login(owner);
        (await owner.Api.Patch($"/channels/{guild.General}", new { topic = "Topic", rate_limit_per_user = 5 })).Ok(200);
        await probe.Next("CHANNEL_UPDATE");
        var changed = (await owner.Api.Patch($"/channels/{guild.General}", new { name = "New Name", rate_limit_per_user = (int?)null })).Ok(200);
        Assert.Equal(("new-name", "Topic", 0), (changed.Str("name"), changed.Str("topic"), changed.Int("rate_limit_per_user")));
        Assert.Equal(message, changed.Id<MessageId>("last_message_id"));
        Assert.Equal(changed.ToString(), (await probe.Next("CHANNEL_UPDATE")).ToString());
        Assert.Null((await owner.Api.Patch($"/channels/{guild.General}", new { topic = (string?)null })).Ok().Str("topic"));
    }

    [Fact]
    public async Task Text_and_announcement_channels_convert_into_each_other_and_into_nothing_else()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        Assert.Equal(5, (await owner.Api.Patch($"/channels/{guild.General}", new { type = 5 })).Ok().Int("type"));
        Assert.Equal(0, (await owner.Api.Patch($"/channels/{guild.General}", new { type = 0 })).Ok().Int("type"));
        (await owner.Api.Patch($"/channels/{guild.General}", new { type = 2 })).RefusedField("type");
        var category = await owner.CreateChannel(guild.Id, "c", new { type = 4 });
        (await owner.Api.Patch($"/channels/{category}", new { type = 0 })).RefusedField("type");
    }

    [Fact]
    public async Task A_parent_is_a_category_of_the_same_guild_and_categories_have_none()
    {
        var owner = await host.Register();
        var (guild, other) = (await owner.CreateGuild(), await owner.CreateGuild());
        var (category, foreign) = (await owner.CreateChannel(guild.Id, "c", new { type = 4 }), await owner.CreateChannel(other.Id, "c", new { type = 4 }));
        Assert.Equal("CHANNEL_PARENT_INVALID_TYPE", (await owner.Api.Post($"/guilds/{guild.Id}/channels", new { name = "x", parent_id = guild.General })).RefusedField("parent_id"));
        Assert.Equal("CHANNEL_PARENT_INVALID", (await owner.Api.Post($"/guilds/{guild.Id}/channels", new { name = "x", parent_id = foreign })).RefusedField("parent_id"));
        Assert.Equal("CHANNEL_PARENT_CANNOT_BE_SET", (await owner.Api.Post($"/guilds/{guild.Id}/channels", new { name = "x", type = 4, parent_id = category })).RefusedField("parent_id"));
        Assert.Equal(category, (await owner.Api.Patch($"/channels/{guild.General}", new { parent_id = category })).Ok().Id<ChannelId>("parent_id"));
        Assert.Null((await owner.Api.Patch($"/channels/{guild.General}", new { parent_id = (string?)null })).Ok().IdOrNull<ChannelId>("parent_id"));
    }

    [Fact]
    public async Task A_category_has_fifty_channels_at_most_also_by_moving_many()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        var category = await owner.CreateChannel(guild.Id, "c", new { type = 4 });
        for (var i = 0; i < GuildLimits.ChannelsPerCategory - 1; i++)
            await owner.CreateChannel(guild.Id, $"c{i}", new { parent_id = category });
        var outside = await owner.CreateChannel(guild.Id, "outside");
        (await owner.Api.Patch($"/guilds/{guild.Id}/channels", new[] { new { id = outside, parent_id = category }, new { id = guild.General, parent_id = category } })).RefusedField("parent_id");
        (await owner.Api.Patch($"/guilds/{guild.Id}/channels", new[] { new { id = outside, parent_id = category } })).Ok(204);
        Assert.Equal("CHANNEL_PARENT_MAX_CHANNELS", (await owner.Api.Patch($"/channels/{guild.General}", new { parent_id = category })).RefusedField("parent_id"));
        (await owner.Api.Post($"/guilds/{guild.Id}/channels", new { name = "x", parent_id = category })).RefusedField("parent_id");
    }

    [Fact]
    public async Task A_guild_has_five_hundred_channels_at_most_however_many_are_made_at_once()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        for (var made = 1; made < GuildLimits.Channels - 9; made++)
            await owner.CreateChannel(guild.Id, $"c{made}");
        var replies = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => owner.Api.Post($"/guilds/{guild.Id}/channels", new { name = $"last{i}" })));
        Assert.Equal(9, replies.Count(r => r.Status == 201));
        Assert.All(replies.Where(r => r.Status != 201), r => r.Refused(ErrorCode.MaxChannels));
        Assert.Equal(GuildLimits.Channels, (await owner.Api.Get($"/guilds/{guild.Id}/channels")).Ok().Items().Count);
    }

    [Fact]
    public async Task Channels_are_moved_many_at_once()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        var category = await owner.CreateChannel(guild.Id, "category", new { type = 4, permission_overwrites = new[] { new { id = guild.Everyone, deny = "2048" } } });
        var (a, b) = (await owner.CreateChannel(guild.Id, "a"), await owner.CreateChannel(guild.Id, "b"));
        Assert.Equal(["general", "category", "a", "b"], await Names(owner, guild));
        await using var probe = await GatewayProbe.Login(owner);
        (await owner.Api.Patch($"/guilds/{guild.Id}/channels", new object[]
        {
            new { id = b, position = 0, parent_id = category, lock_permissions = true }, new { id = a, position = 1 }, new { id = guild.General, position = 2 }, // a is there already
        })).Ok(204);

        var moved = (await owner.Api.Get($"/guilds/{guild.Id}/channels")).Ok().Items();
        Assert.Equal(["category", "b", "a", "general"], moved.Select(c => c.Str("name")));
        Assert.Equal(category, moved[1].Id<ChannelId>("parent_id"));
        Assert.Equal("2048", Assert.Single(moved[1].Items("permission_overwrites")).Str("deny"));
        foreach (var channel in (ChannelId[])[b, guild.General])
            Assert.Equal(channel, (await probe.Next("CHANNEL_UPDATE")).Id<ChannelId>());
        (await owner.Api.Patch($"/guilds/{guild.Id}/channels", new[] { new { id = b, parent_id = (string?)null } })).Ok(204);
        Assert.Null((await owner.Api.Get($"/channels/{b}")).Ok().IdOrNull<ChannelId>("parent_id"));
    }

    [Fact]
    public async Task Moving_names_what_is_wrong_and_then_moves_nothing()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        (await owner.Api.Patch($"/guilds/{guild.Id}/channels", new object[] { new { id = guild.General, position = 7 }, new { position = 1 } })).RefusedField("1.id");
        (await owner.Api.Patch($"/guilds/{guild.Id}/channels", new object[] { new { id = guild.General, position = -7 } })).RefusedField("0.position");
        (await owner.Api.Patch($"/guilds/{guild.Id}/channels", new object[] { new { id = guild.General, position = 7 }, new { id = "1" } })).Refused(ErrorCode.UnknownChannel);
        (await owner.Api.Patch($"/guilds/{guild.Id}/channels", new { })).Refused(ErrorCode.InvalidJson);
        (await owner.Api.Patch($"/guilds/{guild.Id}/channels", Raw("[null]"))).RefusedField("0.id");
        Assert.Equal(0, (await owner.Api.Get($"/channels/{guild.General}")).Ok().Int("position"));
        (await owner.Api.Patch($"/guilds/{guild.Id}/channels", Array.Empty<object>())).Ok(204);
    }

    [Fact]
    public async Task A_new_channel_in_a_category_takes_its_overwrites()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        var category = await owner.CreateChannel(guild.Id, "c", new { type = 4, permission_overwrites = new[] { new { id = guild.Everyone, deny = "1024" } } });
        var child = await owner.CreateChannel(guild.Id, "child", new { parent_id = category });
        Assert.Equal("1024", Assert.Single((await owner.Api.Get($"/channels/{child}")).Ok().Items("permission_overwrites")).Str("deny"));
        var open = await owner.CreateChannel(guild.Id, "open", new { parent_id = category, permission_overwrites = Array.Empty<object>() });
        Assert.Empty((await owner.Api.Get($"/channels/{open}")).Ok().Items("permission_overwrites"));
    }

    [Fact]
    public async Task A_deleted_channel_is_gone_with_its_invites_and_its_children_move_up()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        var category = await owner.CreateChannel(guild.Id, "c", new { type = 4 });
        (await owner.Api.Patch($"/channels/{guild.General}", new { parent_id = category })).Ok();
        var invite = await owner.CreateInvite(guild.General);
        await owner.Send(guild.General, "hello");
        await using var probe = await GatewayProbe.Login(owner);

        Assert.Equal(category, (await owner.Api.Delete($"/channels/{category}")).Ok(200).Id<ChannelId>());
        Assert.Equal(guild.General, (await probe.Next("CHANNEL_UPDATE", c => c.IdOrNull<ChannelId>("parent_id") is null)).Id<ChannelId>());
        Assert.Equal(category, (await probe.Next("CHANNEL_DELETE")).Id<ChannelId>());
        Assert.Null((await owner.Api.Get($"/channels/{guild.General}")).Ok().IdOrNull<ChannelId>("parent_id"));

        Assert.Equal("general", (await owner.Api.Delete($"/channels/{guild.General}")).Ok(200).Str("name"));
        Assert.Null((await probe.Next("GUILD_UPDATE")).IdOrNull<ChannelId>("system_channel_id"));
        (await owner.Api.Get($"/channels/{guild.General}")).Refused(ErrorCode.UnknownChannel);
        (await owner.Api.Get($"/channels/{guild.General}/messages")).Refused(ErrorCode.UnknownChannel);
        (await owner.Api.Get($"/invites/{invite}")).Refused(ErrorCode.UnknownInvite);
        (await owner.Api.Delete($"/channels/{guild.General}")).Refused(ErrorCode.UnknownChannel);
        Assert.Empty((await owner.Api.Get($"/guilds/{guild.Id}/channels")).Ok().Items());
    }

    [Fact]
    public async Task A_community_keeps_its_rules_channel()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        (await owner.Api.Patch($"/guilds/{guild.Id}", new { features = new[] { "COMMUNITY" }, rules_channel_id = guild.General })).Ok();
        (await owner.Api.Delete($"/channels/{guild.General}")).Refused(ErrorCode.RequiredCommunityChannel);
    }

    [Fact]
    public async Task Deleting_a_channel_while_many_send_refuses_or_stores_each_message()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        var sends = Enumerable.Range(0, 40).Select(i => owner.Api.Post($"/channels/{guild.General}/messages", new { content = $"{i}" })).ToArray();
        (await owner.Api.Delete($"/channels/{guild.General}")).Ok(200);
        foreach (var reply in await Task.WhenAll(sends))
        {
            if (reply.Status != 200) reply.Refused(ErrorCode.UnknownChannel);
        }
    }

    [Fact]
    public async Task Changes_of_one_guild_at_once_all_last()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        var channels = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => owner.CreateChannel(guild.Id, $"c{i}")));
        var roles = Enumerable.Range(0, 10).Select(i => owner.CreateRole(guild.Id, $"r{i}"));
        var topics = channels.Select(c => owner.Api.Patch($"/channels/{c}", new { topic = $"topic of {c}" }));
        await Task.WhenAll(Task.WhenAll(roles), Task.WhenAll(topics), owner.Api.Patch($"/guilds/{guild.Id}", new { name = "Renamed" }));
        var json = (await owner.Api.Get($"/guilds/{guild.Id}")).Ok();
        Assert.Equal(("Renamed", 11), (json.Str("name"), json.Items("roles").Count));
        var read = (await owner.Api.Get($"/guilds/{guild.Id}/channels")).Ok().Items();
        Assert.All(channels, c => Assert.Equal($"topic of {c}", read.Single(r => r.Id<ChannelId>() == c).Str("topic")));
    }

    [Fact]
    public async Task Who_may_not_manage_channels_changes_none()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        var member = users[1].Api;
        (await member.Post($"/guilds/{guild.Id}/channels", new { name = "x" })).Refused(ErrorCode.MissingPermissions);
        (await member.Patch($"/channels/{guild.General}", new { name = "x" })).Refused(ErrorCode.MissingPermissions);
        (await member.Delete($"/channels/{guild.General}")).Refused(ErrorCode.MissingPermissions);
        (await member.Patch($"/guilds/{guild.Id}/channels", new[] { new { id = guild.General, position = 3 } })).Refused(ErrorCode.MissingPermissions);
        (await member.Put($"/channels/{guild.General}/permissions/{users[1].Id}", new { type = 1, allow = "1024" })).Refused(ErrorCode.MissingPermissions);
        (await member.Get($"/channels/{guild.General}/invites")).Refused(ErrorCode.MissingPermissions);
    }

    static async Task<IEnumerable<string?>> Names(TestUser user, TestGuild guild) =>
        (await user.Api.Get($"/guilds/{guild.Id}/channels")).Ok().Items().Select(c => c.Str("name"));

    static ByteArrayContent Raw(string json) => ApiClient.Json(System.Text.Encoding.UTF8.GetBytes(json));
}
