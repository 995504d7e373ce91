using Kith.Domain;
using Kith.Engine.Admin;
using Xunit;
using static Kith.Contracts.Accounts.AccountFixture;

namespace Kith.Contracts.Accounts;

/// <summary>What every store tells admins. Others write into the same database meanwhile.</summary>
public abstract class AdminStoreContract
{
    protected abstract ValueTask<(IAdminStore Store, AccountStores Accounts)> StoresAsync();

    [Fact]
    public async Task Counts_grow_with_what_is_stored()
    {
        var (store, accounts) = await StoresAsync();
        var before = await store.SizeAsync(default, default);
        await accounts.AddAsync();
        var after = await store.SizeAsync(default, default);
        Assert.True(after.Users > before.Users && after.DatabaseBytes > 0 && after.Messages >= after.MessagesLastDay);
    }

    [Fact]
    public async Task Users_are_found_by_prefix_newest_first_with_whether_they_are_disabled()
    {
        var (store, accounts) = await StoresAsync();
        var (one, two) = (await accounts.AddUserAsync(), await accounts.AddUserAsync());
        await accounts.Users.UpdateAsync(one.Id, u => u with { Disabled = true }, default);
        Assert.True((await accounts.Users.FindAsync(one.Id, default))!.Disabled);
        Assert.True(Assert.Single(await store.UsersAsync(one.Username.ToUpperInvariant(), new UserId(long.MaxValue), 10, default)).Disabled);
        var page = await store.UsersAsync("u", new UserId(Math.Max(one.Id.Value, two.Id.Value) + 1), 2, default);
        Assert.Equal(page.OrderByDescending(u => u.Id.Value).Select(u => u.Id), page.Select(u => u.Id));
        Assert.Contains(page, u => u.Id == two.Id);
    }
}
