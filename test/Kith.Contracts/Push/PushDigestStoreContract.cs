using Kith.Contracts.Accounts;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Push;
using Xunit;

namespace Kith.Contracts.Push;

/// <summary>What every store of mails to be written promises.</summary>
public abstract class PushDigestStoreContract
{
    /// <summary>Far from the times of other tests: what is due is taken from all.</summary>
    static readonly DateTimeOffset Due = AccountFixture.Now.AddYears(-10);

    protected abstract ValueTask<(IPushDigestStore Store, AccountStores Accounts)> StoresAsync();

    [Fact]
    public async Task Who_misses_something_is_due_once_until_seen_again()
    {
        var (store, accounts) = await StoresAsync();
        var (user, without) = (await AddAsync(accounts), await accounts.AddAsync());
        await store.MissedAsync([user, without], Due, default);
        await store.MissedAsync([user], Due.AddHours(-5), default);
        Assert.DoesNotContain(user, await store.TakeDueAsync(Due.AddSeconds(-1), 100, default));
        var due = await store.TakeDueAsync(Due, 100, default);
        Assert.Contains(user, due);
        Assert.DoesNotContain(without, due);
        await store.MissedAsync([user], Due, default);
        Assert.DoesNotContain(user, await store.TakeDueAsync(Due, 100, default));
        await store.SeenAsync([user], default);
        await store.MissedAsync([user], Due, default);
        Assert.Contains(user, await store.TakeDueAsync(Due, 100, default));
        await store.PutBackAsync(user, Due.AddSeconds(1), default);
        Assert.DoesNotContain(user, await store.TakeDueAsync(Due, 100, default));
        Assert.Contains(user, await store.TakeDueAsync(Due.AddSeconds(1), 100, default));
    }

    static async Task<UserId> AddAsync(AccountStores accounts)
    {
        var user = AccountFixture.NewUser(email: $"{AccountFixture.NewName()}@example.org");
        await accounts.Credentials.CreateAsync(new NewAccount(user, "hash"), AccountFixture.Now, default);
        return user.Id;
    }
}
