using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Api.Tests.Relationships;

public sealed class RelationshipEventsTests(KithHost host)
{
    [Fact]
    public async Task Both_sides_are_told_of_a_request_its_acceptance_and_the_end()
    {
        var users = await host.Register(2);
        var (alice, bob) = (users[0], users[1]);
        await using var atAlice = await GatewayProbe.Login(alice);
        await using var atBob = await GatewayProbe.Login(bob);

        await alice.Api.Put($"/users/@me/relationships/{bob.Id}", new { });
        var outgoing = await atAlice.Next("RELATIONSHIP_ADD");
        Assert.Equal((bob.Id, 4, bob.Name), (outgoing.Id<UserId>(), outgoing.Int("type"), outgoing.GetProperty("user").Str("username")));
        var incoming = await atBob.Next("RELATIONSHIP_ADD");
        Assert.Equal((alice.Id, 3, alice.Name), (incoming.Id<UserId>(), incoming.Int("type"), incoming.GetProperty("user").Str("username")));

        await bob.Api.Put($"/users/@me/relationships/{alice.Id}", new { });
        Assert.Equal(1, (await atAlice.Next("RELATIONSHIP_ADD")).Int("type"));
        Assert.Equal(1, (await atBob.Next("RELATIONSHIP_ADD")).Int("type"));

        await alice.Api.Patch($"/users/@me/relationships/{bob.Id}", new { nickname = "Bobby" });
        var renamed = await atAlice.Next("RELATIONSHIP_UPDATE");
        Assert.Equal((bob.Id, "Bobby"), (renamed.Id<UserId>(), renamed.Str("nickname")));

        await bob.Api.Delete($"/users/@me/relationships/{alice.Id}");
        Assert.Equal(bob.Id, (await atAlice.Next("RELATIONSHIP_REMOVE")).Id<UserId>());
        Assert.Equal(alice.Id, (await atBob.Next("RELATIONSHIP_REMOVE")).Id<UserId>());
        // Nobody learns what they are called.
        atBob.AssertNone("RELATIONSHIP_UPDATE");
    }

    [Fact]
    public async Task Who_is_blocked_learns_of_the_end_of_a_friendship_and_of_nothing_else()
    {
        var users = await host.Register(3);
        var (alice, bob, carol) = (users[0], users[1], users[2]);
        await alice.Befriend(bob);
        await using var atAlice = await GatewayProbe.Login(alice);
        await using var atBob = await GatewayProbe.Login(bob);
        await using var atCarol = await GatewayProbe.Login(carol);

        await alice.Block(bob.Id);
        await alice.Block(carol.Id);
        Assert.Equal(2, (await atAlice.Next("RELATIONSHIP_ADD")).Int("type"));
        Assert.Equal(1, (await atBob.Next("RELATIONSHIP_REMOVE")).Int("type"));

        // The next thing that carol hears of is bob's request.
        await bob.Api.Put($"/users/@me/relationships/{carol.Id}", new { });
        Assert.Equal(bob.Id, (await atCarol.Next("RELATIONSHIP_ADD")).Id<UserId>());
        atCarol.AssertNone("RELATIONSHIP_ADD", r => r.Id<UserId>() == alice.Id);
        atCarol.AssertNone("RELATIONSHIP_REMOVE");
        atBob.AssertNone("RELATIONSHIP_ADD", r => r.Id<UserId>() == alice.Id);
    }
}
