using Kith.Contracts.Accounts;
using Kith.Engine.Push;
using Xunit;
using static Kith.Contracts.Push.PushFixture;

namespace Kith.Contracts.Push;

/// <summary>What every store of push subscriptions keeps.</summary>
public abstract class PushSubscriptionStoreContract
{
    protected abstract ValueTask<(IPushSubscriptionStore Store, AccountStores Accounts)> StoresAsync();

    [Fact]
    public async Task Subscriptions_are_read_back_whole_and_belong_to_their_user()
    {
        var (store, accounts) = await StoresAsync();
        var (mine, theirs) = (await store.AddDeviceAsync(accounts), await store.AddDeviceAsync(accounts));
        Assert.Equal([mine.Id], (await store.OfUserAsync(mine.UserId, default)).Select(s => s.Id));
        Assert.Equivalent(mine, (await store.OfUserAsync(mine.UserId, default))[0]);
        Assert.False(await store.RemoveAsync(mine.UserId, theirs.Id, default));
        Assert.False(await store.RemoveAsync(mine.UserId, theirs.Address, default));
        Assert.True(await store.RemoveAsync(mine.UserId, mine.Address, default));
        Assert.False(await store.RemoveAsync(mine.UserId, mine.Id, default));
        Assert.Empty(await store.OfUserAsync(mine.UserId, default));
        Assert.True(await store.RemoveAsync(theirs.UserId, theirs.Id, default));
    }

    [Fact]
    public async Task An_address_that_is_known_keeps_its_id_and_becomes_the_newest_users()
    {
        var (store, accounts) = await StoresAsync();
        var first = await store.AddDeviceAsync(accounts);
        var other = await accounts.AddAsync();
        var again = await store.SaveAsync(New(other, await accounts.AddSessionAsync(other), first.Address) with { Secret = [9] }, 10, default);
        Assert.Equal(first.Id, again.Id);
        Assert.Empty(await store.OfUserAsync(first.UserId, default));
        Assert.Equal([9], (await store.OfUserAsync(other, default))[0].Secret!);
    }

    [Fact]
    public async Task Of_too_many_the_oldest_go()
    {
        var (store, accounts) = await StoresAsync();
        var user = await accounts.AddAsync();
        var session = await accounts.AddSessionAsync(user);
        for (var i = 0; i < 5; i++)
            await store.SaveAsync(New(user, session, $"https://push.example.org/{user}/{i}") with { CreatedAt = AccountFixture.Now.AddMinutes(i) }, 3, default);
        Assert.Equal([2, 3, 4], (await store.OfUserAsync(user, default)).Select(s => s.Address[^1] - '0'));
    }

    [Fact]
    public async Task A_subscription_ends_with_its_login()
    {
        var (store, accounts) = await StoresAsync();
        var device = await store.AddDeviceAsync(accounts);
        await accounts.Sessions.RemoveAsync(device.UserId, [device.SessionId], default);
        Assert.Empty(await store.OfUserAsync(device.UserId, default));
    }

    [Fact]
    public async Task The_first_key_that_is_offered_stays()
    {
        var (store, _) = await StoresAsync();
        var name = AccountFixture.NewName();
        var keys = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => store.KeyAsync(name, $"key {i}", default)));
        Assert.Single(keys.Distinct());
        Assert.Equal(keys[0], await store.KeyAsync(name, "another", default));
    }
}
