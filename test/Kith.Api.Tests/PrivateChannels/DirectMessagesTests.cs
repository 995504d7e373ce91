using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Api.Tests.PrivateChannels;

public sealed class DirectMessagesTests(KithHost host)
{
    [Fact]
    public async Task The_DM_with_someone_is_one_and_the_same_from_both_sides_and_at_once()
    {
        var users = await host.Register(2);
        var (alice, bob) = (users[0], users[1]);
        var opened = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? alice.OpenDm(bob.Id) : bob.OpenDm(alice.Id)));
        var dm = Assert.Single(opened.Distinct());

        var seen = (await alice.Api.Get($"/channels/{dm}")).Ok();
        Assert.Equal(1, seen.Int("type"));
        Assert.Equal([bob.Id], seen.Items("recipients").Ids<UserId>());
        Assert.Equal([alice.Id], (await bob.Api.Get($"/channels/{dm}")).Ok().Items("recipients").Ids<UserId>());
        Assert.Equal(dm, (await alice.Api.Post("/users/@me/channels", new { recipients = (UserId[])[bob.Id] })).Ok().Id<ChannelId>());
    }

    [Fact]
    public async Task The_other_sees_the_DM_with_its_first_message_and_is_told_of_the_channel_first()
    {
        var users = await host.Register(2);
        var (alice, bob) = (users[0], users[1]);
        await using var atAlice = await GatewayProbe.Login(alice);
        await using var atBob = await GatewayProbe.Login(bob);
        var dm = await alice.OpenDm(bob.Id);
        Assert.Equal(dm, (await atAlice.Next("CHANNEL_CREATE")).Id<ChannelId>());
        Assert.Empty((await bob.Api.Get("/users/@me/channels")).Ok().Items());

        await alice.Send(dm, "hello");
        var created = await atBob.Wait("CHANNEL_CREATE");
        var message = await atBob.Wait("MESSAGE_CREATE");
        Assert.True(created.Index < message.Index);
        Assert.Equal([alice.Id], created.Data.Items("recipients").Ids<UserId>());
        Assert.Equal([dm], (await bob.Api.Get("/users/@me/channels")).Ok().Items().Ids<ChannelId>());

        await alice.Send(dm, "hello again");
        await atBob.Wait("MESSAGE_CREATE", m => m.Str("content") == "hello again");
        Assert.Single(atBob.Events, e => e.Name == "CHANNEL_CREATE");
    }

    [Fact]
    public async Task A_closed_DM_is_gone_on_one_side_until_the_next_message_with_all_it_had()
    {
        var users = await host.Register(2);
        var (alice, bob) = (users[0], users[1]);
        var dm = await alice.OpenDm(bob.Id);
        await alice.Send(dm, "one");
        await using var atAlice = await GatewayProbe.Login(alice);
        await using var atBob = await GatewayProbe.Login(bob);

        Assert.Equal(dm, (await bob.Api.Delete($"/channels/{dm}")).Ok(200).Id<ChannelId>());
        Assert.Equal(dm, (await atBob.Next("CHANNEL_DELETE")).Id<ChannelId>());
        Assert.Empty((await bob.Api.Get("/users/@me/channels")).Ok().Items());
        Assert.Single((await alice.Api.Get("/users/@me/channels")).Ok().Items());

        await alice.Send(dm, "two");
        Assert.Equal(dm, (await atBob.Next("CHANNEL_CREATE")).Id<ChannelId>());
        var messages = (await bob.Api.Get($"/channels/{dm}/messages")).Ok().Items();
        Assert.Equal(["two", "one"], messages.Select(m => m.Str("content")));
        Assert.Equal(messages[0].Str("id"), Assert.Single((await bob.Api.Get("/users/@me/channels")).Ok().Items()).Str("last_message_id"));
        atAlice.AssertNone("CHANNEL_DELETE");
    }

    [Fact]
    public async Task Who_is_blocked_can_neither_open_nor_write_and_nor_can_who_blocked()
    {
        var users = await host.Register(2);
        var (alice, bob) = (users[0], users[1]);
        var dm = await bob.OpenDm(alice.Id);
        await bob.Send(dm, "before");

        await alice.Block(bob.Id);
        (await bob.Api.Post("/users/@me/channels", new { recipient_id = alice.Id })).Refused(ErrorCode.CannotMessageUser);
        (await bob.Api.Post($"/channels/{dm}/messages", new { content = "let me in" })).Refused(ErrorCode.CannotMessageUser);
        (await alice.Api.Post($"/channels/{dm}/messages", new { content = "no" })).Refused(ErrorCode.CannotMessageUser);
        Assert.Single((await alice.Api.Get($"/channels/{dm}/messages")).Ok().Items());

        await alice.Api.Delete($"/users/@me/relationships/{bob.Id}");
        await bob.Send(dm, "after");
    }

    [Fact]
    public async Task Friends_only_lets_friends_write_and_nobody_else()
    {
        var users = await host.Register(3);
        var (alice, friend, stranger) = (users[0], users[1], users[2]);
        await alice.Befriend(friend);
        var dm = await stranger.OpenDm(alice.Id);
        (await alice.Api.Patch("/users/@me/settings", new { friends_only_dms = true })).Ok();

        (await stranger.Api.Post($"/channels/{dm}/messages", new { content = "hi" })).Refused(ErrorCode.CannotMessageUser);
        (await stranger.Api.Post("/users/@me/channels", new { recipient_id = alice.Id })).Refused(ErrorCode.CannotMessageUser);
        await friend.Send(await friend.OpenDm(alice.Id), "hi");
        // It says who may write to alice, not to whom alice may.
        await alice.Send(dm, "what is it?");

        (await alice.Api.Delete($"/users/@me/relationships/{friend.Id}")).Ok();
        (await friend.Api.Post("/users/@me/channels", new { recipient_id = alice.Id })).Refused(ErrorCode.CannotMessageUser);
    }

    [Fact]
    public async Task There_is_no_DM_with_oneself_with_nobody_or_without_a_name()
    {
        var alice = await host.Register();
        (await alice.Api.Post("/users/@me/channels", new { recipient_id = alice.Id })).Refused(ErrorCode.CannotMessageUser);
        (await alice.Api.Post("/users/@me/channels", new { recipient_id = "123456789012345678" })).Refused(ErrorCode.InvalidRecipients);
        (await alice.Api.Post("/users/@me/channels", new { })).RefusedField("recipient_id");
        (await alice.Api.Post("/users/@me/channels", new { recipients = Array.Empty<string>() })).RefusedField("recipient_id");
        (await alice.Api.Post("/users/@me/channels", new { recipient_id = "bob" })).RefusedField("recipient_id");
    }

    [Fact]
    public async Task Others_do_not_see_a_DM()
    {
        var users = await host.Register(3);
        var dm = await users[0].OpenDm(users[1].Id);
        (await users[2].Api.Get($"/channels/{dm}")).Refused(ErrorCode.UnknownChannel);
        (await users[2].Api.Get($"/channels/{dm}/messages")).Refused(ErrorCode.UnknownChannel);
        (await users[2].Api.Delete($"/channels/{dm}")).Refused(ErrorCode.UnknownChannel);
        (await users[2].Api.Put($"/channels/{dm}/recipients/{users[2].Id}")).Refused(ErrorCode.UnknownChannel);
    }

    [Fact]
    public async Task A_DM_has_neither_name_nor_further_recipients()
    {
        var users = await host.Register(3);
        var dm = await users[0].OpenDm(users[1].Id);
        (await users[0].Api.Patch($"/channels/{dm}", new { name = "us" })).Refused(ErrorCode.CannotExecuteOnDm);
        (await users[0].Api.Put($"/channels/{dm}/recipients/{users[2].Id}")).Refused(ErrorCode.CannotExecuteOnChannelType);
        (await users[0].Api.Delete($"/channels/{dm}/recipients/{users[1].Id}")).Refused(ErrorCode.CannotExecuteOnChannelType);
    }

    [Fact]
    public async Task A_bot_opens_DMs_with_people_not_with_bots()
    {
        var owner = await host.Register();
        var (bot, other) = (await owner.CreateBot(), await owner.CreateBot());
        await bot.Send(await bot.OpenDm(owner.Id), "beep");
        (await bot.Api.Post("/users/@me/channels", new { recipient_id = other.Id })).Refused(ErrorCode.CannotMessageUser);
        (await bot.Api.Post("/users/@me/channels", new { recipients = (UserId[])[owner.Id, other.Id] })).Refused(ErrorCode.BotsCannotUse);
    }

    [Fact]
    public async Task Read_receipts_that_are_off_are_neither_given_nor_got()
    {
        var users = await host.Register(2);
        var (alice, bob) = (users[0], users[1]);
        var dm = await alice.OpenDm(bob.Id);
        (await bob.Api.Patch("/users/@me/settings", new { read_receipts = false })).Ok();
        var first = (await alice.Send(dm, "seen?")).Id<MessageId>();
        await bob.Ack(dm, first);
        var reply = (await bob.Send(dm, "no")).Id<MessageId>();
        await alice.Ack(dm, reply);

        var atAlice = (await alice.Api.Get($"/channels/{dm}/receipts")).Ok().Items();
        Assert.Null(atAlice.FirstOrDefault(r => r.Id<UserId>("user_id") == bob.Id).IdOrNull<MessageId>("read_message_id"));
        var atBob = (await bob.Api.Get($"/channels/{dm}/receipts")).Ok().Items();
        Assert.Null(atBob.FirstOrDefault(r => r.Id<UserId>("user_id") == alice.Id).IdOrNull<MessageId>("read_message_id"));
    }
}
