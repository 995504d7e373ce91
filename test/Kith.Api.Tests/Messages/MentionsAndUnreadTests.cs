using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Api.Tests.Messages;

public sealed class MentionsAndUnreadTests(KithHost host)
{
    async Task<(TestGuild Guild, TestUser Owner, TestUser Member)> ScenarioAsync()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        return (guild, users[0], users[1]);
    }

    static async Task<(int Unread, int Mentions)> Counts(TestUser user, ChannelId channel)
    {
        var json = (await user.Api.Get($"/channels/{channel}/unread")).Ok();
        return (json.Int("unread_count"), json.Int("mention_count"));
    }

    /// <summary>Puts the mark at the newest message, so that a test counts only what it sends.</summary>
    static async Task ReadAll(TestUser user, ChannelId channel) => await user.Ack(channel, new MessageId(long.MaxValue));

    [Fact]
    public async Task Others_messages_count_and_ones_own_do_not()
    {
        var (guild, owner, member) = await ScenarioAsync();
        await ReadAll(member, guild.General);
        await owner.Send(guild.General, "one");
        await member.Send(guild.General, "mine");
        await owner.Send(guild.General, "two");
        Assert.Equal((2, 0), await Counts(member, guild.General));
    }

    [Fact]
    public async Task A_message_counts_as_one_mention_however_many_ways_it_mentions()
    {
        var (guild, owner, member) = await ScenarioAsync();
        var role = await owner.CreateRole(guild.Id, "team", new { mentionable = true });
        await owner.GiveRole(guild.Id, member.Id, role);
        await ReadAll(member, guild.General);
        await owner.Send(guild.General, $"{member.Mention} {member.Mention} <@&{role}> @everyone");
        Assert.Equal((1, 1), await Counts(member, guild.General));
        await owner.Send(guild.General, $"<@&{role}>");
        await owner.Send(guild.General, "@here");
        await owner.Send(guild.General, "nobody");
        Assert.Equal((4, 3), await Counts(member, guild.General));
    }

    [Fact]
    public async Task Everyone_and_unmentionable_roles_need_the_permission()
    {
        var (guild, owner, member) = await ScenarioAsync();
        (await owner.Api.Put($"/channels/{guild.General}/permissions/{guild.Everyone}", new { type = 0, deny = ((ulong)Permissions.MentionEveryone).ToString() })).Ok(204);
        var closed = await owner.CreateRole(guild.Id, "closed", new { mentionable = false });
        var open = await owner.CreateRole(guild.Id, "open", new { mentionable = true });
        var sent = await member.Send(guild.General, $"@everyone @here <@&{closed}> <@&{open}>");
        Assert.False(sent.Bool("mention_everyone"));
        Assert.Equal([open.ToString()], sent.Items("mention_roles").Select(r => r.GetString()));
    }

    [Fact]
    public async Task Allowed_mentions_silence_what_they_do_not_allow()
    {
        var (guild, owner, member) = await ScenarioAsync();
        var role = await owner.CreateRole(guild.Id, "team", new { mentionable = true });
        var text = $"{member.Mention} <@&{role}> @everyone";
        var none = await owner.Send(guild.General, text, new { allowed_mentions = new { parse = Array.Empty<string>() } });
        Assert.Equal((0, 0, false), (none.Items("mentions").Count, none.Items("mention_roles").Count, none.Bool("mention_everyone")));
        var listed = await owner.Send(guild.General, text, new { allowed_mentions = new { parse = new[] { "everyone" }, users = new[] { member.Id } } });
        Assert.Equal((1, 0, true), (listed.Items("mentions").Count, listed.Items("mention_roles").Count, listed.Bool("mention_everyone")));
    }

    [Fact]
    public async Task Mentions_in_code_and_of_strangers_mention_nobody()
    {
        var (guild, owner, member) = await ScenarioAsync();
        var stranger = await host.Register();
        var sent = await owner.Send(guild.General, $"`{member.Mention}` ```\n@everyone\n``` {stranger.Mention} <@1> <@abc> <@");
        Assert.Equal((0, false), (sent.Items("mentions").Count, sent.Bool("mention_everyone")));
    }

    [Fact]
    public async Task A_deleted_message_stops_counting_and_an_edit_changes_nothing()
    {
        var (guild, owner, member) = await ScenarioAsync();
        await ReadAll(member, guild.General);
        var first = (await owner.Send(guild.General, member.Mention)).Str("id");
        var second = (await owner.Send(guild.General, "@everyone")).Str("id");
        var third = (await owner.Send(guild.General, "plain")).Str("id");
        (await owner.Api.Patch($"/channels/{guild.General}/messages/{first}", new { content = "no mention any more" })).Ok();
        (await owner.Api.Patch($"/channels/{guild.General}/messages/{third}", new { content = member.Mention })).Ok();
        Assert.Equal((3, 2), await Counts(member, guild.General));
        (await owner.Api.Delete($"/channels/{guild.General}/messages/{first}")).Ok(204);
        Assert.Equal((2, 1), await Counts(member, guild.General));
        (await owner.Api.Delete($"/channels/{guild.General}/messages/{second}")).Ok(204);
        Assert.Equal((1, 0), await Counts(member, guild.General));
    }

    [Fact]
    public async Task An_ack_moves_forward_only_unless_it_is_manual()
    {
        var (guild, owner, member) = await ScenarioAsync();
        await ReadAll(member, guild.General);
        List<MessageId> sent = [];
        for (var i = 0; i < 4; i++)
            sent.Add((await owner.Send(guild.General, member.Mention)).Id<MessageId>());
        await member.Ack(guild.General, sent[1]);
        Assert.Equal((2, 2), await Counts(member, guild.General));
        await member.Ack(guild.General, sent[0]);
        Assert.Equal((2, 2), await Counts(member, guild.General));
        (await member.Api.Post($"/channels/{guild.General}/messages/{sent[0]}/ack", new { manual = true })).Ok();
        var summary = (await member.Api.Get($"/channels/{guild.General}/unread")).Ok();
        Assert.Equal((3, 3, sent[0], sent[1]), (summary.Int("unread_count"), summary.Int("mention_count"), summary.Id<MessageId>("last_read_message_id"), summary.Id<MessageId>("first_unread_message_id")));
    }

    [Fact]
    public async Task An_ack_of_a_message_to_come_does_not_swallow_it()
    {
        var (guild, owner, member) = await ScenarioAsync();
        await ReadAll(member, guild.General);
        await owner.Send(guild.General, "new");
        Assert.Equal((1, 0), await Counts(member, guild.General));
    }

    [Fact]
    public async Task What_was_said_before_joining_is_read()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        await owner.Send(guild.General, "@everyone before");
        var late = await host.Register();
        await guild.Admit(late);
        await ReadAll(late, guild.General);
        Assert.Equal((0, 0), await Counts(late, guild.General));
        await owner.Send(guild.General, "@everyone after");
        Assert.Equal((1, 1), await Counts(late, guild.General));
    }

    [Fact]
    public async Task Every_message_of_another_in_a_dm_is_a_mention()
    {
        var users = await host.Register(2);
        var dm = await users[0].OpenDm(users[1].Id);
        await users[0].Send(dm, "hello");
        await users[0].Send(dm, "are you there?");
        await users[1].Send(dm, "yes");
        Assert.Equal((2, 2), await Counts(users[1], dm));
        Assert.Equal((1, 1), await Counts(users[0], dm));
    }

    [Fact]
    public async Task All_unread_channels_come_in_one_call_and_go_by_one_bulk_ack()
    {
        var (guild, owner, member) = await ScenarioAsync();
        (await member.Api.Post($"/guilds/{guild.Id}/ack")).Ok(204);
        var second = await owner.CreateChannel(guild.Id, "second");
        var dm = await owner.OpenDm(member.Id);
        var sent = new Dictionary<ChannelId, MessageId>();
        foreach (var channel in new[] { guild.General, second, dm })
            sent[channel] = (await owner.Send(channel, "news")).Id<MessageId>();
        Assert.Equal(sent.Keys.OrderBy(c => c.Value), (await member.Api.Get("/users/@me/unread")).Ok().Items().Ids<ChannelId>("channel_id").OrderBy(c => c.Value));
        (await member.Api.Post("/read-states/ack-bulk", new { read_states = sent.Select(s => new { channel_id = s.Key, message_id = s.Value }) })).Ok(204);
        Assert.Empty((await member.Api.Get("/users/@me/unread")).Ok().Items());
    }

    [Fact]
    public async Task A_channel_that_is_hidden_does_not_count()
    {
        var (guild, owner, member) = await ScenarioAsync();
        (await member.Api.Post($"/guilds/{guild.Id}/ack")).Ok(204);
        await owner.Send(guild.General, member.Mention);
        (await owner.Api.Put($"/channels/{guild.General}/permissions/{guild.Everyone}", new { type = 0, deny = ((ulong)Permissions.ViewChannel).ToString() })).Ok(204);
        Assert.Empty((await member.Api.Get("/users/@me/unread")).Ok().Items());
        (await member.Api.Get($"/channels/{guild.General}/unread")).Refused(ErrorCode.UnknownChannel);
        Assert.Empty((await member.Api.Get("/users/@me/mentions")).Ok().Items());
    }

    [Fact]
    public async Task My_mentions_are_listed_newest_first_across_channels()
    {
        var (guild, owner, member) = await ScenarioAsync();
        var second = await owner.CreateChannel(guild.Id, "second");
        var one = (await owner.Send(guild.General, member.Mention)).Id<MessageId>();
        var two = (await owner.Send(second, "@everyone")).Id<MessageId>();
        var three = (await owner.Send(guild.General, $"{member.Mention} @everyone")).Id<MessageId>();
        async Task<IReadOnlyList<MessageId>> Mentions(string query) => (await member.Api.Get($"/users/@me/mentions?{query}")).Ok().Items().Ids<MessageId>();
        Assert.Equal([three, two, one], await Mentions(""));
        Assert.Equal([three, one], await Mentions("everyone=false"));
        Assert.Equal([one], await Mentions($"before={two}"));
        Assert.Equal([three], await Mentions("limit=1"));
    }

    [Fact]
    public async Task A_read_in_a_dm_shows_to_the_other_as_a_receipt()
    {
        var users = await host.Register(2);
        var dm = await users[0].OpenDm(users[1].Id);
        var sent = (await users[0].Send(dm, "hello")).Id<MessageId>();
        await users[1].Ack(dm, sent);
        var receipts = (await users[0].Api.Get($"/channels/{dm}/receipts")).Ok().Items();
        var theirs = Assert.Single(receipts, r => r.Id<UserId>("user_id") == users[1].Id);
        Assert.Equal((sent, sent), (theirs.Id<MessageId>("delivered_message_id"), theirs.Id<MessageId>("read_message_id")));
    }

    [Fact]
    public async Task Counts_are_the_same_after_the_notification_cache_was_dropped()
    {
        var (guild, owner, member) = await ScenarioAsync();
        await ReadAll(member, guild.General);
        for (var i = 0; i < 3; i++)
            await owner.Send(guild.General, member.Mention);
        var before = await Counts(member, guild.General);
        await ((Kith.Engine.Unread.INotificationCache)host.Services.GetService(typeof(Kith.Engine.Unread.INotificationCache))!).ClearAsync(default);
        Assert.Equal((3, 3), before);
        Assert.Equal(before, await Counts(member, guild.General));
    }
}
