using System.Text.Json;
using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Api.Tests.Messages;

public sealed class MessagesTests(KithHost host)
{
    async Task<(TestGuild Guild, TestUser Owner, TestUser Member)> ScenarioAsync()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        return (guild, users[0], users[1]);
    }

    static string At(ChannelId channel) => $"/channels/{channel}/messages";

    [Fact]
    public async Task A_message_is_answered_and_read_back_as_it_was_sent()
    {
        var (guild, owner, member) = await ScenarioAsync();
        var sent = await owner.Send(guild.General, "Grüße 世界 👋", new { embeds = new[] { new { title = "t", color = 1 } }, nonce = 17 });
        Assert.Equal(17, sent.Int("nonce"));
        var read = (await member.Api.Get($"{At(guild.General)}/{sent.Str("id")}")).Ok();
        Assert.Equal("Grüße 世界 👋", read.Str("content"));
        Assert.Equal("t", read.Items("embeds")[0].Str("title"));
        Assert.Equal(owner.Id, read.GetProperty("author").Id<UserId>());
    }

    [Fact]
    public async Task Pages_are_newest_first_and_bounded_by_their_anchor()
    {
        var (guild, owner, _) = await ScenarioAsync();
        List<MessageId> sent = [];
        for (var i = 0; i < 7; i++)
            sent.Add((await owner.Send(guild.General, $"message {i}")).Id<MessageId>());
        async Task<IReadOnlyList<MessageId>> Page(string query) => (await owner.Api.Get($"{At(guild.General)}?{query}")).Ok().Items().Ids<MessageId>();
        Assert.Equal([sent[2], sent[1]], await Page($"before={sent[3]}&limit=2"));
        Assert.Equal([sent[5], sent[4]], await Page($"after={sent[3]}&limit=2"));
        Assert.Equal([sent[4], sent[3], sent[2]], await Page($"around={sent[3]}&limit=3"));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=999999999999999999999", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("before=x", "before")]
    [InlineData("around=-5", "around")]
    public async Task A_page_out_of_bounds_is_refused_naming_the_field(string query, string field)
    {
        var (guild, owner, _) = await ScenarioAsync();
        (await owner.Api.Get($"{At(guild.General)}?{query}")).RefusedField(field);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   \n\t ")]
    public async Task A_message_without_anything_in_it_is_refused(string content)
    {
        var (guild, owner, _) = await ScenarioAsync();
        (await owner.Api.Post(At(guild.General), new { content })).Refused(ErrorCode.CannotSendEmptyMessage);
    }

    [Fact]
    public async Task Two_thousand_characters_are_taken_and_one_more_is_not()
    {
        var (guild, owner, _) = await ScenarioAsync();
        await owner.Send(guild.General, new string('x', 2000));
        Assert.Equal("BASE_TYPE_BAD_LENGTH", (await owner.Api.Post(At(guild.General), new { content = new string('x', 2001) })).RefusedField("content"));
    }

    public static TheoryData<string, string> WrongBodies => new()
    {
        { """{"content":5}""", "content" },
        { """{"content":"x","nonce":"12345678901234567890123456"}""", "nonce" },
        { """{"content":"x","nonce":1.5}""", "nonce" },
        { """{"embeds":[{"title":"x","fields":[{"name":"","value":"v"}]}]}""", "embeds.0.fields.0.name" },
        { """{"embeds":[{"title":"x","url":"javascript:alert(1)"}]}""", "embeds.0.url" },
        { """{"embeds":[{"title":"x","color":16777216}]}""", "embeds.0.color" },
        { """{"content":"x","allowed_mentions":{"parse":["users"],"users":["1"]}}""", "allowed_mentions" },
        { """{"content":"x","allowed_mentions":{"parse":["all"]}}""", "allowed_mentions.parse" },
        { """{"content":"x","message_reference":{"message_id":"1"}}""", "message_reference" },
        { """{"content":"x","message_reference":{"message_id":"abc"}}""", "message_reference.message_id" },
        { "{\"content\":\"a\\u0000b\"}", "content" },
    };

    [Theory]
    [MemberData(nameof(WrongBodies))]
    public async Task A_wrong_field_is_refused_by_its_name_and_nothing_is_sent(string body, string field)
    {
        var (guild, owner, _) = await ScenarioAsync();
        (await owner.Api.Post(At(guild.General), ApiClient.Json(System.Text.Encoding.UTF8.GetBytes(body)))).RefusedField(field);
        Assert.DoesNotContain((await owner.Api.Get(At(guild.General))).Ok().Items(), m => m.Int("type") == 0);
    }

    [Fact]
    public async Task A_hundred_sends_with_one_nonce_at_once_make_one_message()
    {
        var (guild, owner, _) = await ScenarioAsync();
        var replies = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => owner.Send(guild.General, "once", new { nonce = "same", enforce_nonce = true })));
        Assert.Single(replies.Select(r => r.Str("id")).Distinct(StringComparer.Ordinal));
        Assert.Single((await owner.Api.Get(At(guild.General))).Ok().Items(), m => m.Str("content") == "once");
    }

    [Fact]
    public async Task A_reply_shows_what_it_answers_until_that_is_deleted()
    {
        var (guild, owner, member) = await ScenarioAsync();
        var first = await owner.Send(guild.General, "question");
        var reply = await member.Send(guild.General, "answer", new { message_reference = new { message_id = first.Str("id") } });
        Assert.Equal((19, "question"), (reply.Int("type"), reply.GetProperty("referenced_message").Str("content")));
        Assert.Equal([owner.Id], reply.Items("mentions").Ids<UserId>());
        (await owner.Api.Delete($"{At(guild.General)}/{first.Str("id")}")).Ok(204);
        var later = (await owner.Api.Get($"{At(guild.General)}/{reply.Str("id")}")).Ok();
        Assert.Equal(JsonValueKind.Null, later.GetProperty("referenced_message").ValueKind);
    }

    [Fact]
    public async Task A_reply_that_should_not_mention_does_not()
    {
        var (guild, owner, member) = await ScenarioAsync();
        var first = await owner.Send(guild.General, "question");
        var reply = await member.Send(guild.General, "answer", new { message_reference = new { message_id = first.Str("id") }, allowed_mentions = new { replied_user = false } });
        Assert.Empty(reply.Items("mentions"));
    }

    [Fact]
    public async Task Only_the_author_edits_the_text()
    {
        var (guild, owner, member) = await ScenarioAsync();
        var id = (await member.Send(guild.General, "before")).Str("id");
        (await owner.Api.Patch($"{At(guild.General)}/{id}", new { content = "mine now" })).Refused(ErrorCode.CannotEditOthersMessage);
        var edited = (await member.Api.Patch($"{At(guild.General)}/{id}", new { content = "after" })).Ok();
        Assert.Equal("after", edited.Str("content"));
        Assert.NotEqual(JsonValueKind.Null, edited.GetProperty("edited_timestamp").ValueKind);
        Assert.Equal(4, (await owner.Api.Patch($"{At(guild.General)}/{id}", new { flags = 4 })).Ok().Int("flags"));
    }

    [Fact]
    public async Task An_edit_that_leaves_nothing_is_refused()
    {
        var (guild, _, member) = await ScenarioAsync();
        var id = (await member.Send(guild.General, "before")).Str("id");
        (await member.Api.Patch($"{At(guild.General)}/{id}", new { content = "" })).Refused(ErrorCode.CannotSendEmptyMessage);
        Assert.Equal("before", (await member.Api.Get($"{At(guild.General)}/{id}")).Ok().Str("content"));
    }

    [Fact]
    public async Task A_member_deletes_its_own_message_and_no_others()
    {
        var (guild, owner, member) = await ScenarioAsync();
        var (mine, theirs) = ((await member.Send(guild.General, "mine")).Str("id"), (await owner.Send(guild.General, "theirs")).Str("id"));
        (await member.Api.Delete($"{At(guild.General)}/{theirs}")).Refused(ErrorCode.MissingPermissions);
        (await member.Api.Delete($"{At(guild.General)}/{mine}")).Ok(204);
        (await member.Api.Get($"{At(guild.General)}/{mine}")).Refused(ErrorCode.UnknownMessage);
        (await member.Api.Delete($"{At(guild.General)}/{mine}")).Refused(ErrorCode.UnknownMessage);
        (await owner.Api.Delete($"{At(guild.General)}/{theirs}")).Ok(204);
    }

    [Fact]
    public async Task Bulk_deletion_takes_two_to_a_hundred_recent_messages()
    {
        var (guild, owner, member) = await ScenarioAsync();
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
            ids.Add((await member.Send(guild.General, $"{i}")).Str("id")!);
        var path = $"{At(guild.General)}/bulk-delete";
        (await member.Api.Post(path, new { messages = ids })).Refused(ErrorCode.MissingPermissions);
        (await owner.Api.Post(path, new { messages = ids.Take(1) })).Refused(ErrorCode.TooFewOrManyToDelete);
        (await owner.Api.Post(path, new { messages = ids.Append("1000") })).Refused(ErrorCode.MessageTooOldToBulkDelete);
        (await owner.Api.Post(path, new { messages = ids.Take(2) })).Ok(204);
        Assert.Equal([ids[2]], (await owner.Api.Get(At(guild.General))).Ok().Items().Where(m => m.Int("type") == 0).Select(m => m.Str("id")));
    }

    [Fact]
    public async Task A_stranger_is_told_that_the_channel_does_not_exist()
    {
        var (guild, owner, _) = await ScenarioAsync();
        var stranger = await host.Register();
        var id = (await owner.Send(guild.General, "secret")).Str("id");
        (await stranger.Api.Get(At(guild.General))).Refused(ErrorCode.UnknownChannel);
        (await stranger.Api.Get($"{At(guild.General)}/{id}")).Refused(ErrorCode.UnknownChannel);
        (await stranger.Api.Post(At(guild.General), new { content = "x" })).Refused(ErrorCode.UnknownChannel);
        (await stranger.Api.Delete($"{At(guild.General)}/{id}")).Refused(ErrorCode.UnknownChannel);
        (await stranger.Api.Put($"{At(guild.General)}/{id}/reactions/%F0%9F%91%8D/@me")).Refused(ErrorCode.UnknownChannel);
        (await stranger.Api.Get(At(new ChannelId(1)))).Refused(ErrorCode.UnknownChannel);
    }

    [Fact]
    public async Task Without_the_permission_to_send_there_is_no_sending_and_without_history_no_reading()
    {
        var (guild, owner, member) = await ScenarioAsync();
        await owner.Send(guild.General, "old");
        var deny = ((ulong)(Permissions.SendMessages | Permissions.ReadMessageHistory)).ToString();
        (await owner.Api.Put($"/channels/{guild.General}/permissions/{guild.Everyone}", new { type = 0, deny })).Ok(204);
        (await member.Api.Post(At(guild.General), new { content = "x" })).Refused(ErrorCode.MissingPermissions);
        Assert.Empty((await member.Api.Get(At(guild.General))).Ok().Items());
    }

    [Fact]
    public async Task Slow_mode_makes_a_member_wait_and_not_the_owner()
    {
        var (guild, owner, member) = await ScenarioAsync();
        (await owner.Api.Patch($"/channels/{guild.General}", new { rate_limit_per_user = 60 })).Ok();
        await member.Send(guild.General, "first");
        var refused = (await member.Api.Post(At(guild.General), new { content = "second" })).Refused(ErrorCode.ChannelWriteRateLimited);
        Assert.InRange(refused.GetProperty("retry_after").GetDouble(), 1, 60);
        await owner.Send(guild.General, "first");
        await owner.Send(guild.General, "second");
    }

    [Fact]
    public async Task Ids_and_times_of_a_channel_rise_under_concurrent_senders()
    {
        var (guild, owner, member) = await ScenarioAsync();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? owner : member).Send(guild.General, $"{i}")));
        var page = (await owner.Api.Get($"{At(guild.General)}?limit=100")).Ok().Items().Where(m => m.Int("type") == 0).ToArray();
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}").Order(StringComparer.Ordinal), page.Select(m => m.Str("content")!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_multipart_body_with_payload_json_is_read_whatever_its_boundary()
    {
        var (guild, owner, _) = await ScenarioAsync();
        var body = "\r\n--odd'bound_ary\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{\"content\":\"from a form\"}\r\n--odd'bound_ary--\r\n";
        var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=\"odd'bound_ary\"");
        Assert.Equal("from a form", (await owner.Api.Post(At(guild.General), content)).Ok().Str("content"));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Another_content_type_is_refused(string type)
    {
        var (guild, owner, _) = await ScenarioAsync();
        var content = new ByteArrayContent("{\"content\":\"x\"}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        (await owner.Api.Post(At(guild.General), content)).RefusedField("_body");
    }
}
