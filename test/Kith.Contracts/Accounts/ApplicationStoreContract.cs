using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Bots;
using Xunit;
using static Kith.Contracts.Accounts.AccountFixture;

namespace Kith.Contracts.Accounts;

/// <summary>What every store of applications keeps.</summary>
public abstract class ApplicationStoreContract
{
    protected abstract ValueTask<AccountStores> StoresAsync();

    [Fact]
    public async Task An_application_its_bot_and_the_bots_session_are_made_together()
    {
        var stores = await StoresAsync();
        var owner = await stores.AddAsync();
        var (application, bot, session) = New(owner, NewName());
        Assert.Equal(new UserSaved(UserConflict.None, bot), await stores.Applications.CreateAsync(application, bot, session, default));
        Assert.Equal(application, await stores.Applications.FindAsync(application.Id, default));
        Assert.Equal(bot, await stores.Users.FindAsync(bot.Id, default));
        Assert.Equal(session, await stores.Sessions.FindAsync(session.Id, default));
        Assert.Null(await stores.Credentials.FindByLoginAsync(bot.Username, default));
        Assert.Null(await stores.Applications.FindAsync(new AppId(1), default));
    }

    [Fact]
    public async Task Where_the_bots_name_is_taken_nothing_is_made()
    {
        var stores = await StoresAsync();
        var taken = await stores.AddUserAsync();
        var (application, bot, session) = New(taken.Id, taken.Username.ToUpperInvariant());
        Assert.Equal(UserConflict.NameTaken, (await stores.Applications.CreateAsync(application, bot, session, default)).Conflict);
        Assert.Null(await stores.Applications.FindAsync(application.Id, default));
        Assert.Null(await stores.Sessions.FindAsync(session.Id, default));
    }

    [Fact]
    public async Task Applications_are_listed_by_owner()
    {
        var stores = await StoresAsync();
        var (owner, other) = (await stores.AddAsync(), await stores.AddAsync());
        List<ApplicationRecord> mine = [];
        foreach (var of in new[] { owner, other, owner })
        {
            var (application, bot, session) = New(of, NewName());
            await stores.Applications.CreateAsync(application, bot, session, default);
            if (of == owner) mine.Add(application);
        }

        Assert.Equal(mine, await stores.Applications.OfOwnerAsync(owner, default));
    }

    static (ApplicationRecord Application, UserRecord Bot, AuthSessionRecord Session) New(UserId owner, string name)
    {
        var bot = NewUser(name) with { Bot = true };
        return (new ApplicationRecord { Id = new AppId(bot.Id.Value), OwnerId = owner, Name = "Wetter ☂", Description = "…" }, bot, Session(bot.Id));
    }
}
