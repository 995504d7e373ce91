using Kith.Domain;
using Kith.Engine;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Api.Tests.PrivateChannels;

public sealed class GroupsTests(KithHost host)
{
    [Fact]
    public async Task A_group_has_its_maker_as_owner_and_all_are_told()
    {
        var users = await host.Register(3);
        await using var probe = await GatewayProbe.Login(users[2]);
        var made = (await users[0].Api.Post("/users/@me/channels", new { recipients = (UserId[])[users[1].Id, users[2].Id, users[1].Id, users[0].Id] })).Ok();
        Assert.Equal(3, made.Int("type"));
        Assert.Equal(users[0].Id, made.Id<UserId>("owner_id"));
        Assert.Equal(Sorted(users[1], users[2]), made.Items("recipients").Ids<UserId>());
        Assert.Null(made.Str("name"));

        var group = made.Id<ChannelId>();
        var created = await probe.Next("CHANNEL_CREATE");
        Assert.Equal(group, created.Id<ChannelId>());
        // One event for all participants names all of them.
        Assert.Equal(Sorted(users), created.Items("recipients").Ids<UserId>());
        foreach (var user in users)
        {
            var seen = Assert.Single((await user.Api.Get("/users/@me/channels")).Ok().Items());
            Assert.Equal(Sorted([.. users.Where(u => u != user)]), seen.Items("recipients").Ids<UserId>());
        }
    }

    [Fact]
    public async Task Any_participant_names_the_group_and_a_message_says_so()
    {
        var users = await host.Register(3);
        var group = await users[0].OpenGroup(users[1].Id, users[2].Id);
        await using var probe = await GatewayProbe.Login(users[2]);

        var renamed = (await users[1].Api.Patch($"/channels/{group}", new { name = " The three " })).Ok(200);
        Assert.Equal("The three", renamed.Str("name"));
        Assert.Equal(2, renamed.Items("recipients").Count);
        var update = await probe.Next("CHANNEL_UPDATE");
        Assert.Equal("The three", update.Str("name"));
        Assert.False(update.TryGetProperty("recipients", out _));
        var message = await probe.Next("MESSAGE_CREATE");
        Assert.Equal((4, "The three", users[1].Id), (message.Int("type"), message.Str("content"), message.GetProperty("author").Id<UserId>()));

        (await users[1].Api.Patch($"/channels/{group}", new { name = "The three" })).Ok(200);
        Assert.Single((await users[0].Api.Get($"/channels/{group}/messages")).Ok().Items());
        Assert.Null((await users[1].Api.Patch($"/channels/{group}", new { name = "" })).Ok(200).Str("name"));
        Assert.Equal("BASE_TYPE_BAD_LENGTH", (await users[1].Api.Patch($"/channels/{group}", new { name = new string('x', 101) })).RefusedField("name"));
        Assert.Equal("IMAGE_INVALID", (await users[1].Api.Patch($"/channels/{group}", new { icon = "data:image/png;base64,AAAA" })).RefusedField("icon"));
        (await users[1].Api.Patch($"/channels/{group}", new { icon = (string?)null })).Ok(200);
    }

    [Fact]
    public async Task A_newcomer_gets_the_group_the_others_the_newcomer()
    {
        var users = await host.Register(4);
        var (owner, second, third, newcomer) = (users[0], users[1], users[2], users[3]);
        var group = await owner.OpenGroup(second.Id, third.Id);
        await second.Send(group, "before you came");
        await using var atNewcomer = await GatewayProbe.Login(newcomer);
        await using var atOwner = await GatewayProbe.Login(owner);

        (await third.Api.Put($"/channels/{group}/recipients/{newcomer.Id}")).Ok(204);
        Assert.Equal(Sorted(owner, second, third), (await atNewcomer.Next("CHANNEL_CREATE")).Items("recipients").Ids<UserId>());
        var added = await atOwner.Next("CHANNEL_RECIPIENT_ADD");
        Assert.Equal((group, newcomer.Id), (added.Id<ChannelId>("channel_id"), added.GetProperty("user").Id<UserId>()));
        var message = await atOwner.Next("MESSAGE_CREATE");
        Assert.Equal((1, third.Id), (message.Int("type"), message.GetProperty("author").Id<UserId>()));
        Assert.Equal([newcomer.Id], message.Items("mentions").Ids<UserId>());
        atNewcomer.AssertNone("CHANNEL_RECIPIENT_ADD");

        // What was said before is history, not news.
        var unread = (await newcomer.Api.Get($"/channels/{group}/unread")).Ok();
        Assert.Equal(1, unread.Int("unread_count"));

        // Again, nothing happens.
        (await third.Api.Put($"/channels/{group}/recipients/{newcomer.Id}")).Ok(204);
        Assert.Equal(2, (await owner.Api.Get($"/channels/{group}/messages")).Ok().Items().Count);
    }

    [Fact]
    public async Task Only_the_owner_removes_others_and_who_is_removed_sees_nothing_more()
    {
        var users = await host.Register(3);
        var group = await users[0].OpenGroup(users[1].Id, users[2].Id);
        await using var atRemoved = await GatewayProbe.Login(users[2]);
        await using var atOther = await GatewayProbe.Login(users[1]);

        (await users[1].Api.Delete($"/channels/{group}/recipients/{users[2].Id}")).Refused(ErrorCode.MissingPermissions);
        (await users[0].Api.Delete($"/channels/{group}/recipients/{users[2].Id}")).Ok(204);
        Assert.Equal(group, (await atRemoved.Next("CHANNEL_DELETE")).Id<ChannelId>());
        Assert.Equal(users[2].Id, (await atOther.Next("CHANNEL_RECIPIENT_REMOVE")).GetProperty("user").Id<UserId>());
        Assert.Equal(2, (await atOther.Next("MESSAGE_CREATE")).Int("type"));

        (await users[2].Api.Get($"/channels/{group}")).Refused(ErrorCode.UnknownChannel);
        (await users[2].Api.Post($"/channels/{group}/messages", new { content = "hello?" })).Refused(ErrorCode.UnknownChannel);
        await users[0].Send(group, "quiet now");
        await atOther.Next("MESSAGE_CREATE");
        atRemoved.AssertNone("MESSAGE_CREATE");
        (await users[0].Api.Delete($"/channels/{group}/recipients/{users[2].Id}")).Refused(ErrorCode.UnknownUser);
    }

    [Fact]
    public async Task A_group_passes_to_who_has_been_there_longest_when_its_owner_leaves()
    {
        var users = await host.Register(4);
        var group = await users[3].OpenGroup(users[1].Id, users[2].Id);
        (await users[1].Api.Delete($"/channels/{group}/recipients/@me")).Ok(204);
        (await users[3].Api.Put($"/channels/{group}/recipients/{users[0].Id}")).Ok(204);
        (await users[3].Api.Put($"/channels/{group}/recipients/{users[1].Id}")).Ok(204);
        await using var probe = await GatewayProbe.Login(users[0]);

        Assert.Equal(group, (await users[3].Api.Delete($"/channels/{group}")).Ok(200).Id<ChannelId>());
        Assert.Equal(users[2].Id, (await probe.Next("CHANNEL_UPDATE")).Id<UserId>("owner_id"));
        Assert.Equal(users[2].Id, (await users[0].Api.Get($"/channels/{group}")).Ok().Id<UserId>("owner_id"));
        (await users[2].Api.Delete($"/channels/{group}/recipients/{users[0].Id}")).Ok(204);
    }

    [Fact]
    public async Task The_owner_can_hand_the_group_over()
    {
        var users = await host.Register(4);
        var group = await users[0].OpenGroup(users[1].Id, users[2].Id);
        (await users[1].Api.Patch($"/channels/{group}", new { owner = users[1].Id })).Refused(ErrorCode.MissingPermissions);
        Assert.Equal("GROUP_OWNER_NOT_IN_GROUP", (await users[0].Api.Patch($"/channels/{group}", new { owner = users[3].Id })).RefusedField("owner"));
        Assert.Equal(users[1].Id, (await users[0].Api.Patch($"/channels/{group}", new { owner = users[1].Id })).Ok(200).Id<UserId>("owner_id"));
        (await users[0].Api.Delete($"/channels/{group}/recipients/{users[2].Id}")).Refused(ErrorCode.MissingPermissions);
    }

    [Fact]
    public async Task The_last_one_out_ends_the_group()
    {
        var users = await host.Register(3);
        var group = await users[0].OpenGroup(users[1].Id, users[2].Id);
        foreach (var user in users)
            (await user.Api.Delete($"/channels/{group}")).Ok(200);
        foreach (var user in users)
        {
            (await user.Api.Get($"/channels/{group}")).Refused(ErrorCode.UnknownChannel);
            Assert.Empty((await user.Api.Get("/users/@me/channels")).Ok().Items());
        }
    }

    [Fact]
    public async Task A_group_is_full_at_its_limit_even_where_many_are_added_at_once()
    {
        await using var small = await KithHost.Start(new KithHostSetup { Options = o => o with { Limits = new LimitsOptions { GroupRecipients = 5 } } });
        var users = await small.Register(10);
        (await users[0].Api.Post("/users/@me/channels", new { recipients = users[1..6].Select(u => u.Id) })).Refused(ErrorCode.MaxRecipients);
        var group = await users[0].OpenGroup(users[1].Id, users[2].Id);
        var replies = await Task.WhenAll(users[3..].Select(u => users[0].Api.Put($"/channels/{group}/recipients/{u.Id}")));
        Assert.Equal(2, replies.Count(r => r.Status == 204));
        Assert.All(replies.Where(r => r.Status != 204), r => r.Refused(ErrorCode.MaxRecipients));
        Assert.Equal(4, (await users[0].Api.Get($"/channels/{group}")).Ok().Items("recipients").Count);
    }

    [Fact]
    public async Task Who_blocked_one_or_takes_friends_only_is_not_brought_into_a_group()
    {
        var users = await host.Register(5);
        var (owner, second, third, blocker, shy) = (users[0], users[1], users[2], users[3], users[4]);
        await blocker.Block(owner.Id);
        await shy.Api.Patch("/users/@me/settings", new { friends_only_dms = true });
        var group = await owner.OpenGroup(second.Id, third.Id);

        foreach (var unwilling in (TestUser[])[blocker, shy])
        {
            (await owner.Api.Put($"/channels/{group}/recipients/{unwilling.Id}")).Refused(ErrorCode.CannotMessageUser);
            (await owner.Api.Post("/users/@me/channels", new { recipients = (UserId[])[second.Id, unwilling.Id] })).Refused(ErrorCode.CannotMessageUser);
        }

        await shy.Befriend(owner);
        (await owner.Api.Put($"/channels/{group}/recipients/{shy.Id}")).Ok(204);
        // Others who share no block bring them in.
        (await second.Api.Put($"/channels/{group}/recipients/{blocker.Id}")).Ok(204);
        (await owner.Api.Put($"/channels/{group}/recipients/{(await owner.CreateBot()).Id}")).Refused(ErrorCode.InvalidRecipients);
        (await owner.Api.Put($"/channels/{group}/recipients/123456789012345678")).Refused(ErrorCode.InvalidRecipients);
    }

    static IReadOnlyList<UserId> Sorted(params TestUser[] users) => [.. users.Select(u => u.Id).OrderBy(id => id.Value)];
}
