using Kith.Contracts.Accounts;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.People;
using Kith.Protocol;
using Xunit;

namespace Kith.Contracts.People;

/// <summary>What every store of relationships keeps.</summary>
public abstract class RelationshipStoreContract
{
    protected abstract ValueTask<AccountStores> StoresAsync();

    [Fact]
    public async Task Both_sides_are_changed_together_and_read_back_whole()
    {
        var stores = await StoresAsync();
        var (me, other) = (await stores.AddAsync(), await stores.AddAsync());
        var mine = new RelationshipRecord(me, other, RelationshipType.Friend, AccountFixture.Now, "Spitzname 👋");
        var theirs = new RelationshipRecord(other, me, RelationshipType.Friend, AccountFixture.Now);
        var change = (await stores.People.Relationships.ChangeAsync(me, other, pair => pair with { Mine = mine, Theirs = theirs }, default)).Value;
        Assert.Equal((null, null), (change.Before.Mine, change.Before.Theirs));
        Assert.Equal((0, 0), (change.Before.MineCount, change.Before.TheirsCount));
        Assert.Equal([mine], await stores.People.Relationships.OfUserAsync(me, default));
        Assert.Equal([theirs], await stores.People.Relationships.OfUserAsync(other, default));

        // The other side sees the same pair the other way round.
        var seen = (await stores.People.Relationships.ChangeAsync(other, me, pair => pair with { Mine = null }, default)).Value.Before;
        Assert.Equal((theirs, mine, 1, 1), (seen.Mine, seen.Theirs, seen.MineCount, seen.TheirsCount));
        Assert.Empty(await stores.People.Relationships.OfUserAsync(other, default));
        Assert.Equal([mine], await stores.People.Relationships.OfUserAsync(me, default));
    }

    [Fact]
    public async Task A_refusal_is_passed_on_and_changes_nothing()
    {
        var stores = await StoresAsync();
        var (me, other) = (await stores.AddAsync(), await stores.AddAsync());
        var refused = await stores.People.Relationships.ChangeAsync(me, other, _ => ErrorCode.MaxFriends, default);
        Assert.Equal(ErrorCode.MaxFriends, refused.Error?.Code);
        Assert.Empty(await stores.People.Relationships.OfUserAsync(me, default));
    }

    [Fact]
    public async Task Changes_of_one_pair_at_once_from_both_sides_run_one_after_the_other()
    {
        var stores = await StoresAsync();
        var (me, other) = (await stores.AddAsync(), await stores.AddAsync());
        await stores.People.Relationships.ChangeAsync(me, other, pair => pair with
        {
            Mine = new(me, other, RelationshipType.Friend, AccountFixture.Now, "0"), Theirs = new(other, me, RelationshipType.Friend, AccountFixture.Now, "0"),
        }, default);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => i % 2 == 0
            ? stores.People.Relationships.ChangeAsync(me, other, Count, default)
            : stores.People.Relationships.ChangeAsync(other, me, Count, default)));
        var (mine, theirs) = (
            Assert.Single(await stores.People.Relationships.OfUserAsync(me, default)), Assert.Single(await stores.People.Relationships.OfUserAsync(other, default)));
        Assert.Equal(("20", "20"), (mine.Nickname, theirs.Nickname));

        // The nicknames count the changes: one that saw an old state would lose one.
        Result<RelationshipPair> Count(RelationshipPair pair)
        {
            var next = (int.Parse(pair.Mine!.Nickname!) + 1).ToString();
            return pair with { Mine = pair.Mine with { Nickname = next }, Theirs = pair.Theirs! with { Nickname = next } };
        }
    }

    [Fact]
    public async Task A_block_ends_following_both_ways()
    {
        var stores = await StoresAsync();
        var (me, other, third) = (await stores.AddAsync(), await stores.AddAsync(), await stores.AddAsync());
        await stores.People.Follows.AddAsync(me, other, AccountFixture.Now, default);
        await stores.People.Follows.AddAsync(other, me, AccountFixture.Now, default);
        await stores.People.Follows.AddAsync(third, me, AccountFixture.Now, default);
        await stores.People.Relationships.ChangeAsync(me, other, pair => pair with { Mine = new(me, other, RelationshipType.Blocked, AccountFixture.Now) }, default);
        Assert.Empty(await stores.People.Follows.FollowedByAsync(me, default, 10, default));
        Assert.Equal([third], await stores.People.Follows.FollowersAsync(me, default, 10, default));
    }
}

/// <summary>What every store of follows keeps.</summary>
public abstract class FollowStoreContract
{
    protected abstract ValueTask<AccountStores> StoresAsync();

    [Fact]
    public async Task Following_is_kept_once_and_paged_by_id_on_both_sides()
    {
        var follows = (await StoresAsync()).People.Follows;
        var star = AccountFixture.NewUser().Id;
        var fans = Enumerable.Range(0, 5).Select(_ => AccountFixture.NewUser().Id).ToArray();
        foreach (var fan in fans.Reverse())
            Assert.True(await follows.AddAsync(fan, star, AccountFixture.Now, default));
        Assert.False(await follows.AddAsync(fans[0], star, AccountFixture.Now, default));

        Assert.Equal(fans[..2], await follows.FollowersAsync(star, default, 2, default));
        Assert.Equal(fans[2..], await follows.FollowersAsync(star, fans[1], 10, default));
        Assert.Equal([star], await follows.FollowedByAsync(fans[3], default, 10, default));
        Assert.Empty(await follows.FollowedByAsync(star, default, 10, default));

        Assert.True(await follows.RemoveAsync(fans[3], star, default));
        Assert.False(await follows.RemoveAsync(fans[3], star, default));
        Assert.Empty(await follows.FollowedByAsync(fans[3], default, 10, default));
    }
}
