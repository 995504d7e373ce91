using Kith.Contracts.Accounts;
using Kith.Contracts.Guilds;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Push;

namespace Kith.Contracts.Push;

static class PushFixture
{
    /// <summary>A user with a login and a device, as stored.</summary>
    public static async Task<PushSubscription> AddDeviceAsync(this IPushSubscriptionStore store, AccountStores accounts, UserId? user = null, string service = "push.example.org")
    {
        var owner = user ?? await accounts.AddAsync();
        return await store.SaveAsync(New(owner, await accounts.AddSessionAsync(owner), service: service), 10, default);
    }

    public static async Task<AuthSessionId> AddSessionAsync(this AccountStores accounts, UserId user)
    {
        var session = AccountFixture.Session(user);
        await accounts.Sessions.AddAsync([session], default);
        return session.Id;
    }

    public static PushSubscription New(UserId user, AuthSessionId session, string? address = null, string service = "push.example.org")
    {
        var id = new PushSubscriptionId(GuildFixture.NextId());
        return new PushSubscription
        {
            Id = id, UserId = user, SessionId = session, Kind = PushKind.Web, Service = service, Address = address ?? $"https://{service}/{id}", PublicKey = [4, 1, 2], Secret = [3],
            CreatedAt = AccountFixture.Now,
        };
    }
}
