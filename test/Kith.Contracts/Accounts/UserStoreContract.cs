using Kith.Domain;
using Kith.Engine.Accounts;
using Xunit;
using static Kith.Contracts.Accounts.AccountFixture;

namespace Kith.Contracts.Accounts;

/// <summary>What every store of users keeps.</summary>
public abstract class UserStoreContract
{
    protected abstract ValueTask<AccountStores> StoresAsync();

    [Fact]
    public async Task A_user_is_read_back_whole_by_id_and_by_name_whatever_its_case()
    {
        var stores = await StoresAsync();
        var user = NewUser() with
        {
            GlobalName = "Ünï 👩‍👩‍👧", Avatar = "a_1", Banner = "b", AccentColor = 0xFFFFFF, Bio = "line\nline", Email = $"{NewName()}@example.org", Locale = "de",
        };
        Assert.NotNull((await stores.Credentials.CreateAsync(new NewAccount(user, null), Now, default)).User);
        var read = await stores.Users.FindAsync(user.Id, default);
        Assert.Equal(user, read! with { Admin = false });
        Assert.Equal(read, await stores.Users.FindByNameAsync(user.Username.ToUpperInvariant(), default));
        Assert.Null(await stores.Users.FindAsync(new UserId(1), default));
        Assert.Null(await stores.Users.FindByNameAsync("nobody.at.all", default));
    }

    [Fact]
    public async Task Many_are_found_at_once_without_those_that_do_not_exist()
    {
        var stores = await StoresAsync();
        List<UserId> ids = [new UserId(1)];
        for (var i = 0; i < 3; i++)
            ids.Add(await stores.AddAsync());
        Assert.Equal(ids[1..].ToHashSet(), (await stores.Users.FindManyAsync(ids, default)).Select(u => u.Id).ToHashSet());
        Assert.Empty(await stores.Users.FindManyAsync([], default));
        // More than fit into one statement.
        Assert.Equal(3, (await stores.Users.FindManyAsync([.. ids, .. Enumerable.Range(1, 3_000).Select(i => new UserId(i))], default)).Count);
    }

    [Fact]
    public async Task A_change_is_of_the_newest_state_so_changes_at_once_all_last()
    {
        var stores = await StoresAsync();
        var id = await stores.AddAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => stores.Users.UpdateAsync(id, u => u with { AccentColor = (u.AccentColor ?? 0) + 1 }, default)));
        Assert.Equal(20, (await stores.Users.FindAsync(id, default))!.AccentColor);
        var saved = await stores.Users.UpdateAsync(id, u => u with { GlobalName = "Name", Bio = null, AccentColor = null }, default);
        Assert.Equal(saved.User, await stores.Users.FindAsync(id, default));
        Assert.Null(saved.User!.AccentColor);
    }

    [Fact]
    public async Task A_name_or_address_that_another_has_is_not_taken_and_nothing_changes()
    {
        var stores = await StoresAsync();
        var (first, second) = (await stores.AddUserAsync(), await stores.AddUserAsync());
        var email = $"{NewName()}@Example.org";
        Assert.Equal(UserConflict.None, (await stores.Users.UpdateAsync(first.Id, u => u with { Email = email }, default)).Conflict);

        var name = await stores.Users.UpdateAsync(second.Id, u => u with { Username = first.Username.ToUpperInvariant(), Bio = "changed" }, default);
        Assert.Equal(new UserSaved(UserConflict.NameTaken, null), name);
        var address = await stores.Users.UpdateAsync(second.Id, u => u with { Email = email.ToUpperInvariant(), Bio = "changed" }, default);
        Assert.Equal(new UserSaved(UserConflict.EmailTaken, null), address);
        Assert.Equal(second, await stores.Users.FindAsync(second.Id, default));

        // One's own are no conflict.
        Assert.Equal(UserConflict.None, (await stores.Users.UpdateAsync(first.Id, u => u with { Username = u.Username.ToUpperInvariant() }, default)).Conflict);
        Assert.Equal(UserConflict.Gone, (await stores.Users.UpdateAsync(new UserId(1), u => u, default)).Conflict);
    }

    [Fact]
    public async Task A_name_wanted_by_many_at_once_goes_to_one()
    {
        var stores = await StoresAsync();
        var name = NewName();
        List<UserId> ids = [];
        for (var i = 0; i < 8; i++)
            ids.Add(await stores.AddAsync());
        var saved = await Task.WhenAll(ids.Select(id => stores.Users.UpdateAsync(id, u => u with { Username = name }, default)));
        var winner = Assert.Single(saved, s => s.User is not null);
        Assert.All(saved.Where(s => s != winner), s => Assert.Equal(UserConflict.NameTaken, s.Conflict));
        Assert.Equal(winner.User!.Id, (await stores.Users.FindByNameAsync(name, default))!.Id);
    }
}
