using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Api.Tests.Relationships;

public sealed class FollowsTests(KithHost host)
{
    [Fact]
    public async Task Following_is_one_sided_and_listed_on_both_sides_in_pages()
    {
        var users = await host.Register(6);
        var star = users[0];
        foreach (var fan in users[1..])
            (await fan.Api.Put($"/users/@me/following/{star.Id}")).Ok(204);
        (await users[1].Api.Put($"/users/@me/following/{star.Id}")).Ok(204);

        var fans = users[1..].Select(u => u.Id).OrderBy(id => id.Value).ToArray();
        Assert.Equal(fans, (await users[2].Api.Get($"/users/{star.Id}/followers")).Ok().Items().Ids<UserId>());
        Assert.Equal(fans[2..4], (await star.Api.Get($"/users/@me/followers?after={fans[1]}&limit=2")).Ok().Items().Ids<UserId>());
        Assert.Equal([star.Id], (await users[1].Api.Get("/users/@me/following")).Ok().Items().Ids<UserId>());
        Assert.Empty((await star.Api.Get("/users/@me/following")).Ok().Items());

        (await users[1].Api.Delete($"/users/@me/following/{star.Id}")).Ok(204);
        Assert.Empty((await users[1].Api.Get("/users/@me/following")).Ok().Items());
    }

    [Fact]
    public async Task A_block_ends_following_both_ways_and_prevents_it()
    {
        var users = await host.Register(2);
        var (alice, bob) = (users[0], users[1]);
        await alice.Api.Put($"/users/@me/following/{bob.Id}");
        await bob.Api.Put($"/users/@me/following/{alice.Id}");

        await alice.Block(bob.Id);
        Assert.Empty((await alice.Api.Get("/users/@me/following")).Ok().Items());
        Assert.Empty((await bob.Api.Get("/users/@me/following")).Ok().Items());
        (await bob.Api.Put($"/users/@me/following/{alice.Id}")).Refused(ErrorCode.MissingAccess);
        (await alice.Api.Put($"/users/@me/following/{bob.Id}")).Refused(ErrorCode.MissingAccess);
    }

    [Fact]
    public async Task Oneself_and_nobody_cannot_be_followed()
    {
        var alice = await host.Register();
        (await alice.Api.Put($"/users/@me/following/{alice.Id}")).Refused(ErrorCode.CannotFriendSelf);
        (await alice.Api.Put("/users/@me/following/123456789012345678")).Refused(ErrorCode.UnknownUser);
        (await alice.Api.Get("/users/123456789012345678/followers")).Refused(ErrorCode.UnknownUser);
        Assert.Equal("NUMBER_TYPE_MAX", (await alice.Api.Get("/users/@me/following?limit=5000")).RefusedField("limit"));
        Assert.Equal("NUMBER_TYPE_MIN", (await alice.Api.Get("/users/@me/following?limit=-1")).RefusedField("limit"));
    }
}
