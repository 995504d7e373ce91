using Kith.Contracts.Guilds;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Bots;
using Kith.Engine.Channels;
using Kith.Engine.People;
using Kith.Engine.Preferences;
using Xunit;

namespace Kith.Contracts.Accounts;

/// <summary>The stores of people and what is between them, over one database.</summary>
public sealed record AccountStores(
    IUserStore Users, ICredentialStore Credentials, IAuthSessionStore Sessions, IRegistrationCodeStore Codes, IApplicationStore Applications, PeopleStores People);

public sealed record PeopleStores(IRelationshipStore Relationships, IFollowStore Follows, ISettingsStore Settings, IChannelStore Channels);

/// <summary>People for the contract suites: each test makes its own, so adapters may share one database among all tests.</summary>
static class AccountFixture
{
    public static readonly DateTimeOffset Now = GuildFixture.Now;

    public static string NewName() => $"u{GuildFixture.NextId()}";

    public static UserRecord NewUser(string? name = null, string? email = null) =>
        new() { Id = new UserId(GuildFixture.NextId()), Username = name ?? NewName(), Email = email };

    public static async Task<UserId> AddAsync(this AccountStores stores, string? passwordHash = "hash") =>
        (await stores.AddUserAsync(passwordHash)).Id;

    public static async Task<UserRecord> AddUserAsync(this AccountStores stores, string? passwordHash = "hash")
    {
        var saved = await stores.Credentials.CreateAsync(new NewAccount(NewUser(), passwordHash), Now, default);
        Assert.NotNull(saved.User);
        return saved.User;
    }

    public static AuthSessionRecord Session(UserId user) => new()
    {
        Id = new AuthSessionId(GuildFixture.NextId()), UserId = user, CreatedAt = Now, LastUsedAt = Now.AddHours(1), Address = "2001:db8::1", UserAgent = "Kith ✓",
    };
}
