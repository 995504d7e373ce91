using Kith.Contracts.Accounts;
using Kith.Engine.People;
using Kith.Protocol;
using Xunit;

namespace Kith.Contracts.Push;

/// <summary>What every store tells of whom pushes may concern.</summary>
public abstract class PushAudienceStoreContract
{
    protected abstract ValueTask<PushStores> StoresAsync();

    [Fact]
    public async Task Of_people_those_with_a_device_are_found_with_their_settings()
    {
        var stores = await StoresAsync();
        var (with, without) = (await stores.Subscriptions.AddDeviceAsync(stores.Accounts), await stores.Accounts.AddAsync());
        await stores.Accounts.People.Settings.UpdateGuildAsync(with.UserId, null, s => s with { Muted = true }, default);
        var found = Assert.Single(await stores.Audience.PeopleAsync([with.UserId, without], default));
        Assert.Equal((with.UserId, true), (found.User, found.Settings!.Muted));
        await stores.Accounts.People.Settings.UpdateAsync(with.UserId, s => s with { Status = "dnd" }, default);
        Assert.Equal("dnd", Assert.Single(await stores.Audience.SettingsAsync([with.UserId, without], default)).Value.Status);
    }

    [Fact]
    public async Task Who_has_blocked_someone_is_found_from_the_other_side()
    {
        var stores = await StoresAsync();
        var (one, other, friend) = (await stores.Accounts.AddAsync(), await stores.Accounts.AddAsync(), await stores.Accounts.AddAsync());
        foreach (var (user, type) in new[] { (one, RelationshipType.Blocked), (friend, RelationshipType.Friend) })
        {
            await stores.Accounts.People.Relationships.ChangeAsync(
                user, other, pair => pair with { Mine = new RelationshipRecord(user, other, type, AccountFixture.Now) }, default);
        }

        Assert.Equal([one], await stores.Audience.BlockersAsync(other, default));
        Assert.Empty(await stores.Audience.BlockersAsync(one, default));
    }

    [Fact]
    public async Task Idleness_counts_from_its_beginning_until_it_ends()
    {
        var stores = await StoresAsync();
        var user = await stores.Accounts.AddAsync();
        Assert.Empty(await stores.Audience.IdleSinceAsync([user], default));
        await stores.Audience.SetIdleAsync(new Dictionary<Domain.UserId, DateTimeOffset?> { [user] = AccountFixture.Now }, default);
        await stores.Audience.SetIdleAsync(new Dictionary<Domain.UserId, DateTimeOffset?> { [user] = AccountFixture.Now.AddMinutes(1) }, default);
        Assert.Equal(AccountFixture.Now, (await stores.Audience.IdleSinceAsync([user], default))[user]);
        await stores.Audience.SetIdleAsync(new Dictionary<Domain.UserId, DateTimeOffset?> { [user] = null }, default);
        Assert.Empty(await stores.Audience.IdleSinceAsync([user], default));
    }
}
