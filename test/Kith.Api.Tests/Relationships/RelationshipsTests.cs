using System.Text.Json;
using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Api.Tests.Relationships;

public sealed class RelationshipsTests(KithHost host)
{
    const int Friend = 1, Blocked = 2, Incoming = 3, Outgoing = 4;

    [Fact]
    public async Task A_request_by_name_is_outgoing_here_and_incoming_there_until_accepted()
    {
        var (alice, bob) = await Two();

        (await alice.Api.Post("/users/@me/relationships", new { username = bob.Name.ToUpperInvariant() })).Ok(204);
        Assert.Equal(Outgoing, await TypeOf(alice, bob));
        Assert.Equal(Incoming, await TypeOf(bob, alice));

        // Asking again changes nothing.
        (await alice.Api.Put($"/users/@me/relationships/{bob.Id}", new { type = 1 })).Ok(204);
        Assert.Equal(Outgoing, await TypeOf(alice, bob));

        (await bob.Api.Put($"/users/@me/relationships/{alice.Id}", new { })).Ok(204);
        Assert.Equal(Friend, await TypeOf(alice, bob));
        Assert.Equal(Friend, await TypeOf(bob, alice));
        (await alice.Api.Put($"/users/@me/relationships/{bob.Id}", new { })).Refused(ErrorCode.AlreadyFriends);
    }

    [Fact]
    public async Task A_relationship_names_the_other_user_and_when_it_began()
    {
        var (alice, bob) = await Two();
        await alice.Befriend(bob);

        var friend = Assert.Single((await alice.Api.Get("/users/@me/relationships")).Ok().Items());
        Assert.Equal(bob.Id, friend.Id<UserId>());
        Assert.Equal(bob.Name, friend.GetProperty("user").Str("username"));
        Assert.Equal(JsonValueKind.Null, friend.GetProperty("nickname").ValueKind);
        Assert.InRange(friend.GetProperty("since").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(1));
    }

    [Fact]
    public async Task Requests_at_once_from_both_sides_make_friends()
    {
        for (var round = 0; round < 10; round++)
        {
            var (alice, bob) = await Two();
            var replies = await Task.WhenAll(
                alice.Api.Put($"/users/@me/relationships/{bob.Id}", new { }), bob.Api.Put($"/users/@me/relationships/{alice.Id}", new { }));
            Assert.All(replies, r => r.Ok(204));
            Assert.Equal(Friend, await TypeOf(alice, bob));
            Assert.Equal(Friend, await TypeOf(bob, alice));
        }
    }

    [Fact]
    public async Task A_request_can_be_withdrawn_and_declined_and_a_friendship_ended()
    {
        var (alice, bob) = await Two();
        await alice.Api.Put($"/users/@me/relationships/{bob.Id}", new { });
        (await alice.Api.Delete($"/users/@me/relationships/{bob.Id}")).Ok(204);
        await AssertNothingBetween(alice, bob);

        await alice.Api.Put($"/users/@me/relationships/{bob.Id}", new { });
        (await bob.Api.Delete($"/users/@me/relationships/{alice.Id}")).Ok(204);
        await AssertNothingBetween(alice, bob);

        await alice.Befriend(bob);
        (await alice.Api.Delete($"/users/@me/relationships/{bob.Id}")).Ok(204);
        await AssertNothingBetween(alice, bob);
        (await alice.Api.Delete($"/users/@me/relationships/{bob.Id}")).Refused(ErrorCode.UnknownUser);
    }

    [Fact]
    public async Task A_block_ends_the_friendship_and_is_seen_by_the_blocker_only()
    {
        var (alice, bob) = await Two();
        await alice.Befriend(bob);

        await alice.Block(bob.Id);
        Assert.Equal(Blocked, await TypeOf(alice, bob));
        Assert.Null(await TypeOf(bob, alice));

        (await bob.Api.Put($"/users/@me/relationships/{alice.Id}", new { })).Refused(ErrorCode.RecipientsBlocked);
        (await alice.Api.Put($"/users/@me/relationships/{bob.Id}", new { })).Refused(ErrorCode.FriendRequestBlocked);

        (await alice.Api.Delete($"/users/@me/relationships/{bob.Id}")).Ok(204);
        (await bob.Api.Put($"/users/@me/relationships/{alice.Id}", new { })).Ok(204);
    }

    [Fact]
    public async Task Two_can_block_each_other_and_unblocking_leaves_the_others_block()
    {
        var (alice, bob) = await Two();
        await alice.Block(bob.Id);
        await bob.Block(alice.Id);
        Assert.Equal(Blocked, await TypeOf(bob, alice));

        (await alice.Api.Delete($"/users/@me/relationships/{bob.Id}")).Ok(204);
        Assert.Null(await TypeOf(alice, bob));
        Assert.Equal(Blocked, await TypeOf(bob, alice));
    }

    [Fact]
    public async Task A_nickname_is_kept_for_friends_and_goes_with_the_friendship()
    {
        var (alice, bob) = await Two();
        (await alice.Api.Patch($"/users/@me/relationships/{bob.Id}", new { nickname = "Bobby" })).Refused(ErrorCode.UnknownUser);
        await alice.Befriend(bob);

        (await alice.Api.Patch($"/users/@me/relationships/{bob.Id}", new { nickname = "Bobby" })).Ok(204);
        Assert.Equal("Bobby", Assert.Single((await alice.Api.Get("/users/@me/relationships")).Ok().Items()).Str("nickname"));
        Assert.Null(Assert.Single((await bob.Api.Get("/users/@me/relationships")).Ok().Items()).Str("nickname"));
        Assert.Equal("BASE_TYPE_BAD_LENGTH", (await alice.Api.Patch($"/users/@me/relationships/{bob.Id}", new { nickname = new string('x', 33) })).RefusedField("nickname"));

        await alice.Api.Delete($"/users/@me/relationships/{bob.Id}");
        await alice.Befriend(bob);
        Assert.Null(Assert.Single((await alice.Api.Get("/users/@me/relationships")).Ok().Items()).Str("nickname"));
    }

    [Fact]
    public async Task Oneself_nobody_and_bots_cannot_be_befriended()
    {
        var alice = await host.Register();
        (await alice.Api.Put($"/users/@me/relationships/{alice.Id}", new { })).Refused(ErrorCode.CannotFriendSelf);
        (await alice.Api.Put("/users/@me/relationships/123456789012345678", new { })).Refused(ErrorCode.UnknownUser);
        (await alice.Api.Post("/users/@me/relationships", new { username = "nobody.at.all" })).Refused(ErrorCode.NoUsersWithTag);
        Assert.Equal("BASE_TYPE_REQUIRED", (await alice.Api.Post("/users/@me/relationships", new { })).RefusedField("username"));
        Assert.Equal("BASE_TYPE_CHOICES", (await alice.Api.Put("/users/@me/relationships/123456789012345678", new { type = 7 })).RefusedField("type"));
        (await alice.Api.Put("/users/@me/relationships/banana", new { })).RefusedField("user_id");
    }

    async Task<(TestUser Alice, TestUser Bob)> Two()
    {
        var users = await host.Register(2);
        return (users[0], users[1]);
    }

    static async Task<int?> TypeOf(TestUser user, TestUser other)
    {
        foreach (var r in (await user.Api.Get("/users/@me/relationships")).Ok().Items())
        {
            if (r.Id<UserId>() == other.Id) return r.Int("type");
        }

        return null;
    }

    static async Task AssertNothingBetween(TestUser alice, TestUser bob)
    {
        Assert.Null(await TypeOf(alice, bob));
        Assert.Null(await TypeOf(bob, alice));
    }
}
